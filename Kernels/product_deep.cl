// product_deep: `C = epilogue(Aᵀ · op(B))` with many terms, on CPU devices: the gradients of weights
// for large batches.
//
// a: [K, M]; the other operands, the epilogue and COLUMN_SUMS are those of product.cl. A work-item
// processes PANELS panels of 32 columns and a part of the row tiles, in blocks of DEPTH terms: it
// packs the block of op(B) to its part of `packed`, DEPTH + 16 rows of 32 for each panel, and for
// each tile its numbers of A, so that both stay in the caches of one core. Between blocks, the sums
// are in C. An element is summed over k in order, as in product.cl: the bits are the same. M is at
// least ROWS.
#include "tiles.cl"

#ifndef PANELS
#define PANELS 8
#endif
#ifndef DEPTH
#define DEPTH 256
#endif

#if VECTOR == 16

#define EACH_SUM(i, j) EACH_ROW(i) EACH_VECTOR(j)

/// Adds `count` terms to ROWS × (16 · vectors) elements from row m and column n.
static __attribute__((always_inline)) void ae_deep_tile(
  const int vectors, int isFirst, int isLast, int m, int from, int n, int M, int N, int count,
  const float16 *a, __global const float *b, __global float *c, __global const float *bias,
  __global const float *addend, __global const float *operand, ae_Loss *loss) {
  __global float *place = c + m * N + n;
  float16 sums[ROWS][2];
  if (isFirst) {
    EACH_SUM(i, j) { sums[i][j] = (float16)(0.0f); }
  } else {
    EACH_SUM(i, j) { sums[i][j] = vload16(j, place + i * N); }
  }
  for (int k = 0; k < count; ++k) {
    const float *row = (const float *)(a + k);
    float16 y[2];
    EACH_VECTOR(j) { y[j] = vload16(2 * k + j, b); }
    EACH_ROW(i) {
      const float16 x = (float16)(row[i]);
      EACH_VECTOR(j) { sums[i][j] = fma(x, y[j], sums[i][j]); }
    }
  }
  if (isLast) {
    ae_finish_tile(vectors, sums, m, from, n, M, N, c, bias, addend, operand, loss);
  } else if (from <= m && N - n >= 16 * vectors) {
    EACH_SUM(i, j) { vstore16(sums[i][j], j, place + i * N); }
  } else {
    float16 rows[ROWS][2];
    EACH_SUM(i, j) { rows[i][j] = sums[i][j]; }
#pragma nounroll
    for (int i = max(from - m, 0); i < ROWS; ++i) {
#pragma nounroll
      for (int j = 0; j < vectors; ++j) {
        ae_store(rows[i][j], place + i * N + 16 * j, N - n - 16 * j);
      }
    }
  }
}

/// Adds `count` rows of a panel to its column sums: as `ae_add` does, 64 terms, then their sums.
static void ae_add_columns(
  const int vectors, __global const float *panel, int count, float16 *totals) {
  float16 total[2];
  EACH_VECTOR(j) { total[j] = totals[j]; }
  for (int first = 0; first < count; first += 64) {
    float16 part[2];
    EACH_VECTOR(j) { part[j] = (float16)(0.0f); }
    for (int k = first; k < min(first + 64, count); ++k) {
      EACH_VECTOR(j) { part[j] += vload16(2 * k + j, panel); }
    }
    EACH_VECTOR(j) { total[j] += part[j]; }
  }
  EACH_VECTOR(j) { totals[j] = total[j]; }
}

ENTRY(1, 1) void product_deep(
  int M, int N, int K, __global const float *a, int a0, __global const float *b, int b0,
  __global float *c, int c0 EPILOGUE_PARAMETERS, __global float *packed COLUMN_SUM_PARAMETERS) {
  const int share = get_group_id(1), shares = get_num_groups(1), N0 = 32 * PANELS * get_group_id(0);
  const int tileCount = (M - 1) / ROWS + 1;
  const int first = tileCount * share / shares * ROWS;
  const int end = min(tileCount * (share + 1) / shares * ROWS, M);
  const int last = M - ROWS, room = 32 * (DEPTH + 16);
  const int panels = min((N - N0 - 1) / 32 + 1, PANELS);
  packed += (size_t)(share * get_num_groups(0) + get_group_id(0)) * PANELS * room;
  a += a0;
  c += c0;
#if COLUMN_SUMS
  float16 columns[2 * PANELS];
  for (int j = 0; j < 2 * PANELS; ++j) columns[j] = (float16)(0.0f);
#endif
  ae_Loss loss = LOSS_AT;
  for (int k0 = 0; k0 < K; k0 += DEPTH) {
    const int count = min(DEPTH, K - k0);
    for (int p = 0; p < panels; ++p) {
      const int n = N0 + 32 * p, vectors = N - n > 16 ? 2 : 1;
      ae_pack(vectors, n, N, K, k0, k0 + count, b + b0, packed + p * room);
#if COLUMN_SUMS
      if (p % shares == share) ae_add_columns(vectors, packed + p * room, count, columns + 2 * p);
#endif
    }
    // The last tile begins early enough to have ROWS rows.
    for (int from = first; from < end; from += ROWS) {
      const int m = min(from, last);
      float16 rows[DEPTH];
      for (int k = 0; k < count; ++k) rows[k] = vload16(0, a + (k0 + k) * M + m);
      for (int p = 0; p < panels; ++p) {
        const int n = N0 + 32 * p;
        if (IS_WIDE(N - n)) {
          ae_deep_tile(
            2, k0 == 0, k0 + DEPTH >= K, m, from, n, M, N, count, rows, packed + p * room, c,
            BIAS_AT, ADDEND_AT, OPERAND_AT, &loss);
        } else if (NARROW) {
          ae_deep_tile(
            1, k0 == 0, k0 + DEPTH >= K, m, from, n, M, N, count, rows, packed + p * room, c,
            BIAS_AT, ADDEND_AT, OPERAND_AT, &loss);
        }
      }
    }
  }
#if COLUMN_SUMS
  sums += sums0;
  for (int j = 0; j < 2 * panels; ++j) {
    const int n = N0 + 16 * j;
    if (n < N && j / 2 % shares == share) ae_store(columns[j], sums + n, N - n);
  }
#endif
}

#endif
