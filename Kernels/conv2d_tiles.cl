// conv2d_tiles: the sums of conv2d.cl over windows on a CPU device, in tiles of ROWS pixels × 32
// columns in registers; WIDE and NARROW are explained in panels.cl.
#include "conv2d_windows.cl"
#include "panels.cl"

#if VECTOR == 16

/// ROWS results × (16 · vectors) columns from column n.
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
  // Through memory, so that the epilogue is compiled only once, not for every register.
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
        for (int q = q0; q < qEnd; q += ROWS) {
          if (IS_WIDE(columns - n)) {
            tile(
              2, n, taps, segment, frameWidth * L, columns, windows + q, pixels + q, frame,
              weights, y + y0 + base, BIAS_AT, ADDEND_AT + base, OPERAND_AT + base);
          } else if (NARROW) {
            tile(
              1, n, taps, segment, frameWidth * L, columns, windows + q, pixels + q, frame,
              weights, y + y0 + base, BIAS_AT, ADDEND_AT + base, OPERAND_AT + base);
          }
        }
      }
      q0 = qEnd;
    }
  }
}

#endif
