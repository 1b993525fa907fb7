// Sums over many elements: few roundings, and in an order that depends on sizes alone.
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

/// The sum of `x` over the work-group, in its first work-item: a tree. To be called by all.
static float ae_group_sum(float x, __local float *scratch) {
#if LOCAL > 1
  const int item = get_local_id(0);
  scratch[item] = x;
  for (int middle = LOCAL / 2; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < middle) scratch[item] += scratch[item + middle];
  }
  return scratch[0];
#else
  return x;
#endif
}

/// Writes the group's share of a sum to its place among the partial sums.
static void ae_write_partial(
  ae_Sum sum, float factor, __global float *partials, __local float *scratch) {
  const float group = ae_group_sum(ae_sum(sum.total + sum.part), scratch);
  if (get_local_id(0) == 0) partials[get_group_id(0)] = factor * group;
}
