// importance_sample: `z[r] = μ[n] + ε[r] · e^(s[n]/2)` and `ratio[r] = ½ Σ (ε[r]² + s[n] − z[r]²)`,
// with `n = r / draws`.
//
// mean (μ), logVariance (s): [rows / draws, columns]; epsilon (ε), z: [rows, columns]; ratio:
// [rows]. On a GPU a work-group processes a row, its work-items every LOCAL-th element, and a tree
// adds up their sums; on a CPU device a work-item processes rows one after another.
//
// Its gradient, by vectors of an example's units: with `g[r] = dz[r] − dRatio[r] · z[r]`,
// `dμ[n] = Σ g[r]` and `ds[n] = ½ Σ (g[r] · ε[r] · e^(s[n]/2) + dRatio[r])` over the draws r of
// example n. dMean, dLogVariance: [examples, columns].
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

FLAT void importance_sample(
  int rows, int columns, int draws, __global const float *mean, int mean0,
  __global const float *logVariance, int logVariance0, __global const float *epsilon, int epsilon0,
  __global float *z, int z0, __global float *ratio, int ratio0) {
  TREE(tree, LOCAL);
  const int item = get_local_id(0);
#if VECTOR == 16
  for (int row = get_group_id(0); row < rows; row += get_num_groups(0)) {
#else
  const int row = get_group_id(0);
#endif
  const int example = row / draws * columns;
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  for (int n = VECTOR * item; n < columns; n += VECTOR * LOCAL) {
    const floatV s = LOAD(logVariance + logVariance0 + example + n);
    const floatV e = LOAD(epsilon + epsilon0 + row * columns + n);
    const floatV sample = LOAD(mean + mean0 + example + n) + e * ae_exp(0.5f * s);
    ae_store(sample, z + z0 + row * columns + n, columns - n);
    ae_add(&sum, ae_first(0.5f * (e * e + s - sample * sample), columns - n));
  }
  const float group = ae_group_sum(ae_sum(sum.total + sum.part), item, LOCAL, tree);
  if (item == 0) ratio[ratio0 + row] = group;
#if VECTOR == 16
  }
#endif
}

FLAT void importance_sample_gradient(
  int examples, int columns, int draws, __global const float *dz, int dz0,
  __global const float *dRatio, int dRatio0, __global const float *logVariance, int logVariance0,
  __global const float *epsilon, int epsilon0, __global const float *z, int z0,
  __global float *dMean, int dMean0, __global float *dLogVariance, int dLogVariance0) {
  FOR_CELLS(example, n, examples, columns) {
    ae_Sum byValue = {(floatV)(0.0f), (floatV)(0.0f), 0};
    ae_Sum bySpread = {(floatV)(0.0f), (floatV)(0.0f), 0};
    ae_Sum byRatio = {(floatV)(0.0f), (floatV)(0.0f), 0};
    for (int row = example * draws; row < (example + 1) * draws; ++row) {
      const int i = row * columns + n;
      const float ratio = dRatio[dRatio0 + row];
      const floatV g = LOAD(dz + dz0 + i) - ratio * LOAD(z + z0 + i);
      ae_add(&byValue, g);
      ae_add(&bySpread, g * LOAD(epsilon + epsilon0 + i));
      ae_add(&byRatio, (floatV)(ratio));
    }
    const int i = example * columns + n;
    const floatV deviation = ae_exp(0.5f * LOAD(logVariance + logVariance0 + i));
    const floatV spread = deviation * (bySpread.total + bySpread.part);
    ae_store(byValue.total + byValue.part, dMean + dMean0 + i, columns - n);
    ae_store(
      0.5f * (spread + (byRatio.total + byRatio.part)), dLogVariance + dLogVariance0 + i,
      columns - n);
  }
}
