// conv2d: `y[n, i, j, o] = epilogue(Σ x[n, s·i + k − p, s·j + l − p, c] · w[k, l, c, o])`. The
// gradient of its images: `dx[n, h, w, c] = epilogue(Σ dy[n, i, j, o] · w[k, l, c, o])` over all i,
// k, j, l with `h = s·i + k − p` and `w = s·j + l − p`. The epilogue is the one in activations.cl.
//
// x, dx: [N, H, W, C]; w: [K, K, C, O]; y, dy: [N, H′, W′, O]; bias: [columns]; addend, operand:
// the result's shape. The columns of a result are its channels; L is the number of channels of its
// source.
//
// On CPU devices conv2d_tiles.cl and conv2d_narrow.cl compute both.
//
// On a GPU a group of 16 × 16 work-items computes TILE_M pixels of one phase × TILE_N columns, as
// in product.cl. With GRADIENT, dx is computed.
#include "operands.cl"

#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif
#ifndef GRADIENT
#define GRADIENT 0
#endif
#define DEPTH 16

#if VECTOR == 1

#define SIDE_M (TILE_M / 16)
#define SIDE_N (TILE_N / 16)

/// A group's third index is the phase; there is only one, except for the gradient. There a phase
/// (a, b) contains the results whose row + p and column + p have the remainders a and b modulo s;
/// only rows a, a + s, … and columns b, b + s, … of the window contribute to them. H, W, L: of the
/// source, x or dy; resultHeight, resultWidth, columns: of the result; taps: the largest number of
/// window rows that contribute to a result of one phase.
__kernel __attribute__((reqd_work_group_size(16, 16, 1))) void conv2d(
  int N, int H, int W, int L, int K, int stride, int taps, int top, int left, int resultHeight,
  int resultWidth, int columns, __global const float *x, int x0, __global const float *w, int w0,
  __global float *y, int y0 EPILOGUE_PARAMETERS) {
  __local float as[DEPTH][TILE_M + 1], bs[DEPTH][TILE_N + 1];
  const int lane = get_local_id(0), line = get_local_id(1), item = 16 * line + lane;
  const int n0 = TILE_N * get_group_id(0), m0 = TILE_M * get_group_id(1);
#if GRADIENT
  // The first row and column of the phase, and their numbers.
  const int a = get_group_id(2) / stride, b = get_group_id(2) % stride;
  const int firstRow = (a + stride - top % stride) % stride;
  const int firstColumn = (b + stride - left % stride) % stride;
  const int height = (resultHeight - firstRow + stride - 1) / stride;
  const int width = (resultWidth - firstColumn + stride - 1) / stride;
  const int step = stride;
#else
  const int firstRow = 0, firstColumn = 0, height = resultHeight, width = resultWidth, step = 1;
#endif
  const int M = N * height * width, depth = taps * taps * L;
  // A work-item loads the elements of SIDE_M pixels, always of the same ones: the beginnings of
  // their windows.
  int image[SIDE_M], down[SIDE_M], right[SIDE_M];
  float sums[SIDE_M][SIDE_N];
#pragma unroll
  for (int i = 0; i < SIDE_M; ++i) {
    const int m = clamp(m0 + item / DEPTH + 16 * i, 0, max(M - 1, 0));
    const int row = m / max(width, 1), n = row / max(height, 1);
    image[i] = x0 + n * H * W * L;
#if GRADIENT
    down[i] = (firstRow + (row - n * height) * stride + top) / stride;
    right[i] = (firstColumn + (m - row * width) * stride + left) / stride;
#else
    down[i] = (row - n * height) * stride - top;
    right[i] = (m - row * width) * stride - left;
#endif
#pragma unroll
    for (int j = 0; j < SIDE_N; ++j) sums[i][j] = 0.0f;
  }

  for (int k0 = 0; k0 < depth; k0 += DEPTH) {
    const int ka = k0 + item % DEPTH, tap = ka / L, channel = ka - tap * L;
    const int u = tap / taps, v = tap - u * taps;
#pragma unroll
    for (int i = 0; i < SIDE_M; ++i) {
      const int h = GRADIENT ? down[i] - u : down[i] + u;
      const int r = GRADIENT ? right[i] - v : right[i] + v;
      const int inside = ka < depth && h >= 0 && r >= 0 && h < H && r < W;
      as[item % DEPTH][item / DEPTH + 16 * i] =
        inside ? x[image[i] + (h * W + r) * L + channel] : 0.0f;
    }
    for (int e = item; e < TILE_N * DEPTH; e += 256) {
#if GRADIENT
      const int bn = e / DEPTH, bk = e % DEPTH, kb = k0 + bk, n = n0 + bn, at = kb / L;
      const int k = a + at / taps * stride, l = b + at % taps * stride;
      const int inside = n < columns && kb < depth && k < K && l < K;
      const int index = ((k * K + l) * columns + n) * L + kb % L;
#else
      const int bn = e % TILE_N, bk = e / TILE_N, kb = k0 + bk, n = n0 + bn;
      const int inside = n < columns && kb < depth;
      const int index = kb * columns + n;
#endif
      bs[bk][bn] = inside ? w[w0 + index] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int d = 0; d < DEPTH; ++d) {
      float rows[SIDE_M], cells[SIDE_N];
#pragma unroll
      for (int i = 0; i < SIDE_M; ++i) rows[i] = as[d][line + 16 * i];
#pragma unroll
      for (int j = 0; j < SIDE_N; ++j) cells[j] = bs[d][lane + 16 * j];
#pragma unroll
      for (int i = 0; i < SIDE_M; ++i) {
#pragma unroll
        for (int j = 0; j < SIDE_N; ++j) sums[i][j] = fma(rows[i], cells[j], sums[i][j]);
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

  for (int i = 0; i < SIDE_M; ++i) {
    const int m = m0 + line + 16 * i;
    if (m >= M) continue;
    const int row = m / width, n = row / height;
    const int resultRow = firstRow + (row - n * height) * step;
    const int resultColumn = firstColumn + (m - row * width) * step;
    const int pixel = (n * resultHeight + resultRow) * resultWidth + resultColumn;
    for (int j = 0; j < SIDE_N; ++j) {
      const int column = n0 + lane + 16 * j, index = pixel * columns + column;
      if (column < columns) {
        y[y0 + index] = ae_epilogue(
          sums[i][j], column, index, BIAS_AT, ADDEND_AT, OPERAND_AT);
      }
    }
  }
}

#endif
