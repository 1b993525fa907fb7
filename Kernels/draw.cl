// The numbering of the random words of a matrix, rows × columns, four words per block.
//
// NUMBERED 0: all elements are one row, whose step is the feed's. 1: row r has a separate step:
// `first + stride · row + r / draws`, where `row` is the feed's step within the epoch and `first` the
// number of the first example in memory; if NUMBERED is 3, also the feed's step plus `r % draws` in its
// high half. 2: the feed's step plus r. 4: as 0, and a work-item processes a part of the rows.
//
// DRAW_PARAMETERS follow another parameter. FOR_BLOCKS runs for the first block of each vector of
// blocks of this work-item; if rows are numbered, each begins with a new vector. Elements
// DRAW_BEGIN … DRAW_END of the row are drawn: all of them, or for 4 those of the part, which may
// begin within a block. FIRST, for NUMBERED 0 and 4: the number of the first element, if the tensor is
// a part of a larger one; element e is then e − SKIP from the start of the tensor.
#include "loops.cl"
#include "philox.cl"
#include "state.cl"

#ifndef NUMBERED
#define NUMBERED 0
#endif
#ifndef FEED
#define FEED 0
#endif

#ifndef FIRST
#define FIRST 0
#endif
/// Elements of the first block that are not drawn.
#define SKIP (FIRST % 4)

#if NUMBERED == 4
#define DRAW_BEGIN (SKIP + (int)((long)rows * get_global_id(0) / get_global_size(0)) * columns)
#define DRAW_END (SKIP + (int)((long)rows * (get_global_id(0) + 1) / get_global_size(0)) * columns)
#define DRAW_PARAMETERS \
  , int rows, int columns, uint key0, uint key1, uint stream, __global const uint *state
#define FOR_BLOCKS(row, block) \
  for (int row = 0; row < 1; ++row) \
    for (int block = DRAW_BEGIN / 4, block##End = DRAW_END; 4 * block < block##End; \
         block += VECTOR)
#define DRAW {1, 1, key0, key1, stream, state}
#elif NUMBERED
#define DRAW_PARAMETERS \
  , int rows, int columns, int stride, int draws, uint key0, uint key1, uint stream, \
    __global const uint *state
#define FOR_BLOCKS(row, block) FOR_CELLS(row, block, rows, (columns - 1) / 4 + 1)
#define DRAW {stride, draws, key0, key1, stream, state}
#else
#define DRAW_PARAMETERS \
  , int columns, uint key0, uint key1, uint stream, __global const uint *state
#define FOR_BLOCKS(row, block) \
  for (int row = 0; row < 1; ++row) FOR_VECTORS(block, (SKIP + columns - 1) / 4 + 1)
#define DRAW {1, 1, key0, key1, stream, state}
#endif
#ifndef DRAW_BEGIN
#define DRAW_BEGIN SKIP
#define DRAW_END (SKIP + columns)
#endif

typedef struct {
  int stride, draws;
  uint key0, key1, stream;
  __global const uint *state;
} ae_Draw;

/// Words `x[0…3]` of the vector of blocks that begins with `block` of `row`.
static void ae_draw(const ae_Draw *draw, int row, int block, uintV *x) {
  uint low = draw->state[STATE_STEP_LOW(FEED)], high = draw->state[STATE_STEP_HIGH(FEED)];
#if NUMBERED == 1 || NUMBERED == 3
  const ulong first = (ulong)draw->state[STATE_ROW(FEED)] * draw->stride
    + draw->state[STATE_FIRST(FEED)] + row / draw->draws;
  high = (uint)(first >> 32) + (NUMBERED == 3 ? low + row % draw->draws : 0);
  low = (uint)first;
#elif NUMBERED == 2
  const uint own = low + row;
  high += own < low ? 1 : 0;
  low = own;
#endif
  x[0] = convert_uintV(FIRST / 4 + block + LANES);
  x[1] = (uintV)(low);
  x[2] = (uintV)(high);
  x[3] = (uintV)(draw->stream);
  ae_philox(x, draw->key0, draw->key1);
}

#if VECTOR == 16
/// Part 0 to 3 of the words in the order of their blocks, in two steps of two operands, which are an
/// instruction each.
static __attribute__((always_inline)) uint16 ae_interleaved(const uint16 *words, int part) {
  uint16 first, second;
  first.even = part < 2 ? words[0].lo : words[0].hi;
  first.odd = part < 2 ? words[1].lo : words[1].hi;
  second.even = part < 2 ? words[2].lo : words[2].hi;
  second.odd = part < 2 ? words[3].lo : words[3].hi;
  const ulong8 a = as_ulong8(first), b = as_ulong8(second);
  ulong8 joined;
  joined.even = part % 2 == 0 ? a.lo : a.hi;
  joined.odd = part % 2 == 0 ? b.lo : b.hi;
  return as_uint16(joined);
}

/// Stores the elements from index `first` (if it is above 0) among the first `valid`.
static void ae_store_from(int first, float16 value, __global float *p, int valid) {
  if (first <= 0) {
    ae_store(value, p, valid);
  } else {
    float lanes[16];
    vstore16(value, 0, lanes);
    for (int lane = first; lane < min(valid, 16); ++lane) p[lane] = lanes[lane];
  }
}
#endif
