// Shared code of the recurrent layers. A few rows of a batch run through all steps independently,
// so threads do not wait for each other, and the state stays in the cache. Each element's sum over
// the previous state is added in order, independent of which rows are processed together.

#ifndef CLOOPS_RECURRENT_H
#define CLOOPS_RECURRENT_H

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "lanes.h"
#include "parallel.h"

/// The largest number of rows per pass, with four sums of lanes each.
enum { RECURRENT_ROWS = 6 };

/// Bytes of `width` floats; for LANES of them, one instruction copies a vector.
#define BYTES(width) ((size_t)(width) * sizeof(float))

/// `sums[r][p] += Σ x[r · stride + k] · w[k · columns + p · step]` over `k < count`.
INLINE void add_products(
  const intptr_t rows, const intptr_t parts, const float *x, intptr_t stride, intptr_t count,
  const float *w, intptr_t columns, intptr_t step, intptr_t width, lanes sums[][4]
) {
  for (intptr_t k = 0; k < count; ++k) {
    lanes weights[4] = {0};
    EACH(p, parts) memcpy(&weights[p], w + k * columns + p * step, BYTES(width));
    EACH(r, rows) {
      EACH(p, parts) sums[r][p] += x[r * stride + k] * weights[p];
    }
  }
}

/// `y[r · y_stride + j] = Σ x[r · x_stride + k] · w[k · columns + j]`, `count` terms, `columns`
/// results per row.
INLINE void multiply_rows(
  const intptr_t rows, const float *x, intptr_t x_stride, intptr_t count, const float *w,
  intptr_t columns, float *y, intptr_t y_stride
) {
  intptr_t j = 0;
  for (; j + 4 * LANES <= columns; j += 4 * LANES) {
    lanes sums[RECURRENT_ROWS][4] = {0};
    add_products(rows, 4, x, x_stride, count, w + j, columns, LANES, LANES, sums);
    EACH(r, rows) memcpy(y + r * y_stride + j, sums[r], sizeof sums[r]);
  }
  for (; j < columns; j += LANES) {
    const intptr_t width = columns - j < LANES ? columns - j : LANES;
    lanes sums[RECURRENT_ROWS][4] = {0};
    if (width == LANES) {
      add_products(rows, 1, x, x_stride, count, w + j, columns, 0, LANES, sums);
    } else {
      add_products(rows, 1, x, x_stride, count, w + j, columns, 0, width, sums);
    }
    EACH(r, rows) memcpy(y + r * y_stride + j, sums[r], BYTES(width));
  }
}

/// Runs `body(rows, first)` over `begin..<end` with a constant `rows`.
#define OVER_ROWS(begin, end, body)                                                 \
  {                                                                                 \
    intptr_t first = (begin);                                                       \
    for (; first + RECURRENT_ROWS <= (end); first += RECURRENT_ROWS) {              \
      body(RECURRENT_ROWS, first);                                                  \
    }                                                                               \
    for (; first + 2 <= (end); first += 2) body(2, first);                          \
    if (first < (end)) body(1, first);                                              \
  }

/// `transposed[c, r] = x[r, c]`, `x` `[rows, columns]`.
INLINE void transpose(const float *x, float *transposed, intptr_t rows, intptr_t columns) {
  for (intptr_t r = 0; r < rows; ++r) {
    for (intptr_t c = 0; c < columns; ++c) transposed[c * rows + r] = x[r * columns + c];
  }
}

/// The number of rows, with this many products each, for which a second thread is worth its cost.
INLINE intptr_t recurrent_grain(intptr_t products) {
  return 16 * LOOPS_GRAIN_CHEAP / (products + 1) + 1;
}

#endif
