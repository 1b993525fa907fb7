// perplexity: `exp(−Σ p log p)`, with the frequency p of each code among the indices.
//
// indices: [rows], whole numbers; counts, the number of occurrences of each, which `count_codes`
// writes: [count]; y: one element. `count_codes` on a GPU: a work-group counts one code, and a tree
// adds up the counts of its work-items; on a CPU device one work-item counts all codes.
// `perplexity` is one work-group, whose work-items process vectors of codes.
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

FLAT void count_codes(
  int rows, int count, __global const float *indices, int indices0, __global float *counts,
  int counts0) {
#if VECTOR == 16
  for (int k = 0; k < count; ++k) counts[counts0 + k] = 0.0f;
  for (int row = 0; row < rows; ++row) counts[counts0 + (int)indices[indices0 + row]] += 1.0f;
#else
  TREE(tree, LOCAL);
  const int item = get_local_id(0), k = get_group_id(0);
  float found = 0.0f;
  for (int row = item; row < rows; row += LOCAL) {
    found += indices[indices0 + row] == (float)k ? 1.0f : 0.0f;
  }
  found = ae_group_sum(found, item, LOCAL, tree);
  if (item == 0) counts[counts0 + k] = found;
#endif
}

FLAT void perplexity(
  int rows, int count, __global const float *counts, int counts0, __global float *y, int y0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  FOR_VECTORS(k, count) {
    const floatV share = LOAD(counts + counts0 + k) / (float)rows;
    const floatV term = share > 0.0f ? share * ae_log(share) : (floatV)(0.0f);
    ae_add(&sum, ae_first(term, count - k));
  }
  const int item = get_local_id(0);
  const float entropy = ae_group_sum(ae_sum(sum.total + sum.part), item, LOCAL, tree);
  if (item == 0) {
    const floatV result = ae_exp((floatV)(-entropy));
    y[y0] = ((const float *)&result)[0];
  }
}
