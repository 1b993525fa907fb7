// conv2d_pack: copies weights into the order in which conv2d_tiles and conv2d_narrow read them.
#include "vectors.cl"

/// Copies weights. Element (k, l, channel, column) is at `(k · K + l) · plane + channel ·
/// channelStep + column · columnStep`; it is copied to element (phase, u, v, channel, column), at
/// `phase · phaseSize + u · rowStep + (v · L + channel) · newChannelStep + column · newColumnStep`.
/// Weights beyond the window are 0, and so are elements of a row beyond the first TAPS · L.
///
/// For phase (a, b), tap u is window row `a + (taps − 1 − u) · phases`, or u if not FLIPPED. A
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
