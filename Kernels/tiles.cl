// Register tiles of ROWS × 32 sums of a product on CPU devices, and packed panels of op(B).
#include "operands.cl"
#include "panels.cl"

#ifndef TRANSPOSE_A
#define TRANSPOSE_A 0
#endif
#ifndef TRANSPOSE_B
#define TRANSPOSE_B 0
#endif
#ifndef ROWS
#define ROWS 8
#endif

#if VECTOR == 16

/// Rows `i` of 16 and `i + 8` become rows `2i` and `2i + 1` with their elements alternating; four
/// such steps are a transpose.
static void ae_interleave(const float16 *x, float16 *y) {
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    y[2 * i].even = x[i].lo;
    y[2 * i].odd = x[i + 8].lo;
    y[2 * i + 1].even = x[i].hi;
    y[2 * i + 1].odd = x[i + 8].hi;
  }
}

/// Copies columns n … n + 16 · vectors and rows first … end of op(B) to `panel`,
/// `[end - first, 32]`.
static void ae_pack(
  int vectors, int n, int N, int K, int first, int end, __global const float *b,
  __global float *panel) {
  panel -= 32 * first;
#if TRANSPOSE_B
  for (int j = 0; j < vectors; ++j) {
    for (int k = first; k < end; k += 16) {
      float16 x[16], y[16];
#pragma unroll
      for (int i = 0; i < 16; ++i) x[i] = vload16(0, b + min(n + 16 * j + i, N - 1) * K + k);
      ae_interleave(x, y);
      ae_interleave(y, x);
      ae_interleave(x, y);
      ae_interleave(y, x);
#pragma unroll
      for (int i = 0; i < 16; ++i) vstore16(x[i], j, panel + 32 * (k + i));
    }
  }
#else
  for (int k = first; k < end; ++k) {
    for (int j = 0; j < vectors; ++j) vstore16(vload16(j, b + k * N + n), j, panel + 32 * k);
  }
#endif
}

/// Whether an epilogue is short enough to be compiled for every register of a whole tile.
#define IS_SHORT_EPILOGUE \
  (!LOSS && ACTIVATION <= 1 && (DERIVATIVE <= 1 || DERIVATIVE == 7 || DERIVATIVE == 8))
#define EACH_ROW(i) _Pragma("unroll") for (int i = 0; i < ROWS; ++i)

/// Stores ROWS × (16 · vectors) complete sums from row m and column n; rows before `from` belong to
/// another tile.
static __attribute__((always_inline)) void ae_finish_tile(
  const int vectors, float16 (*sums)[2], int m, int from, int n, int M, int N,
  __global float *c, __global const float *bias, __global const float *addend,
  __global const float *operand, ae_Loss *loss) {
#if IS_SHORT_EPILOGUE
  if (from <= m && N - n >= 16 * vectors) {
    EACH_ROW(i) {
      EACH_VECTOR(j) {
        const int column = n + 16 * j, index = (m + i) * N + column;
        STORE(ae_epilogue(sums[i][j], column, index, bias, addend, operand), c + index);
      }
    }
    return;
  }
#endif
  // Through memory, so that the epilogue is compiled only once, not for every register.
  float16 rows[ROWS][2];
  EACH_ROW(i) {
    EACH_VECTOR(j) { rows[i][j] = sums[i][j]; }
  }
#pragma nounroll
  for (int i = max(from - m, 0); i < ROWS; ++i) {
#pragma nounroll
    for (int j = 0; j < vectors; ++j) {
      const int column = n + 16 * j, index = (m + i) * N + column;
      float16 value = ae_epilogue(rows[i][j], column, index, bias, addend, operand);
#if LOSS
      value = ae_judge(value, index, N - column, loss);
#endif
#if LOSS != 1
      ae_store(value, c + index, N - column);
#endif
    }
  }
}

#endif
