// conv2d: `y[n, i, j, o] = epilogue(Σ x[n, s·i + k − p, s·j + l − p, c] · w[k, l, c, o])`. The
// gradient by its images: `dx[n, h, w, c] = epilogue(Σ dy[n, i, j, o] · w[k, l, c, o])` over all i,
// k, j, l with `h = s·i + k − p` and `w = s·j + l − p`. The epilogue is that of activations.cl.
//
// x, dx: [N, H, W, C]; w: [K, K, C, O]; y, dy: [N, H′, W′, O]; bias: [columns]; addend, operand: of
// the result's shape. A result's columns are its channels; those of its source are called L here.
//
// On a CPU device a work-item takes a share of the images. It copies each into a frame of zeros
// wide enough that no window leaves it, and sums over windows of TAPS × TAPS pixels, each of whose
// rows, L · TAPS elements, lies in one piece. The gradient is such a sum too: its results whose row
// and column plus p leave the same rest by s, a phase, see dy through a window of their own, with
// weights that `conv2d_pack` brings into order. `conv2d_tiles` computes tiles of ROWS pixels × 32
// columns in registers; where columns are few, `conv2d_narrow` sums over vectors of L instead.
//
// On a GPU a group of 16 × 16 work-items computes TILE_M pixels of one phase × TILE_N columns, as in
// product.cl. GRADIENT says that dx is computed.
#include "activations.cl"
#include "frames.cl"

#ifndef ROWS
#define ROWS 8
#endif
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

#if VECTOR == 16

/// Copies weights, element (k, l, channel, column) of which lies at `(k · K + l) · plane + channel ·
/// channelStep + column · columnStep`, to where element (phase, u, v, channel, column) lies at
/// `phase · phaseSize + u · rowStep + (v · L + channel) · newChannelStep + column · newColumnStep`.
/// Weights beyond the window are 0, and so is what a row has beyond its TAPS · L elements.
///
/// Of phase (a, b), tap u is window row `a + (taps − 1 − u) · phases`, or u if not FLIPPED. A
/// work-item copies rows (phase, u).
#ifndef FLIPPED
#define FLIPPED 0
#endif
FLAT void conv2d_pack(
  int K, int L, int columns, int phases, int taps, __global const float *w, int w0, int plane,
  int channelStep, int columnStep, __global float *packed, int packed0, int phaseSize, int rowStep,
  int rowEnd, int newChannelStep, int newColumnStep) {
  const int rows = phases * phases * taps;
  const int begin = rows * get_group_id(0) / get_num_groups(0);
  const int end = rows * (get_group_id(0) + 1) / get_num_groups(0);
  for (int row = begin; row < end; ++row) {
    const int phase = row / taps, u = row - phase * taps, a = phase / phases, b = phase % phases;
    const int k = FLIPPED ? a + (taps - 1 - u) * phases : u;
    __global float *to = packed + packed0 + phase * phaseSize + u * rowStep;
    for (int v = 0; v < taps; ++v) {
      const int l = FLIPPED ? b + (taps - 1 - v) * phases : v;
      const int inside = k < K && l < K;
      __global const float *from = w + w0 + (k * K + l) * plane;
      for (int channel = 0; channel < L; ++channel) {
        __global float *cell = to + (v * L + channel) * newChannelStep;
        for (int n = 0; n < columns; ++n) {
          cell[n * newColumnStep] =
            inside ? from[channel * channelStep + n * columnStep] : 0.0f;
        }
      }
    }
    for (int m = taps * L; m < rowEnd; ++m) {
      for (int n = 0; n < columns; ++n) to[m * newChannelStep + n * newColumnStep] = 0.0f;
    }
  }
}

// Every kernel's arguments: images and the size of each; the frame and where an image lies in it;
// windows begin `step` frame pixels apart for results `phases` apart, of which the first of phase a
// is the first h with `(h + shift) % phases = a`; a work-item's memory of `own` elements.
#define ARGUMENTS \
  int N, int height, int width, int L, int frameHeight, int frameWidth, int top, int left, \
    int taps, int step, int phases, int shiftTop, int shiftLeft, int resultHeight, \
    int resultWidth, int columns, int tableCount, int own, __global const float *x, int x0, \
    __global const float *w, int w0, __global float *y, int y0, __global const float *bias, \
    int bias0, __global const float *addend, int addend0, __global const float *operand, \
    int operand0, __global float *memory, int memory0

/// The first result of phase `a`, and how many there are.
static int ae_first_of_phase(int a, int shift, int phases, int length, int *count) {
  const int first = (a - shift % phases + phases) % phases;
  *count = first < length ? (length - 1 - first) / phases + 1 : 0;
  return first;
}

/// Of each result, phase after phase: where its window begins in the frame, and its pixel. A
/// phase's last result fills its last tile of `rows`.
static void ae_table(
  __global int *windows, __global int *pixels, int rows, int L, int frameWidth, int step,
  int phases, int shiftTop, int shiftLeft, int height, int width) {
  int q = 0;
  for (int a = 0; a < phases; ++a) {
    for (int b = 0; b < phases; ++b) {
      int lines, across;
      const int h0 = ae_first_of_phase(a, shiftTop, phases, height, &lines);
      const int w0 = ae_first_of_phase(b, shiftLeft, phases, width, &across);
      if (lines * across == 0) continue;
      const int i0 = (h0 + shiftTop) / phases, j0 = (w0 + shiftLeft) / phases;
      for (int i = 0; i < lines; ++i) {
        for (int j = 0; j < across; ++j) {
          windows[q] = ((i0 + i) * frameWidth + j0 + j) * step * L;
          pixels[q++] = (h0 + phases * i) * width + w0 + phases * j;
        }
      }
      for (; q % rows != 0; ++q) {
        windows[q] = windows[q - 1];
        pixels[q] = pixels[q - 1];
      }
    }
  }
}

#define EACH_ROW(i) _Pragma("unroll") for (int i = 0; i < ROWS; ++i)
#define EACH_VECTOR(j) _Pragma("unroll") for (int j = 0; j < 2; ++j) if (j < vectors)

/// ROWS results × (16 · vectors) columns from column n on.
static __attribute__((always_inline)) void tile(
  const int vectors, int n, int taps, int segment, int rowStep, int columns,
  __global const int *windows, __global const int *pixels, __global const float *frame,
  __global const float *w, __global float *y, __global const float *bias,
  __global const float *addend, __global const float *operand) {
  float16 sums[ROWS][2];
  int at[ROWS];
  EACH_ROW(i) {
    at[i] = windows[i];
    EACH_VECTOR(j) { sums[i][j] = (float16)(0.0f); }
  }
  for (int u = 0; u < taps; ++u) {
    for (int k = 0; k < segment; ++k) {
      float16 z[2];
      EACH_VECTOR(j) { z[j] = vload16(j, w + n); }
      w += columns;
      EACH_ROW(i) {
        const float16 x = (float16)(frame[at[i] + k]);
        EACH_VECTOR(j) { sums[i][j] = fma(x, z[j], sums[i][j]); }
      }
    }
    frame += rowStep;
  }
  // Through memory, so that the epilogue is compiled once and not for every register.
  float16 rows[ROWS][2];
  EACH_ROW(i) {
    EACH_VECTOR(j) { rows[i][j] = sums[i][j]; }
  }
#pragma nounroll
  for (int i = 0; i < ROWS; ++i) {
#pragma nounroll
    for (int j = 0; j < vectors; ++j) {
      const int column = n + 16 * j, index = pixels[i] * columns + column;
      const float16 value = ae_epilogue(rows[i][j], column, index, bias, addend, operand);
      ae_store(value, y + index, columns - column);
    }
  }
}

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void conv2d_tiles(ARGUMENTS) {
  const int group = get_group_id(0), groups = get_num_groups(0);
  __global int *windows = (__global int *)(memory + memory0 + group * own);
  __global int *pixels = windows + tableCount;
  __global float *frame = (__global float *)(pixels + tableCount);
  const int segment = taps * L, phaseSize = taps * segment * columns;
  const int resultCount = resultHeight * resultWidth * columns;
  ae_table(
    windows, pixels, ROWS, L, frameWidth, step, phases, shiftTop, shiftLeft, resultHeight,
    resultWidth);
  ae_clear(frame, frameHeight * frameWidth * L);
  const int end = (int)((long)N * (group + 1) / groups);
  for (int image = (int)((long)N * group / groups); image < end; ++image) {
    ae_frame(
      x + x0 + image * height * width * L, height, width, frame, frameHeight, frameWidth, top,
      left, L);
    const int base = image * resultCount;
    int q0 = 0;
    for (int phase = 0; phase < phases * phases; ++phase) {
      int lines, across;
      ae_first_of_phase(phase / phases, shiftTop, phases, resultHeight, &lines);
      ae_first_of_phase(phase % phases, shiftLeft, phases, resultWidth, &across);
      const int qEnd = q0 + (lines * across + ROWS - 1) / ROWS * ROWS;
      __global const float *weights = w + w0 + phase * phaseSize;
      for (int n = 0; n < columns; n += 32) {
        if (columns - n > 16) {
          for (int q = q0; q < qEnd; q += ROWS) {
            tile(
              2, n, taps, segment, frameWidth * L, columns, windows + q, pixels + q, frame,
              weights, y + y0 + base, bias + bias0, addend + addend0 + base,
              operand + operand0 + base);
          }
        } else {
          for (int q = q0; q < qEnd; q += ROWS) {
            tile(
              1, n, taps, segment, frameWidth * L, columns, windows + q, pixels + q, frame,
              weights, y + y0 + base, bias + bias0, addend + addend0 + base,
              operand + operand0 + base);
          }
        }
      }
      q0 = qEnd;
    }
  }
}

/// Weights packed [phase][column][u], each row of whole vectors.
__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void conv2d_narrow(ARGUMENTS) {
  const int group = get_group_id(0), groups = get_num_groups(0);
  __global int *windows = (__global int *)(memory + memory0 + group * own);
  __global int *pixels = windows + tableCount;
  __global float *frame = (__global float *)(pixels + tableCount);
  const int vectors = (taps * L - 1) / 16 + 1, rowStep = frameWidth * L;
  const int resultCount = resultHeight * resultWidth * columns;
  ae_table(
    windows, pixels, ROWS, L, frameWidth, step, phases, shiftTop, shiftLeft, resultHeight,
    resultWidth);
  // With a vector of zeros behind it: the last windows' vectors reach there.
  ae_clear(frame, frameHeight * frameWidth * L + 16);
  const int end = (int)((long)N * (group + 1) / groups);
  for (int image = (int)((long)N * group / groups); image < end; ++image) {
    ae_frame(
      x + x0 + image * height * width * L, height, width, frame, frameHeight, frameWidth, top,
      left, L);
    __global float *results = y + y0 + image * resultCount;
    int q0 = 0;
    for (int phase = 0; phase < phases * phases; ++phase) {
      int lines, across;
      ae_first_of_phase(phase / phases, shiftTop, phases, resultHeight, &lines);
      ae_first_of_phase(phase % phases, shiftLeft, phases, resultWidth, &across);
      const int qEnd = q0 + (lines * across + ROWS - 1) / ROWS * ROWS;
      for (int n = 0; n < columns; ++n) {
        __global const float *weights = w + w0 + (phase * columns + n) * taps * vectors * 16;
        for (int q = q0; q < qEnd; q += ROWS) {
          float16 sums[ROWS];
          EACH_ROW(i) { sums[i] = (float16)(0.0f); }
          for (int u = 0; u < taps; ++u) {
            for (int v = 0; v < vectors; ++v) {
              const float16 z = vload16(u * vectors + v, weights);
              __global const float *from = frame + u * rowStep + 16 * v;
              EACH_ROW(i) { sums[i] = fma(z, vload16(0, from + windows[q + i]), sums[i]); }
            }
          }
          EACH_ROW(i) {
#if BIAS
            results[pixels[q + i] * columns + n] = ae_sum(sums[i]) + bias[bias0 + n];
#else
            results[pixels[q + i] * columns + n] = ae_sum(sums[i]);
#endif
          }
        }
      }
      q0 = qEnd;
    }
#if ADDEND || ACTIVATION || DERIVATIVE
    const int base = image * resultCount;
    for (int e = 0; e < resultCount; e += 16) {
      const float16 value = ae_after_bias(
        vload16(0, results + e), e, addend + addend0 + base, operand + operand0 + base);
      ae_store(value, results + e, resultCount - e);
    }
#endif
  }
}

#else

#define SIDE_M (TILE_M / 16)
#define SIDE_N (TILE_N / 16)

/// A group's third index is the phase, one but for the gradient: there the results whose row and column plus p
/// leave the rests a and b by s, and of the window only rows a, a + s, … and columns b, b + s, … reach them.
/// H, W, L: of the source, x or dy; resultHeight, resultWidth, columns: of the result; taps: rows of the
/// window that a result of one phase sees, at most.
__kernel __attribute__((reqd_work_group_size(16, 16, 1))) void conv2d(
  int N, int H, int W, int L, int K, int stride, int taps, int top, int left, int resultHeight,
  int resultWidth, int columns, __global const float *x, int x0, __global const float *w, int w0,
  __global float *y, int y0, __global const float *bias, int bias0, __global const float *addend,
  int addend0, __global const float *operand, int operand0) {
  __local float as[DEPTH][TILE_M + 1], bs[DEPTH][TILE_N + 1];
  const int lane = get_local_id(0), line = get_local_id(1), item = 16 * line + lane;
  const int n0 = TILE_N * get_group_id(0), m0 = TILE_M * get_group_id(1);
#if GRADIENT
  // The first row and column of the phase, and how many there are.
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
  // A work-item loads SIDE_M pixels' elements, always of the same pixels: where their window begins.
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
          sums[i][j], column, index, bias + bias0, addend + addend0, operand + operand0);
      }
    }
  }
}

#endif
