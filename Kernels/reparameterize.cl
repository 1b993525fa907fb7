// reparameterize: `z = μ + ε · e^(s/2)`, and partial sums of `kl = factor · Σ ½ (μ² + eˢ − 1 − s)`.
// Its gradient: `dμ = dz + factor · μ · dKL` and `ds = ½ (dz · ε · e^(s/2) + factor · (eˢ − 1) ·
// dKL)`.
//
// mean (μ), logVariance (s), epsilon (ε), z, dz, dMean, dLogVariance: [rows, columns]; dKL: one
// element; partials: one per work-group. A work-item processes vectors of rows; a tree adds up the
// group's divergence.
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

FLAT void reparameterize(
  IDS int rows, int columns, float factor, __global const float *mean, int mean0,
  __global const float *logVariance, int logVariance0, __global const float *epsilon, int epsilon0,
  __global float *z, int z0, __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_CELLS(row, n, rows, columns) {
    const int i = row * columns + n, valid = columns - n;
    const floatV m = LOAD(mean + mean0 + i);
    const floatV s = LOAD(logVariance + logVariance0 + i);
    ae_store(m + LOAD(epsilon + epsilon0 + i) * ae_exp(0.5f * s), z + z0 + i, valid);
    ae_add(&sum, ae_first(0.5f * (m * m + (ae_expm1(s) - s)), valid));
  }
  ae_write_partial(sum, factor, partials + partials0 + get_group_id(0), tree);
}

FLAT void reparameterize_gradient(
  IDS int rows, int columns, float factor, __global const float *dz, int dz0,
  __global const float *mean, int mean0, __global const float *logVariance, int logVariance0,
  __global const float *epsilon, int epsilon0, __global const float *dKL, int dKL0,
  __global float *dMean, int dMean0, __global float *dLogVariance, int dLogVariance0) {
  const float weight = factor * dKL[dKL0];
  FOR_CELLS(row, n, rows, columns) {
    const int i = row * columns + n, valid = columns - n;
    const floatV d = LOAD(dz + dz0 + i);
    const floatV s = LOAD(logVariance + logVariance0 + i);
    const floatV deviation = ae_exp(0.5f * s);
    ae_store(d + weight * LOAD(mean + mean0 + i), dMean + dMean0 + i, valid);
    const floatV spread = d * LOAD(epsilon + epsilon0 + i) * deviation;
    ae_store(
      0.5f * (spread + weight * ae_expm1(s)), dLogVariance + dLogVariance0 + i, valid);
  }
}
