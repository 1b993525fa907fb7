// Sums over many elements: with few roundings, and in an order that depends only on sizes.
#include "vectors.cl"

/// A long sum in two levels, so that rounding errors stay small: up to 64 terms, then their sums.
typedef struct {
  floatV total, part;
  int terms;
} ae_Sum;

static void ae_add(ae_Sum *sum, floatV x) {
  sum->part += x;
  if (++sum->terms == 64) {
    sum->total += sum->part;
    sum->part = (floatV)(0.0f);
    sum->terms = 0;
  }
}

/// The sum of `x` over a work-group of `items` work-items, a power of two, by a tree. The first
/// work-item gets the sum; the result of the others has no meaning. All work-items must call this.
/// On a CPU device a group is one work-item.
static float ae_group_sum(float x, const int item, const int items, __local float *tree) {
#if VECTOR == 1
  tree[item] = x;
  for (int middle = items / 2; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < middle) tree[item] += tree[item + middle];
  }
  // Only the first work-item wrote it last, so it can read it without another barrier.
  return item == 0 ? tree[0] : 0.0f;
#else
  return x;
#endif
}

/// Memory for the tree of a group of `count` work-items. A kernel that is called as a function
/// needs none, because it has one work-item.
#if CALLED
#define TREE(name, count) __local float *name = 0
#else
#define TREE(name, count) __local float name[count]
#endif

/// Writes the part of a sum of a group of LOCAL work-items.
static void ae_write_partial(
  ae_Sum sum, float factor, __global float *partial, __local float *tree) {
  const int item = get_local_id(0);
  const float group = ae_group_sum(ae_sum(sum.total + sum.part), item, LOCAL, tree);
  if (item == 0) *partial = factor * group;
}

#if VECTOR == 1
/// The same for a group of 16 × 16 work-items, at its position in a launch of two dimensions.
static void ae_write_square_partial(
  ae_Sum sum, float factor, __global float *partials, __local float *tree) {
  const int item = 16 * get_local_id(1) + get_local_id(0);
  const float group = ae_group_sum(sum.total + sum.part, item, 256, tree);
  if (item == 0) partials[get_group_id(1) * get_num_groups(0) + get_group_id(0)] = factor * group;
}
#endif
