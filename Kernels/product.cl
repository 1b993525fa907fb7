// product: `C = epilogue(op(A) · op(B))`.
//
// a: [M, K], or [K, M] if TRANSPOSE_A; b: [K, N], or [N, K] if TRANSPOSE_B; c: [M, N]; bias: [N];
// addend, operand: [M, N]. The epilogue is the one in activations.cl; operands that it does not use
// are no parameters. With LOSS (losses.cl), C is a reconstruction: its loss is computed, and C is
// not stored. With COLUMN_SUMS, sums: [N] becomes `Σ_k op(B)[k, n]`: `dW = xᵀ dy` and `db` in one
// launch.
//
// On a CPU device a work-item processes a panel of 32 columns and a part of the row tiles. If
// PACKED (always if TRANSPOSE_B) it first copies the panel of op(B) to its part of `packed`, K rows
// of 32, so that the inner loop reads consecutive memory; each tile of ROWS × 32 sums stays in
// registers. An element is summed over k in order, whatever the tile. M is at least ROWS. WIDE and
// NARROW are explained in panels.cl. If SLICED, the third index of a group is a slice of K; c
// receives the sums of the slices, [slices, M (+ 1 if COLUMN_SUMS), N], and the column sums are the
// last row of each slice; product_slices.cl adds them up. If FUSED, a work-item gets a part of the
// rows, not of the tiles: the same rows for every product with this number of rows, at least ROWS
// of them; it packs its panels one after another into the same SHARE_ROOM elements. On a GPU a
// group of 16 × 16 work-items computes a square of TILE × TILE elements from DEPTH columns and rows
// at a time in local memory, (TILE / 16)² elements per work-item.
#include "tiles.cl"

#ifndef PACKED
#define PACKED TRANSPOSE_B
#endif
#if PACKED
#define PACKED_PARAMETER , __global float *packed
#else
#define PACKED_PARAMETER
#endif
#ifndef SLICED
#define SLICED 0
#endif
#ifndef FUSED
#define FUSED 0
#endif
#ifndef TILE
#define TILE 64
#endif
#define DEPTH 16

#if VECTOR == 16

/// Sums `count` terms of ROWS × (16 · vectors) elements from row m and column n, and stores them;
/// rows before `from` are computed but belong to another tile. `a` and `b` begin with the first
/// term.
static __attribute__((always_inline)) void ae_tile(
  const int vectors, int m, int from, int n, int M, int N, int K, int count,
  __global const float *a, __global const float *b, int stride, __global float *c,
  __global const float *bias, __global const float *addend, __global const float *operand,
  ae_Loss *loss) {
  float16 sums[ROWS][2];
  EACH_ROW(i) {
    EACH_VECTOR(j) { sums[i][j] = (float16)(0.0f); }
  }
  a += TRANSPOSE_A ? m : m * K;
#if LOSS
  // Targets of a large batch come from memory, in short rows.
  if (count >= 128) {
    EACH_ROW(i) {
      EACH_VECTOR(j) { ae_prefetch(loss->targets + (m + i) * N + n + 16 * j); }
    }
  }
#endif
  for (int k = 0; k < count; ++k) {
    float16 y[2];
    EACH_VECTOR(j) { y[j] = vload16(j, b + k * stride); }
    EACH_ROW(i) {
      const float16 x = (float16)(a[TRANSPOSE_A ? k * M + i : i * K + k]);
      EACH_VECTOR(j) { sums[i][j] = fma(x, y[j], sums[i][j]); }
    }
  }
  ae_finish_tile(vectors, sums, m, from, n, M, N, c, bias, addend, operand, loss);
}

ENTRY(1, 1) void product(
  IDS int M, int N, int K, __global const float *a, int a0, __global const float *b, int b0,
  __global float *c, int c0 EPILOGUE_PARAMETERS PACKED_PARAMETER COLUMN_SUM_PARAMETERS
    LOSS_PARAMETERS) {
  const int share = get_group_id(1), shares = get_num_groups(1), n = 32 * get_group_id(0);
#if FUSED
  const int first = (int)((long)M * share / shares), end = (int)((long)M * (share + 1) / shares);
  const int last = end - ROWS;
#else
  const int tileCount = (M - 1) / ROWS + 1;
  const int first = tileCount * share / shares * ROWS;
  const int end = min(tileCount * (share + 1) / shares * ROWS, M);
  const int last = M - ROWS;
#endif
  const int vectors = N - n > 16 ? 2 : 1;
#if SLICED
  const int slice = get_group_id(2), slices = get_num_groups(2);
  const int begin = (int)((long)K * slice / slices);
  const int count = (int)((long)K * (slice + 1) / slices) - begin;
  c += c0 + slice * (M + COLUMN_SUMS) * N;
#else
  const int slice = 0, begin = 0, count = K;
  c += c0;
#endif
#if COLUMN_SUMS
  sums = SLICED ? c + M * N : sums + sums0;
#endif
#if PACKED
#if FUSED
  __global float *panel = packed + (size_t)share * SHARE_ROOM;
#else
  const int group = (slice * shares + share) * get_num_groups(0) + get_group_id(0);
  __global float *panel = packed + (size_t)group * 32 * (count + 16);
#endif
  const int stride = 32;
  ae_pack(vectors, n, N, K, begin, begin + count, b + b0, panel);
#else
  __global const float *panel = b + b0 + begin * N + n;
  const int stride = N;
#endif
  a += a0 + begin * (TRANSPOSE_A ? M : 1);
#if COLUMN_SUMS
  if (share == 0) {
    for (int j = 0; j < vectors; ++j) {
      ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
      for (int k = 0; k < count; ++k) ae_add(&sum, vload16(j, panel + k * stride));
      ae_store(sum.total + sum.part, sums + n + 16 * j, N - n - 16 * j);
    }
  }
#endif
  ae_Loss loss = LOSS_AT;
  // The last tile begins early enough to have ROWS rows.
  for (int m = first; m < end; m += ROWS) {
    if (IS_WIDE(N - n)) {
      ae_tile(
        2, min(m, last), m, n, M, N, K, count, a, panel, stride, c, BIAS_AT, ADDEND_AT,
        OPERAND_AT, &loss);
    } else if (NARROW) {
      ae_tile(
        1, min(m, last), m, n, M, N, K, count, a, panel, stride, c, BIAS_AT, ADDEND_AT,
        OPERAND_AT, &loss);
    }
  }
#if LOSS
  partials += partials0 + share * get_num_groups(0) + get_group_id(0);
  *partials = factor * ae_sum(loss.sum.total + loss.sum.part);
#endif
}

#else

#define SIDE (TILE / 16)

ENTRY(16, 16) void product(
  int M, int N, int K, __global const float *a, int a0, __global const float *b, int b0,
  __global float *c, int c0 EPILOGUE_PARAMETERS COLUMN_SUM_PARAMETERS LOSS_PARAMETERS) {
  // One column more than is used, so that neighbouring work-items write to different banks.
  __local float as[DEPTH][TILE + 1], bs[DEPTH][TILE + 1];
  const int x = get_local_id(0), y = get_local_id(1), item = 16 * y + x;
  const int n0 = TILE * get_group_id(0), m0 = TILE * get_group_id(1);
  float tile[SIDE][SIDE];
#pragma unroll
  for (int i = 0; i < SIDE; ++i) {
#pragma unroll
    for (int j = 0; j < SIDE; ++j) tile[i][j] = 0.0f;
  }
#if COLUMN_SUMS
  // The first TILE work-items of the groups in the first row add up one column each.
  const int adds = m0 == 0 && item < TILE;
  ae_Sum column = {0.0f, 0.0f, 0};
#endif

  for (int k0 = 0; k0 < K; k0 += DEPTH) {
    // Neighbouring work-items read neighbouring elements of the stored matrix.
    for (int e = item; e < TILE * DEPTH; e += 256) {
      const int am = TRANSPOSE_A ? e % TILE : e / DEPTH, ak = TRANSPOSE_A ? e / TILE : e % DEPTH;
      const int bn = TRANSPOSE_B ? e / DEPTH : e % TILE, bk = TRANSPOSE_B ? e % DEPTH : e / TILE;
      const int m = m0 + am, n = n0 + bn, ka = k0 + ak, kb = k0 + bk;
      as[ak][am] = m < M && ka < K ? a[a0 + (TRANSPOSE_A ? ka * M + m : m * K + ka)] : 0.0f;
      bs[bk][bn] = n < N && kb < K ? b[b0 + (TRANSPOSE_B ? n * K + kb : kb * N + n)] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
#if COLUMN_SUMS
    if (adds) {
      for (int k = 0; k < DEPTH; ++k) ae_add(&column, bs[k][item]);
    }
#endif
    for (int k = 0; k < DEPTH; ++k) {
      float u[SIDE], v[SIDE];
#pragma unroll
      for (int i = 0; i < SIDE; ++i) {
        u[i] = as[k][y + 16 * i];
        v[i] = bs[k][x + 16 * i];
      }
#pragma unroll
      for (int i = 0; i < SIDE; ++i) {
#pragma unroll
        for (int j = 0; j < SIDE; ++j) tile[i][j] = fma(u[i], v[j], tile[i][j]);
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

#if COLUMN_SUMS
  if (adds && n0 + item < N) sums[sums0 + n0 + item] = column.total + column.part;
#endif
  ae_Loss loss = LOSS_AT;
  for (int i = 0; i < SIDE; ++i) {
    for (int j = 0; j < SIDE; ++j) {
      const int m = m0 + y + 16 * i, n = n0 + x + 16 * j, index = m * N + n;
      if (m < M && n < N) {
        float value = ae_epilogue(tile[i][j], n, index, BIAS_AT, ADDEND_AT, OPERAND_AT);
#if LOSS
        value = ae_judge(value, index, 1, &loss);
#endif
#if LOSS != 1
        c[c0 + index] = value;
#endif
      }
    }
  }
#if LOSS
  TREE(tree, 256);
  ae_write_square_partial(loss.sum, factor, partials + partials0, tree);
#endif
}

#endif
