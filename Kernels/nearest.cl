// nearest: `indices[m] = argmin_k ‖codes[k]‖² − 2 scores[m, k]`, the first of equal ones.
//
// scores: [rows, count]; codes: [count, columns]; norms, the squared norms of the codes, which
// `code_norms` writes: [count]; indices: [rows], whole numbers. A work-item computes single norms.
// For the search on a GPU a work-group processes a row, its work-items every LOCAL-th code, and a
// tree finds the minimum; on a CPU device a work-item processes rows one after another.
#include "loops.cl"
#include "sums.cl"

FLAT void code_norms(
  int count, int columns, __global const float *codes, int codes0, __global float *norms,
  int norms0) {
  for (int k = get_global_id(0); k < count; k += get_global_size(0)) {
    __global const float *code = codes + codes0 + k * columns;
    ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
    for (int d = 0; d < columns; d += VECTOR) {
      const floatV x = ae_first(LOAD(code + d), columns - d);
      ae_add(&sum, x * x);
    }
    norms[norms0 + k] = ae_sum(sum.total + sum.part);
  }
}

/// Whether a code at this distance is preferred to the best one so far.
#define NEARER(distance, k, best, index) \
  ((distance) < (best) || ((distance) == (best) && (k) < (index)))

FLAT void nearest(
  int rows, int count, __global const float *scores, int scores0, __global const float *norms,
  int norms0, __global float *indices, int indices0) {
#if VECTOR == 16
  for (int row = get_group_id(0); row < rows; row += get_num_groups(0)) {
    floatV best = (floatV)(INFINITY);
    intV at = 0;
    for (int k = 0; k < count; k += 16) {
      const floatV s = LOAD(scores + scores0 + row * count + k);
      const floatV distance = LOAD(norms + norms0 + k) - 2.0f * s;
      const intV nearer = distance < best && k + LANES < count;
      best = select(best, distance, nearer);
      at = select(at, k + LANES, nearer);
    }
    const float *distances = (const float *)&best;
    const int *places = (const int *)&at;
    int lane = 0;
    for (int l = 1; l < 16; ++l) {
      if (NEARER(distances[l], places[l], distances[lane], places[lane])) lane = l;
    }
    indices[indices0 + row] = (float)places[lane];
  }
#else
  __local float distances[LOCAL];
  __local int places[LOCAL];
  const int row = get_group_id(0), item = get_local_id(0);
  float best = INFINITY;
  int at = 0;
  for (int k = item; k < count; k += LOCAL) {
    const float distance = norms[norms0 + k] - 2.0f * scores[scores0 + row * count + k];
    if (distance < best) {
      best = distance;
      at = k;
    }
  }
  distances[item] = best;
  places[item] = at;
  for (int middle = LOCAL / 2; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    const int other = item + middle;
    if (item < middle && NEARER(distances[other], places[other], distances[item], places[item])) {
      distances[item] = distances[other];
      places[item] = places[other];
    }
  }
  if (item == 0) indices[indices0 + row] = (float)places[0];
#endif
}
