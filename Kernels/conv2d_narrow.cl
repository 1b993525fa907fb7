// conv2d_narrow: the sums of conv2d.cl over windows on a CPU device, for few columns: in vectors
// over a row of a window.
#include "conv2d_windows.cl"

#if VECTOR == 16

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
  // Followed by a vector of zeros, because the vectors of the last windows extend beyond the frame.
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
        vload16(0, results + e), e, ADDEND_AT + base, OPERAND_AT + base);
      ae_store(value, results + e, resultCount - e);
    }
#endif
  }
}

#endif
