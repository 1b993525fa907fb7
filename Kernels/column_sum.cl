// column_sum: `s[share, n] = Σ x[r, n]` over a part of the rows, in blocks of 32 rows whose sums
// are then added. A tall matrix is divided into several parts, and a second launch adds up their
// sums.
//
// x: [rows, columns]; s: [shares, columns], where shares is the number of groups of dimension 1. On
// a CPU device a work-item sums 4 vectors of columns; on a GPU a group of 32 × 8 work-items
// processes 32 columns, each work-item every eighth row, and a tree adds up the eight sums.
#include "sums.cl"

#if VECTOR == 16

ENTRY(1, 1) void column_sum(
  IDS int rows, int columns, __global const float *x, int x0, __global float *s, int s0) {
  const int n0 = 64 * get_group_id(0), share = get_group_id(1), shares = get_num_groups(1);
  const int begin = (int)((long)rows * share / shares);
  const int end = (int)((long)rows * (share + 1) / shares);
  const int vectors = min(4, (columns - n0 - 1) / 16 + 1);
  float16 total[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (int first = begin; first < end; first += 32) {
    float16 part[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    const int last = min(first + 32, end);
    if (vectors == 4) {
      for (int r = first; r < last; ++r) {
        __global const float *row = x + x0 + r * columns + n0;
        for (int j = 0; j < 4; ++j) part[j] += vload16(j, row);
      }
    } else {
      for (int r = first; r < last; ++r) {
        __global const float *row = x + x0 + r * columns + n0;
        for (int j = 0; j < vectors; ++j) part[j] += vload16(j, row);
      }
    }
    for (int j = 0; j < 4; ++j) total[j] += part[j];
  }
  for (int j = 0; j < vectors; ++j) {
    ae_store(total[j], s + s0 + share * columns + n0 + 16 * j, columns - n0 - 16 * j);
  }
}

#else

ENTRY(32, 8) void column_sum(
  int rows, int columns, __global const float *x, int x0, __global float *s, int s0) {
  __local float sums[8][32];
  const int lane = get_local_id(0), y = get_local_id(1), n = 32 * get_group_id(0) + lane;
  const int share = get_group_id(1), shares = get_num_groups(1);
  const int begin = (int)((long)rows * share / shares);
  const int end = (int)((long)rows * (share + 1) / shares);
  ae_Sum sum = {0.0f, 0.0f, 0};
  if (n < columns) {
    for (int r = begin + y; r < end; r += 8) ae_add(&sum, x[x0 + r * columns + n]);
  }
  sums[y][lane] = sum.total + sum.part;
  for (int middle = 4; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (y < middle) sums[y][lane] += sums[y + middle][lane];
  }
  if (y == 0 && n < columns) s[s0 + share * columns + n] = sums[0][lane];
}

#endif
