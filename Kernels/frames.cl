// Images in frames of zeros, for windows that extend beyond their edges.
#include "vectors.cl"

#if VECTOR == 16
/// Copies an image `[height, width, L]` into a frame `[frameHeight, frameWidth, L]`, `top` and
/// `left` pixels from its corner; pixels beyond the frame are left out.
static void ae_frame(
  __global const float *image, int height, int width, __global float *frame, int frameHeight,
  int frameWidth, int top, int left, int L) {
  const int count = min(width, frameWidth - left) * L, rows = min(height, frameHeight - top);
  for (int i = 0; i < rows; ++i) {
    __global const float *from = image + i * width * L;
    __global float *to = frame + ((top + i) * frameWidth + left) * L;
    for (int e = 0; e < count; e += 16) ae_store(vload16(0, from + e), to + e, count - e);
  }
}

static void ae_clear(__global float *x, int count) {
  for (int e = 0; e < count; e += 16) ae_store((float16)(0.0f), x + e, count - e);
}
#endif
