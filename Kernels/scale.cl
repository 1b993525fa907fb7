// scale: `y = factor · s · x`.
//
// x, y: [count]; s: one element. A work-item computes vectors of the result.
#include "loops.cl"

FLAT void scale(
  IDS int count, float factor, __global const float *x, int x0, __global const float *s, int s0,
  __global float *y, int y0) {
  const float total = factor * s[s0];
  FOR_VECTORS(i, count) { ae_store(total * LOAD(x + x0 + i), y + y0 + i, count - i); }
}
