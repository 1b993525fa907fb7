// Shared code of the recurrent layers. A work-group processes a part of the sequences through all
// steps in one launch. On a CPU device a group is one work-item, which processes up to four
// sequences at a time; on a GPU its work-items divide the units of its sequences, and a barrier
// ends each step.
#include "functions.cl"

/// The sequences of this group.
#define SHARE_BEGIN (int)((long)N * get_group_id(0) / get_num_groups(0))
#define SHARE_END (int)((long)N * (get_group_id(0) + 1) / get_num_groups(0))

#if VECTOR == 16
/// Sequences `n` of the part, by fours: `run(4, n)`, and `run(1, n)` for the rest.
#define OVER_SHARE(run) \
  const int end = SHARE_END; \
  int n = SHARE_BEGIN; \
  for (; n + 4 <= end; n += 4) run(4, n); \
  for (; n < end; ++n) run(1, n);
#else
/// Units `j` of the part's sequences `n` that this work-item processes: at each step the same ones.
#define EACH_UNIT(n, j) \
  for (int cell = get_local_id(0); cell < (SHARE_END - SHARE_BEGIN) * H; cell += LOCAL) \
    for (int n = SHARE_BEGIN + cell / H, j = cell % H, once = 1; once; once = 0)
#endif

#define EACH(i, count) _Pragma("unroll") for (int i = 0; i < (count); ++i)

/// `sums[r][p] += Σ x[r · stride + k] · w[k · columns + p · step]` over k < count, in order.
static __attribute__((always_inline)) void ae_add_products(
  const int rows, const int parts, __global const float *x, int stride, int count,
  __global const float *w, int columns, int step, floatV (*sums)[4]) {
  for (int k = 0; k < count; ++k) {
    floatV weights[4];
    EACH(p, parts) { weights[p] = LOAD(w + k * columns + p * step); }
    EACH(r, rows) {
      const floatV one = (floatV)(x[r * stride + k]);
      EACH(p, parts) { sums[r][p] = fma(one, weights[p], sums[r][p]); }
    }
  }
}

/// `y[r · H] = Σ d[r · stride + k] · w[k · H]` over k < count: the gradient for the previous step,
/// for a vector of units, of which `valid` exist.
static __attribute__((always_inline)) void ae_carry(
  const int rows, __global const float *d, int stride, int count, __global const float *w, int H,
  __global float *y, int valid) {
  floatV sums[4][4];
  EACH(r, rows) { sums[r][0] = (floatV)(0.0f); }
  ae_add_products(rows, 1, d, stride, count, w, H, 0, sums);
  EACH(r, rows) { ae_store(sums[r][0], y + r * H, valid); }
}
