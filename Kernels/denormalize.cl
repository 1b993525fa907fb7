// denormalize: `y[r] = x[r] / factor + shift`, with FACTOR and SHIFT; without them the factor is 1,
// the shift 0.
//
// x, y: [rows, columns]; shift, factor: [columns]. A work-item computes vectors of rows.
#include "loops.cl"

#ifndef SHIFT
#define SHIFT 0
#endif
#ifndef FACTOR
#define FACTOR 0
#endif

FLAT void denormalize(
  int rows, int columns, __global const float *x, int x0, __global const float *shift, int shift0,
  __global const float *factor, int factor0, __global float *y, int y0) {
  FOR_CELLS(row, n, rows, columns) {
    floatV value = LOAD(x + x0 + row * columns + n);
#if FACTOR
    value /= LOAD(factor + factor0 + n);
#endif
#if SHIFT
    value += LOAD(shift + shift0 + n);
#endif
    ae_store(value, y + y0 + row * columns + n, columns - n);
  }
}
