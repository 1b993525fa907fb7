// Loops over the elements of a work-item.
#include "vectors.cl"

// `FOR_VECTORS(i, count)` runs for the first element `i` of each vector of this work-item;
// `FOR_CELLS(row, n, rows, columns)` does the same for a matrix, where each row begins with a new
// vector.
#if VECTOR == 16
#define FOR_VECTORS(i, count) \
  for (int i = ae_chunk(count, get_global_id(0), get_global_size(0)), \
           i##End = min((int)(count), ae_chunk(count, get_global_id(0) + 1, get_global_size(0))); \
       i < i##End; i += 16)
#define FOR_CELLS(row, n, rows, columns) \
  for (int row = (int)((long)(rows) * get_global_id(0) / get_global_size(0)), \
           row##End = (int)((long)(rows) * (get_global_id(0) + 1) / get_global_size(0)); \
       row < row##End; ++row) \
    for (int n = 0; n < (columns); n += 16)
#else
#define FOR_VECTORS(i, count) \
  for (int i = get_global_id(0); i < (count); i += get_global_size(0))
#define FOR_CELLS(row, n, rows, columns) \
  for (int cell = get_global_id(0); cell < (rows) * (columns); cell += get_global_size(0)) \
    for (int row = cell / (columns), n = cell - row * (columns), once = 1; once; once = 0)
#endif

// `FOR_PIXELS(n, i, j, c, …)` runs for each vector of channels of each pixel of images
// [N, H, W, C].
#if VECTOR == 16
#define FOR_PIXELS(n, i, j, c, images, height, width, channels) \
  for (int line = (int)((long)(images) * (height) * get_global_id(0) / get_global_size(0)), \
           lineEnd = \
             (int)((long)(images) * (height) * (get_global_id(0) + 1) / get_global_size(0)); \
       line < lineEnd; ++line) \
    for (int n = line / (height), i = line - n * (height), j = 0; j < (width); ++j) \
      for (int c = 0; c < (channels); c += 16)
#else
#define FOR_PIXELS(n, i, j, c, images, height, width, channels) \
  for (int cell = get_global_id(0); cell < (images) * (height) * (width) * (channels); \
       cell += get_global_size(0)) \
    for (int pixel = cell / (channels), c = cell - pixel * (channels), line = pixel / (width), \
             j = pixel - line * (width), n = line / (height), i = line - n * (height), once = 1; \
         once; once = 0)
#endif
