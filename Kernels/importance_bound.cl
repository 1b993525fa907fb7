// importance_bound: partial sums of `−factor · Σ log(1/K Σ e^(w[n, k]))`; and its gradient
// `dw[n, k] = −factor · e^(w[n, k]) / Σ e^(w[n, j]) · ds`.
//
// weights (w), dw: [examples, draws]; ds: one element; partials: one per work-group. A work-item
// processes examples, and vectors of their draws; a tree adds up the group's bounds.
#include "functions.cl"
#include "sums.cl"

/// The largest of an example's log-weights; `Σ e^(w − largest)` to `sum`.
static float ae_largest(__global const float *w, int draws, float *sum) {
  float largest = w[0];
  for (int k = 1; k < draws; ++k) largest = w[k] > largest ? w[k] : largest;
  ae_Sum terms = {(floatV)(0.0f), (floatV)(0.0f), 0};
  for (int k = 0; k < draws; k += VECTOR) {
    ae_add(&terms, ae_first(ae_exp(LOAD(w + k) - largest), draws - k));
  }
  *sum = ae_sum(terms.total + terms.part);
  return largest;
}

FLAT void importance_bound(
  int examples, int draws, float factor, __global const float *weights, int weights0,
  __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum bounds = {(floatV)(0.0f), (floatV)(0.0f), 0};
  for (int n = get_global_id(0); n < examples; n += get_global_size(0)) {
    float sum;
    const float largest = ae_largest(weights + weights0 + n * draws, draws, &sum);
    ae_add(&bounds, ae_first(largest + ae_log((floatV)(sum / draws)), 1));
  }
  ae_write_partial(bounds, -factor, partials + partials0 + get_group_id(0), tree);
}

FLAT void importance_bound_gradient(
  int examples, int draws, float factor, __global const float *weights, int weights0,
  __global const float *ds, int ds0, __global float *dw, int dw0) {
  for (int n = get_global_id(0); n < examples; n += get_global_size(0)) {
    float sum;
    __global const float *w = weights + weights0 + n * draws;
    const float largest = ae_largest(w, draws, &sum);
    const float scale = -factor * ds[ds0] / sum;
    for (int k = 0; k < draws; k += VECTOR) {
      ae_store(scale * ae_exp(LOAD(w + k) - largest), dw + dw0 + n * draws + k, draws - k);
    }
  }
}
