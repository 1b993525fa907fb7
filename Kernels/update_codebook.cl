// update_codebook: moves each code to a moving average of the rows that chose it; does nothing
// after a step that was not finite.
//
// 1. `update_codebook_sums`: with the number n[k] and the sum s[k] of the rows with index k,
// `counts ← decay · counts + rest · n` and `sums ← decay · sums + rest · s`.
// 2. With the sum T of the counts, in `total`: `codes[k] = sums[k] (T + count · ε) / (T (counts[k]
// + ε))`. If `counts[k] ≤ restart · T / count`, the code becomes the row `⌊rows · w / 2³²⌋`, where
// w is word k of the stream at this step, and its count T / count.
//
// x: [rows, columns]; indices: [rows]; codes, sums: [count, columns]; counts: [count]; found
// (scratch): s, [count, columns], then n; rest: 1 minus decay; state: the store's words. On a GPU a
// work-group processes a code, each of its work-items some columns, through all rows; on a CPU
// device a work-item processes some codes, and reads the rows once.
#include "philox.cl"
#include "state.cl"
#include "sums.cl"

FLAT void update_codebook_sums(
  int rows, int count, int columns, float decay, float rest, __global const uint *state,
  __global const float *x, int x0, __global const float *indices, int indices0,
  __global float *counts, int counts0, __global float *sums, int sums0, __global float *found,
  int found0) {
  if (state[STATE_NOTED] != 0) return;
#if VECTOR == 16
  const int begin = (int)((long)count * get_group_id(0) / get_num_groups(0));
  const int end = (int)((long)count * (get_group_id(0) + 1) / get_num_groups(0));
  for (int k = begin; k < end; ++k) {
    found[found0 + count * columns + k] = 0.0f;
    for (int d = 0; d < columns; d += 16) {
      ae_store((floatV)(0.0f), found + found0 + k * columns + d, columns - d);
    }
  }
  for (int row = 0; row < rows; ++row) {
    const int k = (int)indices[indices0 + row];
    if (k < begin || k >= end) continue;
    found[found0 + count * columns + k] += 1.0f;
    for (int d = 0; d < columns; d += 16) {
      __global float *sum = found + found0 + k * columns + d;
      ae_store(LOAD(sum) + LOAD(x + x0 + row * columns + d), sum, columns - d);
    }
  }
  for (int k = begin; k < end; ++k) {
    const float number = found[found0 + count * columns + k];
    counts[counts0 + k] = decay * counts[counts0 + k] + rest * number;
    for (int d = 0; d < columns; d += 16) {
      __global float *m = sums + sums0 + k * columns + d;
      const floatV s = LOAD(found + found0 + k * columns + d);
      ae_store(decay * LOAD(m) + rest * s, m, columns - d);
    }
  }
#else
  const int k = get_group_id(0), item = get_local_id(0);
  for (int d = item; d < columns; d += LOCAL) {
    ae_Sum sum = {0.0f, 0.0f, 0};
    int number = 0;
    for (int row = 0; row < rows; ++row) {
      if (indices[indices0 + row] != (float)k) continue;
      ae_add(&sum, x[x0 + row * columns + d]);
      ++number;
    }
    __global float *m = sums + sums0 + k * columns + d;
    *m = decay * *m + rest * (sum.total + sum.part);
    if (d == 0) counts[counts0 + k] = decay * counts[counts0 + k] + rest * (float)number;
  }
#endif
}

/// The row that code `k` is restarted from.
static int ae_drawn_row(int k, int rows, uint key0, uint key1, uint stream,
  __global const uint *state) {
  uintV x[4] = {
    (uintV)(k / 4), (uintV)(state[STATE_STEP_LOW(0)]), (uintV)(state[STATE_STEP_HIGH(0)]),
    (uintV)(stream)};
  ae_philox(x, key0, key1);
  return (int)mul_hi(((const uint *)&x[k % 4])[0], (uint)rows);
}

FLAT void update_codebook(
  int rows, int count, int columns, float restart, float epsilon, uint key0, uint key1, uint stream,
  __global const uint *state, __global const float *x, int x0, __global const float *total,
  int total0, __global float *codes, int codes0, __global float *counts, int counts0,
  __global float *sums, int sums0) {
  if (state[STATE_NOTED] != 0) return;
  const int item = get_local_id(0);
  const float all = total[total0], fair = all / (float)count;
  for (int k = get_group_id(0); k < count; k += get_num_groups(0)) {
    const float known = counts[counts0 + k];
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    const bool isDead = known <= restart * fair;
    const int row = isDead ? ae_drawn_row(k, rows, key0, key1, stream, state) : 0;
    const float factor = (all + (float)count * epsilon) / (all * (known + epsilon));
    for (int d = VECTOR * item; d < columns; d += VECTOR * LOCAL) {
      __global float *code = codes + codes0 + k * columns + d, *m = sums + sums0 + k * columns + d;
      if (isDead) {
        const floatV start = LOAD(x + x0 + row * columns + d);
        ae_store(start, code, columns - d);
        ae_store(fair * start, m, columns - d);
      } else {
        ae_store(factor * LOAD(m), code, columns - d);
      }
    }
    if (isDead && item == 0) counts[counts0 + k] = fair;
  }
}
