// sparsity: `s = Σ ρ log(ρ/ρ̂[l]) + (1 − ρ) log((1 − ρ)/(1 − ρ̂[l]))`, with the means ρ̂ of a
// code's units clipped to [1e-7, 1 − 1e-7]. Its gradient: `dcode[r, l] = ((1 − ρ)/(1 − ρ̂[l]) −
// ρ/ρ̂[l]) / M · ds`, the same in every row r.
//
// sums: [units], the code's column sums over M rows; means (ρ̂): [units]; s, ds: one element;
// dcode: [rows, units]. `sparsity` is one work-group, whose work-items process vectors of units and
// add up s in a tree; for the gradient a work-item computes vectors of rows.
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

FLAT void sparsity(
  int units, float target, float rowShare, __global const float *sums, int sums0,
  __global float *s, int s0, __global float *means, int means0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_VECTORS(l, units) {
    floatV mean = rowShare * LOAD(sums + sums0 + l);
    mean = mean < 1e-7f ? (floatV)(1e-7f) : mean;
    mean = mean > 1.0f - 1e-7f ? (floatV)(1.0f - 1e-7f) : mean;
    ae_store(mean, means + means0 + l, units - l);
    const floatV active = target * ae_log(target / mean);
    const floatV still = (1.0f - target) * ae_log((1.0f - target) / (1.0f - mean));
    ae_add(&sum, ae_first(active + still, units - l));
  }
  ae_write_partial(sum, 1.0f, s + s0 + get_group_id(0), tree);
}

FLAT void sparsity_gradient(
  int rows, int units, float target, float rowShare, __global const float *means, int means0,
  __global const float *ds, int ds0, __global float *dcode, int dcode0) {
  const float weight = rowShare * ds[ds0];
  FOR_CELLS(row, l, rows, units) {
    const floatV mean = LOAD(means + means0 + l);
    const floatV slope = (1.0f - target) / (1.0f - mean) - target / mean;
    ae_store(weight * slope, dcode + dcode0 + row * units + l, units - l);
  }
}
