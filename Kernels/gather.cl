// gather: `y[r] = (scale · examples[order[row · stride + r]] − shift) · factor`, with `row` the
// feed's step within the epoch; shift and factor where SHIFT and FACTOR say so.
//
// examples: [all, columns], EXAMPLE (uchar or float), or of windows [series, ROW_SIZE]; order: [all];
// shift, factor: [columns]; y: [rows, columns]; state: the store's words. A work-item computes
// vectors of rows. On a CPU device it asks for the rows ahead, which lie anywhere and which no
// prefetcher could guess. That y is nothing else's memory lets the order be read once a row.
#include "loops.cl"
#include "state.cl"

#ifndef EXAMPLE
#define EXAMPLE float
#endif
#ifndef FEED
#define FEED 0
#endif
#ifndef SHIFT
#define SHIFT 0
#endif
#ifndef FACTOR
#define FACTOR 0
#endif
/// Elements from one row of the examples to the next. Windows of a series are longer: they begin at a
/// row each and go on over those behind it.
#ifndef ROW_SIZE
#define ROW_SIZE columns
#endif
/// 0: the examples as they are. 1: 0 where a value is missing, which is NaN. 2: 1 where there is a
/// value, 0 where it is missing.
#ifndef PART
#define PART 0
#endif

/// Rows between the one that is asked for and the one that is read.
#define AHEAD 4
// Not where SPIR-V is made of this: it has no such instruction.
#if VECTOR == 16 && defined(__has_builtin) && !defined(__SPIR__) && !defined(__SPIRV__)
#if __has_builtin(__builtin_prefetch)
#define ae_prefetch(x) __builtin_prefetch(x)
#endif
#endif
#ifndef ae_prefetch
#define ae_prefetch(x)
#endif

FLAT void gather(
  IDS int rows, int columns, int stride, float scale, __global const EXAMPLE *examples,
  __global const int *order, __global const uint *state, __global const float *shift, int shift0,
  __global const float *factor, int factor0, __global float *restrict y, int y0) {
  const int first = state[STATE_ROW(FEED)] * stride;
  FOR_CELLS(row, n, rows, columns) {
    __global const EXAMPLE *x = examples + (size_t)order[first + row] * ROW_SIZE + n;
    ae_prefetch(examples + (size_t)order[first + min(row + AHEAD, rows - 1)] * ROW_SIZE + n);
#if PART == 2
    const floatV given = convert_floatV(LOAD(x));
    const floatV value = given == given ? (floatV)(1.0f) : (floatV)(0.0f);
#else
    floatV value = scale * convert_floatV(LOAD(x));
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
