// sum_of_absolutes: partial sums of `Σ |x|`. Its gradient: `dx = sign(x) · ds`, 0 at 0.
//
// x, dx: [count]; ds: one element; partials: one per work-group. A work-item processes vectors of
// x; a tree adds up the group's sums.
#include "loops.cl"
#include "sums.cl"

FLAT void sum_of_absolutes(
  int count, __global const float *xs, int x0, __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_VECTORS(i, count) { ae_add(&sum, ae_first(fabs(LOAD(xs + x0 + i)), count - i)); }
  ae_write_partial(sum, 1.0f, partials + partials0 + get_group_id(0), tree);
}

FLAT void sum_of_absolutes_gradient(
  int count, __global const float *xs, int x0, __global const float *ds, int ds0,
  __global float *dx, int dx0) {
  const float d = ds[ds0];
  FOR_VECTORS(i, count) {
    const floatV x = LOAD(xs + x0 + i);
    const floatV below = x < 0.0f ? (floatV)(-d) : (floatV)(0.0f);
    ae_store(x > 0.0f ? (floatV)(d) : below, dx + dx0 + i, count - i);
  }
}
