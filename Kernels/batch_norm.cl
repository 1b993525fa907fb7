// batch_norm: `y[r, c] = γ[c] (x[r, c] − μ[c]) / √(v[c] + ε) + β[c]`, with mean μ and variance v of
// each channel over all M rows. Its gradient, with `x̂ = (x − μ) / √(v + ε)`: `dβ = Σ dy`, `dγ = Σ
// dy · x̂`, `dx = γ / √(v + ε) · (dy − dβ / M − x̂ · dγ / M)`.
//
// x, y, dy, dx: [rows, channels]; gamma (γ), beta (β), mean (μ), variance (v), dGamma, dBeta:
// [channels]. Each sum over the rows takes two launches: `batch_norm_sums` writes the sums of parts
// of the rows, one part per work-group of dimension 1, to sums, [shares, channels] (twice that for
// TERM 2), and `batch_norm_finish` adds them up.
//
// TERM 0: x. 1: (x − μ)². 2: dy, and dy · x̂. On a CPU device a work-item sums the rows of its part
// for all channels; on a GPU a group of 32 × 8 work-items processes 32 channels, each work-item
// every eighth row, and a tree adds up the eight sums.
#include "loops.cl"

#ifndef TERM
#define TERM 0
#endif
#define KINDS (TERM == 2 ? 2 : 1)
/// Channels that a work-item of a CPU device processes at once.
#define PART_CHANNELS 128

/// Adds the terms of the element at `index`, of channel `c`.
static void ae_terms(
  int index, int c, __global const float *x, __global const float *dy, __global const float *mean,
  floatV *sums) {
#if TERM == 0
  sums[0] += LOAD(x + index);
#elif TERM == 1
  const floatV difference = LOAD(x + index) - LOAD(mean + c);
  sums[0] += difference * difference;
#else
  const floatV d = LOAD(dy + index);
  sums[0] += d;
  sums[1] += d * (LOAD(x + index) - LOAD(mean + c));
#endif
}

#if VECTOR == 16
ENTRY(1, 1) void batch_norm_sums(
  IDS int rows, int channels, __global const float *x, int x0, __global const float *dy, int dy0,
  __global const float *mean, int mean0, __global float *sums) {
  const int share = get_group_id(1), shares = get_num_groups(1);
  const int begin = (int)((long)rows * share / shares);
  const int end = (int)((long)rows * (share + 1) / shares);
  __global float *own = sums + share * KINDS * channels;
  // Parts of the channels, so that their sums of 32 rows stay in registers and the cache while rows are
  // read in the order of memory.
  for (int c0 = 0; c0 < channels; c0 += PART_CHANNELS) {
    const int end0 = min(c0 + PART_CHANNELS, channels);
    for (int first = begin; first < end; first += 32) {
      const int last = min(first + 32, end);
      float16 part[PART_CHANNELS / 16][KINDS];
      for (int v = 0; v < (end0 - c0 + 15) / 16; ++v) {
        for (int kind = 0; kind < KINDS; ++kind) part[v][kind] = (float16)(0.0f);
      }
      for (int r = first; r < last; ++r) {
        for (int c = c0; c < end0; c += 16) {
          ae_terms(r * channels + c, c, x + x0, dy + dy0, mean + mean0, part[(c - c0) / 16]);
        }
      }
      for (int c = c0; c < end0; c += 16) {
        for (int kind = 0; kind < KINDS; ++kind) {
          __global float *sum = own + kind * channels + c;
          const float16 before = first == begin ? (float16)(0.0f) : vload16(0, sum);
          ae_store(before + part[(c - c0) / 16][kind], sum, channels - c);
        }
      }
    }
  }
}
#else
ENTRY(32, 8) void batch_norm_sums(
  int rows, int channels, __global const float *x, int x0, __global const float *dy, int dy0,
  __global const float *mean, int mean0, __global float *sums) {
  __local float joined[KINDS][8][32];
  const int lane = get_local_id(0), y = get_local_id(1), c = 32 * get_group_id(0) + lane;
  const int share = get_group_id(1), shares = get_num_groups(1);
  const int begin = (int)((long)rows * share / shares);
  const int end = (int)((long)rows * (share + 1) / shares);
  float total[KINDS], part[KINDS];
  for (int kind = 0; kind < KINDS; ++kind) total[kind] = part[kind] = 0.0f;
  if (c < channels) {
    int terms = 0;
    for (int r = begin + y; r < end; r += 8) {
      ae_terms(r * channels + c, c, x + x0, dy + dy0, mean + mean0, part);
      if (++terms == 64) {
        for (int kind = 0; kind < KINDS; ++kind) {
          total[kind] += part[kind];
          part[kind] = 0.0f;
        }
        terms = 0;
      }
    }
  }
  for (int kind = 0; kind < KINDS; ++kind) joined[kind][y][lane] = total[kind] + part[kind];
  for (int middle = 4; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (y < middle) {
      for (int kind = 0; kind < KINDS; ++kind) {
        joined[kind][y][lane] += joined[kind][y + middle][lane];
      }
    }
  }
  if (y == 0 && c < channels) {
    for (int kind = 0; kind < KINDS; ++kind) {
      sums[(share * KINDS + kind) * channels + c] = joined[kind][0][lane];
    }
  }
}
#endif

/// `result[c] = factor · Σ sums[share, c]`, with sums `stride` apart; if `variance` is another
/// tensor than the result (SCALED), divided by its `√(v + ε)`.
#ifndef SCALED
#define SCALED 0
#endif
FLAT void batch_norm_finish(
  IDS int shares, int stride, int channels, float factor, float epsilon,
  __global const float *sums, int sums0, __global const float *variance, int variance0, __global float *result, int result0) {
  FOR_VECTORS(c, channels) {
    floatV sum = (floatV)(0.0f);
    for (int share = 0; share < shares; ++share) sum += LOAD(sums + sums0 + share * stride + c);
    sum *= factor;
#if SCALED
    sum /= sqrt(LOAD(variance + variance0 + c) + epsilon);
#endif
    ae_store(sum, result + result0 + c, channels - c);
  }
}

FLAT void batch_norm(
  IDS int rows, int channels, float epsilon, __global const float *x, int x0,
  __global const float *gamma, int gamma0, __global const float *beta, int beta0,
  __global const float *mean, int mean0, __global const float *variance, int variance0,
  __global float *y, int y0) {
  FOR_CELLS(row, c, rows, channels) {
    const int i = row * channels + c;
    const floatV scale = LOAD(gamma + gamma0 + c) / sqrt(LOAD(variance + variance0 + c) + epsilon);
    const floatV difference = LOAD(x + x0 + i) - LOAD(mean + mean0 + c);
    ae_store(scale * difference + LOAD(beta + beta0 + c), y + y0 + i, channels - c);
  }
}

FLAT void batch_norm_gradient(
  IDS int rows, int channels, float epsilon, float rowShare, __global const float *dy, int dy0,
  __global const float *x, int x0, __global const float *gamma, int gamma0,
  __global const float *mean, int mean0, __global const float *variance, int variance0,
  __global const float *dGamma, int dGamma0, __global const float *dBeta, int dBeta0,
  __global float *dx, int dx0) {
#define DEVIATION(c) sqrt(LOAD(variance + variance0 + (c)) + epsilon)
#if VECTOR == 16
  const int begin = (int)((long)rows * get_global_id(0) / get_global_size(0));
  const int end = (int)((long)rows * (get_global_id(0) + 1) / get_global_size(0));
  for (int c0 = 0; c0 < channels; c0 += PART_CHANNELS) {
    const int end0 = min(c0 + PART_CHANNELS, channels);
    float16 deviations[PART_CHANNELS / 16];
    for (int c = c0; c < end0; c += 16) deviations[(c - c0) / 16] = DEVIATION(c);
    for (int row = begin; row < end; ++row) for (int c = c0; c < end0; c += 16) {
      const floatV deviation = deviations[(c - c0) / 16];
#else
    FOR_CELLS(row, c, rows, channels) {
      const floatV deviation = DEVIATION(c);
#endif
      const int i = row * channels + c;
      const floatV standard = (LOAD(x + x0 + i) - LOAD(mean + mean0 + c)) / deviation;
      const floatV d = LOAD(dy + dy0 + i) - rowShare * LOAD(dBeta + dBeta0 + c) -
                       rowShare * standard * LOAD(dGamma + dGamma0 + c);
      ae_store(LOAD(gamma + gamma0 + c) / deviation * d, dx + dx0 + i, channels - c);
    }
#if VECTOR == 16
  }
#endif
}
