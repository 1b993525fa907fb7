// gather: `y[r] = (scale · examples[order[row · stride + START + r]] − shift) · factor`, where `row` is
// the feed's step within the epoch; shift and factor only with SHIFT and FACTOR.
//
// examples: [all, columns], or for windows [series, ROW_SIZE], of EXAMPLE: uchar, float, half, or
// ushort for the upper halves of floats; order: [all]; shift, factor: [columns]; y: [rows, columns];
// state: the store's words. A work-item
// computes vectors of rows. On a CPU device it prefetches the following rows, which can be anywhere
// in memory. Because y shares no memory with other arguments, the order is read only once per row.
#include "loops.cl"
#include "state.cl"

#ifndef EXAMPLE
#define EXAMPLE float
#endif
/// Reads a vector of examples: 0 as numbers, 1 of binary16, which needs no extension, 2 of the upper
/// halves of floats.
#ifndef HALF
#define HALF 0
#endif
#if HALF == 2
#define LOAD_EXAMPLES(p) as_floatV(convert_uintV(LOAD(p)) << 16)
#elif HALF == 1 && VECTOR == 16
#define LOAD_EXAMPLES(p) vload_half16(0, (p))
#elif HALF == 1
#define LOAD_EXAMPLES(p) vload_half(0, (p))
#else
#define LOAD_EXAMPLES(p) convert_floatV(LOAD(p))
#endif
#ifndef FEED
#define FEED 0
#endif
/// The place of a rank's rows in the batch.
#ifndef START
#define START 0
#endif
#ifndef SHIFT
#define SHIFT 0
#endif
#ifndef FACTOR
#define FACTOR 0
#endif
/// Elements from one row of the examples to the next. A window of a series is longer: it begins at
/// one row and continues over the following rows.
#ifndef ROW_SIZE
#define ROW_SIZE columns
#endif
/// 0: the examples unchanged. 1: 0 for missing values, which are NaN. 2: 1 if the value exists, 0
/// if it is missing.
#ifndef PART
#define PART 0
#endif

/// Rows from the one that is read to the one that is prefetched.
#define AHEAD 4

FLAT void gather(
  IDS int rows, int columns, int stride, float scale, __global const EXAMPLE *examples,
  __global const int *order, __global const uint *state, __global const float *shift, int shift0,
  __global const float *factor, int factor0, __global float *restrict y, int y0) {
  const int first = state[STATE_ROW(FEED)] * stride + START;
  FOR_CELLS(row, n, rows, columns) {
    __global const EXAMPLE *x = examples + (size_t)order[first + row] * ROW_SIZE + n;
    ae_prefetch(examples + (size_t)order[first + min(row + AHEAD, rows - 1)] * ROW_SIZE + n);
#if PART == 2
    const floatV given = LOAD_EXAMPLES(x);
    const floatV value = given == given ? (floatV)(1.0f) : (floatV)(0.0f);
#else
    floatV value = scale * LOAD_EXAMPLES(x);
#if SHIFT
    value -= LOAD(shift + shift0 + n);
#endif
#if FACTOR
    value *= LOAD(factor + factor0 + n);
#endif
#if PART == 1
    value = value == value ? value : (floatV)(0.0f);
#endif
#endif
    ae_store(value, y + y0 + row * columns + n, columns - n);
  }
}
