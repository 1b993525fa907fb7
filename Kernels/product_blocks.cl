// product_blocks: `C = epilogue(op(A) · op(B))` on GPUs, in blocks of TILE_M × TILE_N elements.
//
// Operands, epilogue, LOSS, COLUMN_SUMS and SLICED are those of product.cl. A group of 16 × 16
// work-items copies DEPTH columns of op(A) and rows of op(B) at a time to local memory, and the
// next ones to registers while these are multiplied. A work-item sums (TILE_M / 16) × (TILE_N / 16)
// elements. Its rows and columns are in runs of up to four neighbours, so that local memory is read
// in vectors: run r of row y is rows (16 r + y) · V … + V - 1.
#include "operands.cl"

#ifndef TRANSPOSE_A
#define TRANSPOSE_A 0
#endif
#ifndef TRANSPOSE_B
#define TRANSPOSE_B 0
#endif
#ifndef SLICED
#define SLICED 0
#endif
#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif

#if VECTOR == 1

#define DEPTH 16
#define SIDE_M (TILE_M / 16)
#define SIDE_N (TILE_N / 16)
#define RUN_M (SIDE_M < 4 ? SIDE_M : 4)
#define RUN_N (SIDE_N < 4 ? SIDE_N : 4)
// Rows of local memory keep the alignment of vectors; each begins four banks after the previous
// one.
#define STRIDE_M (TILE_M + 4)
#define STRIDE_N (TILE_N + 4)

/// The index of the `i`-th row or column of work-item `item` of 16 in a tile.
#define PLACE(i, item, run) (((i) / (run) * 16 + (item)) * (run) + (i) % (run))

/// Reads the work-item's `side` numbers of a row of local memory.
#define READ(numbers, row, item, side, run) \
  _Pragma("unroll") for (int r = 0; r < (side) / (run); ++r) { \
    __local const float *from = (row) + (16 * r + (item)) * (run); \
    if ((run) == 4) { \
      const float4 four = *(__local const float4 *)from; \
      (numbers)[4 * r] = four.s0; \
      (numbers)[4 * r + 1] = four.s1; \
      (numbers)[4 * r + 2] = four.s2; \
      (numbers)[4 * r + 3] = four.s3; \
    } else { \
      for (int i = 0; i < (run); ++i) (numbers)[(run) * r + i] = from[i]; \
    } \
  }

__kernel __attribute__((reqd_work_group_size(16, 16, 1))) void product_blocks(
  int M, int N, int K, __global const float *a, int a0, __global const float *b, int b0,
  __global float *c, int c0 EPILOGUE_PARAMETERS COLUMN_SUM_PARAMETERS LOSS_PARAMETERS) {
  __local float as[DEPTH * STRIDE_M] __attribute__((aligned(16)));
  __local float bs[DEPTH * STRIDE_N] __attribute__((aligned(16)));
  const int x = get_local_id(0), y = get_local_id(1), item = 16 * y + x;
  const int n0 = TILE_N * get_group_id(0), m0 = TILE_M * get_group_id(1);
  a += a0;
  b += b0;
#if SLICED
  const int slice = get_group_id(2), slices = get_num_groups(2);
  const int begin = (int)((long)K * slice / slices);
  const int end = (int)((long)K * (slice + 1) / slices);
  c += c0 + slice * (M + COLUMN_SUMS) * N;
#else
  const int begin = 0, end = K;
  c += c0;
#endif
#if COLUMN_SUMS
  sums = SLICED ? c + M * N : sums + sums0;
#endif

  float tile[SIDE_M][SIDE_N];
#pragma unroll
  for (int i = 0; i < SIDE_M; ++i) {
#pragma unroll
    for (int j = 0; j < SIDE_N; ++j) tile[i][j] = 0.0f;
  }
#if COLUMN_SUMS
  // The first TILE_N work-items of the groups in the first row add up one column each.
  const int adds = m0 == 0 && item < TILE_N;
  ae_Sum column = {0.0f, 0.0f, 0};
#endif

  float nextA[SIDE_M], nextB[SIDE_N];
  // One iteration more than there are steps of DEPTH: each loads for the next one, and multiplies
  // what the previous one loaded. Neighbouring work-items read neighbouring elements of the stored
  // matrix.
  for (int k0 = begin - DEPTH; k0 < end; k0 += DEPTH) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (k0 >= begin) {
#pragma unroll
      for (int i = 0; i < SIDE_M; ++i) {
        const int e = item + 256 * i;
        as[TRANSPOSE_A ? e / TILE_M * STRIDE_M + e % TILE_M : e % DEPTH * STRIDE_M + e / DEPTH] =
          nextA[i];
      }
#pragma unroll
      for (int j = 0; j < SIDE_N; ++j) {
        const int e = item + 256 * j;
        bs[TRANSPOSE_B ? e % DEPTH * STRIDE_N + e / DEPTH : e / TILE_N * STRIDE_N + e % TILE_N] =
          nextB[j];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
    for (int i = 0; i < SIDE_M; ++i) {
      const int e = item + 256 * i;
      const int m = m0 + (TRANSPOSE_A ? e % TILE_M : e / DEPTH);
      const int k = k0 + DEPTH + (TRANSPOSE_A ? e / TILE_M : e % DEPTH);
      nextA[i] = m < M && k < end ? a[TRANSPOSE_A ? k * M + m : m * K + k] : 0.0f;
    }
#pragma unroll
    for (int j = 0; j < SIDE_N; ++j) {
      const int e = item + 256 * j;
      const int n = n0 + (TRANSPOSE_B ? e / DEPTH : e % TILE_N);
      const int k = k0 + DEPTH + (TRANSPOSE_B ? e % DEPTH : e / TILE_N);
      nextB[j] = n < N && k < end ? b[TRANSPOSE_B ? n * K + k : k * N + n] : 0.0f;
    }
    if (k0 >= begin) {
#if COLUMN_SUMS
      if (adds) {
        for (int k = 0; k < DEPTH; ++k) ae_add(&column, bs[k * STRIDE_N + item]);
      }
#endif
      for (int k = 0; k < DEPTH; ++k) {
        float u[SIDE_M], v[SIDE_N];
        READ(u, as + k * STRIDE_M, y, SIDE_M, RUN_M)
        READ(v, bs + k * STRIDE_N, x, SIDE_N, RUN_N)
#pragma unroll
        for (int i = 0; i < SIDE_M; ++i) {
#pragma unroll
          for (int j = 0; j < SIDE_N; ++j) tile[i][j] = fma(u[i], v[j], tile[i][j]);
        }
      }
    }
  }

#if COLUMN_SUMS
  if (adds && n0 + item < N) sums[n0 + item] = column.total + column.part;
#endif
  ae_Loss loss = LOSS_AT;
#pragma unroll
  for (int i = 0; i < SIDE_M; ++i) {
    const int m = m0 + PLACE(i, y, RUN_M);
#pragma unroll
    for (int j = 0; j < SIDE_N; ++j) {
      const int n = n0 + PLACE(j, x, RUN_N), index = m * N + n;
      if (m < M && n < N) {
        float value = ae_epilogue(tile[i][j], n, index, BIAS_AT, ADDEND_AT, OPERAND_AT);
#if LOSS
        value = ae_judge(value, index, 1, &loss);
#endif
#if LOSS != 1
        c[index] = value;
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
