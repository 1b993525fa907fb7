// free_bits: the means `m[l]` over the rows of `½ (μ² + eˢ − 1 − s)`, and partial sums of
// `factor · Σ max(bound, m[l])`. Its gradient: `dμ = factor · μ · dKL` and
// `ds = ½ factor · (eˢ − 1) · dKL` where m[l] > bound, 0 elsewhere.
//
// mean (μ), logVariance (s), dMean, dLogVariance: [rows, units]; means (m): [units]; dKL: one
// element; partials: one per work-group. For the means a work-item processes vectors of units, and
// a tree adds up the group's sums; for the gradient it computes vectors of rows.
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

FLAT void free_bits(
  int rows, int units, float rowShare, float bound, float factor, __global const float *mean,
  int mean0, __global const float *logVariance, int logVariance0, __global float *means, int means0,
  __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum counted = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_VECTORS(l, units) {
    ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
    for (int row = 0; row < rows; ++row) {
      const floatV m = LOAD(mean + mean0 + row * units + l);
      const floatV s = LOAD(logVariance + logVariance0 + row * units + l);
      ae_add(&sum, 0.5f * (m * m + (ae_expm1(s) - s)));
    }
    const floatV average = rowShare * (sum.total + sum.part);
    ae_store(average, means + means0 + l, units - l);
    ae_add(&counted, ae_first(average < bound ? (floatV)(bound) : average, units - l));
  }
  ae_write_partial(counted, factor, partials + partials0 + get_group_id(0), tree);
}

FLAT void free_bits_gradient(
  int rows, int units, float bound, float factor, __global const float *mean, int mean0,
  __global const float *logVariance, int logVariance0, __global const float *means, int means0,
  __global const float *dKL, int dKL0, __global float *dMean, int dMean0,
  __global float *dLogVariance, int dLogVariance0) {
  const float scale = factor * dKL[dKL0];
  FOR_CELLS(row, l, rows, units) {
    const int i = row * units + l, valid = units - l;
    const floatV weight =
      LOAD(means + means0 + l) > bound ? (floatV)(scale) : (floatV)(0.0f);
    ae_store(weight * LOAD(mean + mean0 + i), dMean + dMean0 + i, valid);
    ae_store(
      0.5f * weight * ae_expm1(LOAD(logVariance + logVariance0 + i)),
      dLogVariance + dLogVariance0 + i, valid);
  }
}
