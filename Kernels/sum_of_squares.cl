// sum_of_squares: partial sums of `Σ x²`.
//
// x: [count]; partials: one per work-group. A work-item processes vectors of x; a tree adds up the
// group's sums.
#include "loops.cl"
#include "sums.cl"

FLAT void sum_of_squares(
  IDS int count, __global const float *xs, int x0, __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_VECTORS(i, count) {
    const floatV x = ae_first(LOAD(xs + x0 + i), count - i);
    ae_add(&sum, x * x);
  }
  ae_write_partial(sum, 1.0f, partials + partials0 + get_group_id(0), tree);
}
