// finish_sum: `s = Σ partials`, a scalar that the host or another op reads. For a loss that is only
// recorded, `record` computes this sum.
//
// partials: [count]; s: one element. One work-group; a work-item adds up every LOCAL-th element,
// then a tree adds up the sums.
#include "sums.cl"

FLAT void finish_sum(
  int count, __global const float *partials, int partials0, __global float *s, int s0) {
  TREE(tree, LOCAL);
  float sum = 0.0f;
  for (int i = get_local_id(0); i < count; i += LOCAL) sum += partials[partials0 + i];
  sum = ae_group_sum(sum, get_local_id(0), LOCAL, tree);
  if (get_local_id(0) == 0) s[s0] = sum;
}
