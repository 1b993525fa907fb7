// noise: `y = x + mean + deviation · ε`, clipped to lower … upper if CLIPPED. Its gradient: `dx =
// dy` if y is strictly between the bounds, else 0.
//
// x, epsilon (ε), y, dy, dx: [count]. A work-item computes vectors of the result.
#include "loops.cl"

#ifndef CLIPPED
#define CLIPPED 0
#endif

FLAT void noise(
  IDS int count, float mean, float deviation, float lower, float upper, __global const float *x,
  int x0, __global const float *epsilon, int epsilon0, __global float *y, int y0) {
  FOR_VECTORS(i, count) {
    floatV value = LOAD(x + x0 + i) + mean + deviation * LOAD(epsilon + epsilon0 + i);
#if CLIPPED
    // NaN stays NaN.
    value = value < lower ? (floatV)(lower) : value;
    value = value > upper ? (floatV)(upper) : value;
#endif
    ae_store(value, y + y0 + i, count - i);
  }
}

FLAT void noise_gradient(
  IDS int count, float lower, float upper, __global const float *dy, int dy0,
  __global const float *y, int y0, __global float *dx, int dx0) {
  FOR_VECTORS(i, count) {
    const floatV at = LOAD(y + y0 + i);
    floatV value = LOAD(dy + dy0 + i);
    value = at > lower ? value : (floatV)(0.0f);
    value = at < upper ? value : (floatV)(0.0f);
    ae_store(value, dx + dx0 + i, count - i);
  }
}
