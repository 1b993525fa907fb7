// Sums over windows on CPU devices: shared code of conv2d_tiles and conv2d_narrow.
//
// A work-item processes a part of the images. It copies each into a frame of zeros that contains
// every window, and sums over windows of TAPS × TAPS pixels, whose rows are L · TAPS contiguous
// elements. The gradient is such a sum, too: the results of one phase, whose row + p and column + p
// have the same remainders modulo s, use the same windows of dy, with weights that conv2d_pack
// reorders.
#include "operands.cl"
#include "frames.cl"

#ifndef ROWS
#define ROWS 8
#endif

// The arguments of each kernel: images and their size; the frame and the image's position in it;
// windows begin `step` frame pixels apart for results `phases` apart, of which the first of phase a
// is the first h with `(h + shift) % phases = a`; a work-item's memory of `own` elements.
#define ARGUMENTS \
  int N, int height, int width, int L, int frameHeight, int frameWidth, int top, int left, \
    int taps, int step, int phases, int shiftTop, int shiftLeft, int resultHeight, \
    int resultWidth, int columns, int tableCount, int own, __global const float *x, int x0, \
    __global const float *w, int w0, __global float *y, int y0, __global float *memory, \
    int memory0 EPILOGUE_PARAMETERS

/// The first result of phase `a`, and the number of results.
static int ae_first_of_phase(int a, int shift, int phases, int length, int *count) {
  const int first = (a - shift % phases + phases) % phases;
  *count = first < length ? (length - 1 - first) / phases + 1 : 0;
  return first;
}

/// For each result, phase by phase: the beginning of its window in the frame, and its pixel. The
/// last result of a phase fills its last tile of `rows`.
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
