// batch_norm_columns: batch_norm.cl's forward pass and its gradient for few rows: one launch each,
// in which a work-group processes all rows of some channels.
//
// x, y, dy, dx: [rows, channels]; gamma (γ), beta (β), mean (μ), variance (v), dGamma, dBeta:
// [channels]; rowShare: 1 / rows. On a CPU device a work-item processes 16 channels; on a GPU a
// group of 32 × 8 work-items processes 32, each work-item every eighth row, and a tree adds up the
// eight sums.
#include "sums.cl"

#if VECTOR == 16
#define WIDTH 1
#define HEIGHT 1
#define JOINED
#define FIRST_ROW 0
#define FIRST_CHANNEL (16 * (int)get_group_id(0))
#define HAS_CHANNEL 1
#define STORES_CHANNEL 1
#define JOIN(sum) ((sum).total + (sum).part)
#else
#define WIDTH 32
#define HEIGHT 8
#define JOINED __local float joined[8][32];
#define FIRST_ROW ((int)get_local_id(1))
#define FIRST_CHANNEL (32 * (int)get_group_id(0) + (int)get_local_id(0))
#define HAS_CHANNEL (c < channels)
#define STORES_CHANNEL (HAS_CHANNEL && get_local_id(1) == 0)
#define JOIN(sum) ae_join((sum).total + (sum).part, joined)

/// The sum of `x` over the eight work-items of a channel. All of them must call this.
static float ae_join(float x, __local float (*joined)[32]) {
  const int lane = get_local_id(0), y = get_local_id(1);
  barrier(CLK_LOCAL_MEM_FENCE);
  joined[y][lane] = x;
  for (int middle = 4; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (y < middle) joined[y][lane] += joined[y + middle][lane];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  return joined[0][lane];
}
#endif

/// Runs for the elements `i` of this work-item's channels `c` and rows.
#define FOR_ROWS(i) \
  if (HAS_CHANNEL) \
    for (int i = FIRST_ROW * channels + c; i < rows * channels; i += HEIGHT * channels)

ENTRY(WIDTH, HEIGHT) void batch_norm_columns(
  IDS int rows, int channels, float epsilon, float rowShare, __global const float *x, int x0,
  __global const float *gamma, int gamma0, __global const float *beta, int beta0,
  __global float *y, int y0, __global float *mean, int mean0, __global float *variance,
  int variance0) {
  JOINED
  const int c = FIRST_CHANNEL;
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0}, squares = sum;
  FOR_ROWS(i) ae_add(&sum, LOAD(x + x0 + i));
  const floatV mu = rowShare * JOIN(sum);
  FOR_ROWS(i) {
    const floatV difference = LOAD(x + x0 + i) - mu;
    ae_add(&squares, difference * difference);
  }
  const floatV v = rowShare * JOIN(squares);
  if (STORES_CHANNEL) {
    ae_store(mu, mean + mean0 + c, channels - c);
    ae_store(v, variance + variance0 + c, channels - c);
  }
  if (!HAS_CHANNEL) return;
  const floatV scale = LOAD(gamma + gamma0 + c) / sqrt(v + epsilon);
  const floatV shift = LOAD(beta + beta0 + c);
  FOR_ROWS(i) {
    ae_store(scale * (LOAD(x + x0 + i) - mu) + shift, y + y0 + i, channels - c);
  }
}

ENTRY(WIDTH, HEIGHT) void batch_norm_columns_gradient(
  IDS int rows, int channels, float epsilon, float rowShare, __global const float *dy, int dy0,
  __global const float *x, int x0, __global const float *gamma, int gamma0,
  __global const float *mean, int mean0, __global const float *variance, int variance0,
  __global float *dx, int dx0, __global float *dGamma, int dGamma0, __global float *dBeta,
  int dBeta0) {
  JOINED
  const int c = FIRST_CHANNEL;
  // Work-items without a channel read channel 0; the values are not used.
  const int own = HAS_CHANNEL ? c : 0;
  const floatV mu = LOAD(mean + mean0 + own);
  const floatV deviation = sqrt(LOAD(variance + variance0 + own) + epsilon);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0}, products = sum;
  FOR_ROWS(i) {
    const floatV d = LOAD(dy + dy0 + i);
    ae_add(&sum, d);
    ae_add(&products, d * (LOAD(x + x0 + i) - mu));
  }
  const floatV forBeta = JOIN(sum), forGamma = JOIN(products) / deviation;
  if (STORES_CHANNEL) {
    ae_store(forBeta, dBeta + dBeta0 + c, channels - c);
    ae_store(forGamma, dGamma + dGamma0 + c, channels - c);
  }
  const floatV scale = LOAD(gamma + gamma0 + own) / deviation;
  const floatV shift = rowShare * forBeta, slope = rowShare * forGamma / deviation;
  FOR_ROWS(i) {
    const floatV d = LOAD(dy + dy0 + i) - shift - slope * (LOAD(x + x0 + i) - mu);
    ae_store(scale * d, dx + dx0 + i, channels - c);
  }
}
