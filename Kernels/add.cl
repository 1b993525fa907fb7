// add: `y = a + b`.
//
// a, b, y: [count]. A work-item computes vectors of the result.
#include "loops.cl"

FLAT void add(
  IDS int count, __global const float *a, int a0, __global const float *b, int b0,
  __global float *y, int y0) {
  FOR_VECTORS(i, count) {
    ae_store(LOAD(a + a0 + i) + LOAD(b + b0 + i), y + y0 + i, count - i);
  }
}
