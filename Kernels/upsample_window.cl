// upsample_window: `v[m, n, b, a] = Σ w[t + last − m, u + last − n, a, b]` over t, u below FACTOR,
// if the pixel of w exists: the window of a transposed convolution with the same result as a
// convolution with w of the images at FACTOR times their height and width. The adjoint is the same
// sum.
//
// w: [size, size, A, B]; v: [resultSize, resultSize, B, A]; last: the smaller size minus 1. A
// work-item computes vectors of rows of v.
#include "loops.cl"

#ifndef FACTOR
#define FACTOR 2
#endif

FLAT void upsample_window(
  int size, int resultSize, int last, int A, int B, __global const float *w, int w0,
  __global float *v, int v0) {
  FOR_CELLS(row, a, resultSize * resultSize * B, A) {
    const int pixel = row / B, b = row - pixel * B;
    const int top = last - pixel / resultSize, left = last - pixel % resultSize;
    float sums[VECTOR];
    for (int lane = 0; lane < VECTOR; ++lane) sums[lane] = 0.0f;
    for (int h = max(top, 0); h < min(top + FACTOR, size); ++h) {
      for (int l = max(left, 0); l < min(left + FACTOR, size); ++l) {
        __global const float *from = w + w0 + ((h * size + l) * A + a) * B + b;
        for (int lane = 0; lane < min(VECTOR, A - a); ++lane) sums[lane] += from[lane * B];
      }
    }
    ae_store(LOAD(sums), v + v0 + row * A + a, A - a);
  }
}
