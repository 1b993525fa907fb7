// upsample2d: images of FACTOR times the height and width. Nearest: pixel i is old pixel i /
// FACTOR. If BILINEAR, it is at `u = (i + ½) / FACTOR − ½` between the old pixels ⌊u⌋ and ⌊u⌋ + 1,
// both clipped to the image. Its gradient, the adjoint: for each old pixel the sum of `weight · dy`
// over the new pixels computed from it.
//
// x, dx: [N, H, W, C]; y, dy: [N, FACTOR · H, FACTOR · W, C]. A work-item computes vectors of
// channels.
#include "loops.cl"

#ifndef FACTOR
#define FACTOR 2
#endif
#ifndef BILINEAR
#define BILINEAR 0
#endif

/// For new pixel `i`: the old pixel below it, which may be −1, and the weight of the one above.
static int ae_below(int i, float *share) {
  const int u = 2 * i + 1 - FACTOR;
  // Rounded down: u / (2 FACTOR) is not below −1.
  const int below = (u + 2 * FACTOR) / (2 * FACTOR) - 1;
  *share = (float)(u - 2 * FACTOR * below) / (2 * FACTOR);
  return below;
}

/// The weight of old pixel `h` of `length` in new pixel `i`.
static float ae_weight(int i, int h, int length) {
  float share;
  const int below = ae_below(i, &share);
  return (max(below, 0) == h ? 1.0f - share : 0.0f) +
         (min(below + 1, length - 1) == h ? share : 0.0f);
}

FLAT void upsample2d(
  int N, int H, int W, int C, __global const float *x, int x0, __global float *y, int y0) {
  FOR_PIXELS(n, i, j, c, N, FACTOR * H, FACTOR * W, C) {
    __global const float *image = x + x0 + n * H * W * C + c;
#if BILINEAR
    float down, right;
    const int h = ae_below(i, &down), w = ae_below(j, &right);
    const int h0 = max(h, 0) * W, h1 = min(h + 1, H - 1) * W;
    const int w0 = max(w, 0), w1 = min(w + 1, W - 1);
    const floatV upper =
      (1.0f - right) * LOAD(image + (h0 + w0) * C) + right * LOAD(image + (h0 + w1) * C);
    const floatV lower =
      (1.0f - right) * LOAD(image + (h1 + w0) * C) + right * LOAD(image + (h1 + w1) * C);
    const floatV value = (1.0f - down) * upper + down * lower;
#else
    const floatV value = LOAD(image + (i / FACTOR * W + j / FACTOR) * C);
#endif
    ae_store(value, y + y0 + ((n * FACTOR * H + i) * FACTOR * W + j) * C + c, C - c);
  }
}

FLAT void upsample2d_gradient(
  int N, int H, int W, int C, __global const float *dy, int dy0, __global float *dx, int dx0) {
  FOR_PIXELS(n, h, w, c, N, H, W, C) {
    __global const float *image = dy + dy0 + n * FACTOR * H * FACTOR * W * C + c;
    floatV sum = (floatV)(0.0f);
#if BILINEAR
    const int iBegin = max(FACTOR * (h - 1), 0), iEnd = min(FACTOR * (h + 2), FACTOR * H);
    const int jBegin = max(FACTOR * (w - 1), 0), jEnd = min(FACTOR * (w + 2), FACTOR * W);
    for (int i = iBegin; i < iEnd; ++i) {
      const float down = ae_weight(i, h, H);
      for (int j = jBegin; j < jEnd; ++j) {
        sum += down * ae_weight(j, w, W) * LOAD(image + (i * FACTOR * W + j) * C);
      }
    }
#else
    for (int i = FACTOR * h; i < FACTOR * (h + 1); ++i) {
      for (int j = FACTOR * w; j < FACTOR * (w + 1); ++j) {
        sum += LOAD(image + (i * FACTOR * W + j) * C);
      }
    }
#endif
    ae_store(sum, dx + dx0 + ((n * H + h) * W + w) * C + c, C - c);
  }
}
