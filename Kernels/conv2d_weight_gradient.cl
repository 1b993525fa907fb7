// conv2d_weight_gradient: `dw[k, l, c, o] = epilogue(Σ x[n, s·i + k − p, s·j + l − p, c] · dy[n, i,
// j, o])` over n, i, j. The epilogue is the one in activations.cl.
//
// x: [N, H, W, C]; dy: [N, H′, W′, O]; dw: [K, K, C, O]. The sum is divided into parts, which are
// written to `sums`; conv2d_weight_gradient_finish.cl adds them up, always in the same order.
//
// On a CPU device a work-item processes a part of the images and copies each into a frame of zeros,
// as in conv2d_windows.cl, so that a row of a window is `segment` = K · C contiguous elements.
// `conv2d_weight_gradient` keeps KROWS · ROWS elements of windows × 32 outputs in registers over
// all pixels of an image; its sums are [K, rowEnd, outputEnd]. For few outputs,
// `conv2d_weight_gradient_narrow` keeps KROWS × ROWS vectors of a window's rows for one output; its
// sums are [O, K, rowEnd]. rowEnd and outputEnd are multiples of a tile.
//
// On a GPU a group of 16 × 16 work-items computes a square of TILE × TILE elements of dw, [K K C,
// O], over a part of the pixels, as in product.cl.
#include "frames.cl"

#ifndef ROWS
#define ROWS 12
#endif
#ifndef KROWS
#define KROWS 1
#endif
#ifndef TILE
#define TILE 64
#endif
#define DEPTH 16

#if VECTOR == 16

#define ARGUMENTS \
  int N, int height, int width, int C, int frameHeight, int frameWidth, int top, int left, int K, \
    int stride, int resultHeight, int resultWidth, int O, int rowEnd, int outputEnd, int own, \
    __global const float *x, int x0, __global const float *dy, int dy0, __global float *sums, \
    int sums0, __global float *memory, int memory0
#define EACH_ROW(r, i) \
  _Pragma("unroll") for (int r = 0; r < KROWS; ++r) _Pragma("unroll") for (int i = 0; i < ROWS; ++i)
#define EACH_VECTOR(j) _Pragma("unroll") for (int j = 0; j < 2; ++j) if (j < vectors)

/// Adds the part of one image to KROWS · ROWS elements from `frame` × (16 · vectors) outputs.
static __attribute__((always_inline)) void tile(
  const int vectors, __global const float *frame, int lineStep, int pixelStep, int rowStep,
  __global const float *dy, int height, int width, int O, __global float *sums, int sumRowStep,
  int sumStep) {
  float16 parts[KROWS][ROWS][2];
  EACH_ROW(r, i) {
    EACH_VECTOR(j) { parts[r][i][j] = (float16)(0.0f); }
  }
  for (int line = 0; line < height; ++line) {
    __global const float *x = frame + line * lineStep;
    for (int pixel = 0; pixel < width; ++pixel) {
      float16 z[2];
      EACH_VECTOR(j) { z[j] = vload16(j, dy); }
      EACH_ROW(r, i) {
        const float16 a = (float16)(x[r * rowStep + i]);
        EACH_VECTOR(j) { parts[r][i][j] = fma(a, z[j], parts[r][i][j]); }
      }
      dy += O;
      x += pixelStep;
    }
  }
  EACH_ROW(r, i) {
    EACH_VECTOR(j) {
      __global float *sum = sums + r * sumRowStep + i * sumStep;
      vstore16(vload16(j, sum) + parts[r][i][j], j, sum);
    }
  }
}

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void conv2d_weight_gradient(ARGUMENTS) {
  const int group = get_group_id(0), groups = get_num_groups(0), segment = K * C;
  __global float *frame = memory + memory0 + group * own;
  __global float *ownSums = sums + sums0 + group * K * rowEnd * outputEnd;
  ae_clear(ownSums, K * rowEnd * outputEnd);
  // Followed by zeros, because the last tile of a row extends beyond the frame.
  ae_clear(frame, frameHeight * frameWidth * C + ROWS);
  const int end = (int)((long)N * (group + 1) / groups), rowStep = frameWidth * C;
  for (int image = (int)((long)N * group / groups); image < end; ++image) {
    ae_frame(
      x + x0 + image * height * width * C, height, width, frame, frameHeight, frameWidth, top,
      left, C);
    __global const float *d = dy + dy0 + image * resultHeight * resultWidth * O;
    for (int o = 0; o < O; o += 32) {
      for (int k = 0; k < K; k += KROWS) {
        for (int m = 0; m < segment; m += ROWS) {
          __global const float *from = frame + k * rowStep + m;
          __global float *to = ownSums + (k * rowEnd + m) * outputEnd + o;
          if (O - o > 16) {
            tile(
              2, from, stride * rowStep, stride * C, rowStep, d + o, resultHeight, resultWidth, O,
              to, rowEnd * outputEnd, outputEnd);
          } else {
            tile(
              1, from, stride * rowStep, stride * C, rowStep, d + o, resultHeight, resultWidth, O,
              to, rowEnd * outputEnd, outputEnd);
          }
        }
      }
    }
  }
}

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void conv2d_weight_gradient_narrow(
  ARGUMENTS) {
  const int group = get_group_id(0), groups = get_num_groups(0);
  __global float *frame = memory + memory0 + group * own;
  __global float *ownSums = sums + sums0 + group * O * K * rowEnd;
  ae_clear(ownSums, O * K * rowEnd);
  ae_clear(frame, frameHeight * frameWidth * C + 16 * ROWS);
  const int end = (int)((long)N * (group + 1) / groups), rowStep = frameWidth * C;
  for (int image = (int)((long)N * group / groups); image < end; ++image) {
    ae_frame(
      x + x0 + image * height * width * C, height, width, frame, frameHeight, frameWidth, top,
      left, C);
    for (int o = 0; o < O; ++o) {
      for (int k = 0; k < K; k += KROWS) {
        for (int m = 0; m < rowEnd; m += 16 * ROWS) {
          float16 parts[KROWS][ROWS];
          EACH_ROW(r, i) { parts[r][i] = (float16)(0.0f); }
          __global const float *d = dy + dy0 + image * resultHeight * resultWidth * O + o;
          for (int line = 0; line < resultHeight; ++line) {
            __global const float *from = frame + (line * stride + k) * rowStep + m;
            for (int pixel = 0; pixel < resultWidth; ++pixel) {
              const float16 z = (float16)(*d);
              EACH_ROW(r, i) {
                parts[r][i] = fma(vload16(i, from + r * rowStep), z, parts[r][i]);
              }
              d += O;
              from += stride * C;
            }
          }
          __global float *to = ownSums + (o * K + k) * rowEnd + m;
          EACH_ROW(r, i) {
            vstore16(vload16(i, to + r * rowEnd) + parts[r][i], i, to + r * rowEnd);
          }
        }
      }
    }
  }
}

#else

#define SIDE (TILE / 16)

__kernel __attribute__((reqd_work_group_size(16, 16, 1))) void conv2d_weight_gradient(
  int N, int H, int W, int C, int K, int stride, int top, int left, int resultHeight,
  int resultWidth, int O, __global const float *x, int x0, __global const float *dy, int dy0,
  __global float *sums, int sums0) {
  __local float as[DEPTH][TILE + 1], bs[DEPTH][TILE + 1];
  const int lane = get_local_id(0), line = get_local_id(1), item = 16 * line + lane;
  const int n0 = TILE * get_group_id(0), m0 = TILE * get_group_id(1);
  const int share = get_group_id(2), shares = get_num_groups(2);
  const int M = K * K * C, pixels = N * resultHeight * resultWidth;
  const int begin = (int)((long)pixels * share / shares);
  const int end = (int)((long)pixels * (share + 1) / shares);
  // A work-item loads elements of only one tap and channel: TILE divides 256.
  const int m = min(m0 + item % TILE, M - 1), tap = m / C, channel = m - tap * C;
  const int down = tap / K - top, right = tap - tap / K * K - left;
  float parts[SIDE][SIDE];
#pragma unroll
  for (int i = 0; i < SIDE; ++i) {
#pragma unroll
    for (int j = 0; j < SIDE; ++j) parts[i][j] = 0.0f;
  }

  for (int k0 = begin; k0 < end; k0 += DEPTH) {
    for (int e = item; e < TILE * DEPTH; e += 256) {
      const int am = e % TILE, ak = e / TILE, k = k0 + ak;
      const int row = k / resultWidth, n = row / resultHeight;
      const int h = (row - n * resultHeight) * stride + down;
      const int w = (k - row * resultWidth) * stride + right;
      const int inside = k < end && h >= 0 && w >= 0 && h < H && w < W;
      as[ak][am] = inside ? x[x0 + ((n * H + h) * W + w) * C + channel] : 0.0f;
      const int o = n0 + am;
      bs[ak][am] = o < O && k < end ? dy[dy0 + k * O + o] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int d = 0; d < DEPTH; ++d) {
      float u[SIDE], v[SIDE];
#pragma unroll
      for (int i = 0; i < SIDE; ++i) {
        u[i] = as[d][line + 16 * i];
        v[i] = bs[d][lane + 16 * i];
      }
#pragma unroll
      for (int i = 0; i < SIDE; ++i) {
#pragma unroll
        for (int j = 0; j < SIDE; ++j) parts[i][j] = fma(u[i], v[j], parts[i][j]);
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

  for (int i = 0; i < SIDE; ++i) {
    for (int j = 0; j < SIDE; ++j) {
      const int row = m0 + line + 16 * i, o = n0 + lane + 16 * j;
      if (row < M && o < O) sums[sums0 + (share * M + row) * O + o] = parts[i][j];
    }
  }
}

#endif
