// The gated recurrent unit over all steps of sequences, and its gradients with respect to the
// input's part and the recurrent part.

#include "recurrent.h"

/// Operands. The gradient writes `da` and `dq`, and stores for each sequence the two parts of the
/// gradient for the previous step: one through the product with `u`, and the other.
struct gru {
  loops_recurrence s;
  const float *a, *u, *d;
  float *h, *gates, *q;
  const float *dh;
  float *da, *dq, *carried;
};

/// `LANES` units from `j` of the same step of `rows` sequences from `n`.
INLINE void advance(
  const intptr_t rows, const struct gru *l, intptr_t n, intptr_t t, intptr_t j, intptr_t width
) {
  const intptr_t units = l->s.units, columns = 3 * units, stride = l->s.length * units;
  const intptr_t at = (n * l->s.length + t) * units + j;
  lanes sums[RECURRENT_ROWS][4] = {0};
  EACH(r, rows) {
    EACH(p, 3) memcpy(&sums[r][p], l->d + p * units + j, BYTES(width));
  }
  if (t > 0) {
    const float *before = l->h + at - j - units;
    add_products(rows, 3, before, stride, units, l->u + j, columns, units, width, sums);
  }
  // Only constant indices, so that sums stay in registers until here.
  float totals[RECURRENT_ROWS][4][LANES];
  EACH(r, rows) memcpy(totals[r], sums[r], sizeof sums[r]);
  for (intptr_t r = 0; r < rows; ++r) {
    const intptr_t place = at + r * stride;
    const float *a = l->a + 3 * (place - j) + j;
    float(*const x)[LANES] = totals[r];
    float input[3][LANES] = {0}, q[LANES], state[LANES] = {0};
    EACH(p, 3) memcpy(input[p], a + p * units, BYTES(width));
    if (t > 0) memcpy(state, l->h + place - units, BYTES(width));
    ELEMENTWISE(e, 0, LANES) {
      q[e] = x[2][e];
      x[0][e] = sigmoid(input[0][e] + x[0][e]);
      x[1][e] = sigmoid(input[1][e] + x[1][e]);
      x[2][e] = hyperbolic_tangent(input[2][e] + x[0][e] * q[e]);
      state[e] = (1.0f - x[1][e]) * x[2][e] + x[1][e] * state[e];
    }
    float *gates = l->gates + 3 * (place - j) + j;
    EACH(p, 3) memcpy(gates + p * units, x[p], BYTES(width));
    memcpy(l->q + place, q, BYTES(width));
    memcpy(l->h + place, state, BYTES(width));
  }
}

INLINE void run_rows(const intptr_t rows, const struct gru *l, intptr_t n) {
  for (intptr_t t = 0; t < l->s.length; ++t) {
    intptr_t j = 0;
    for (; j + LANES <= l->s.units; j += LANES) advance(rows, l, n, t, j, LANES);
    if (j < l->s.units) advance(rows, l, n, t, j, l->s.units - j);
  }
}

/// Sequences `n`.
CLONES
static void forward(const void *context, intptr_t begin, intptr_t end) {
  const struct gru *l = context;
#define RUN(rows, n) run_rows(rows, l, n)
  OVER_ROWS(begin, end, RUN)
#undef RUN
}

/// Gradients of the gates of step `t`; stores the part for the previous step that does not go
/// through the product.
INLINE void derive(const struct gru *l, intptr_t n, intptr_t t) {
  const intptr_t units = l->s.units, at = (n * l->s.length + t) * units;
  const float *dh = l->dh + at, *h = l->h + at, *q = l->q + at;
  const float *r = l->gates + 3 * at, *z = r + units, *new = z + units;
  float *da = l->da + 3 * at, *dq = l->dq + 3 * at;
  const float *state = l->carried + n * 2 * units;
  float *beside = l->carried + (n * 2 + 1) * units;
  // The first step has no state before it; the values read in its place have no effect.
  const float *before = t > 0 ? h - units : h;
  const float kept = t > 0 ? 1.0f : 0.0f;
  ELEMENTWISE(j, 0, units) {
    const float d = dh[j] + (state[j] + beside[j]);
    const float dn = d * (1.0f - z[j]) * (1.0f - new[j] * new[j]);
    const float dr = dn * q[j] * (r[j] * (1.0f - r[j]));
    const float dz = d * (kept * before[j] - new[j]) * (z[j] * (1.0f - z[j]));
    da[j] = dr;
    da[units + j] = dz;
    da[2 * units + j] = dn;
    dq[j] = dr;
    dq[units + j] = dz;
    dq[2 * units + j] = dn * r[j];
    beside[j] = d * z[j];
  }
}

INLINE void run_rows_back(const intptr_t rows, const struct gru *l, intptr_t n) {
  const intptr_t units = l->s.units, length = l->s.length;
  memset(l->carried + n * 2 * units, 0, (size_t)(rows * 2 * units) * sizeof(float));
  for (intptr_t t = length - 1; t >= 0; --t) {
    for (intptr_t r = 0; r < rows; ++r) derive(l, n + r, t);
    if (t == 0) break;
    multiply_rows(
      rows, l->dq + (n * length + t) * 3 * units, length * 3 * units, 3 * units, l->u, units,
      l->carried + n * 2 * units, 2 * units);
  }
}

/// Sequences `n`; `u` is transposed.
CLONES
static void backward(const void *context, intptr_t begin, intptr_t end) {
  const struct gru *l = context;
#define RUN(rows, n) run_rows_back(rows, l, n)
  OVER_ROWS(begin, end, RUN)
#undef RUN
}

static intptr_t grain(const loops_recurrence *s) {
  return recurrent_grain(3 * s->units * (s->units + 16) * s->length);
}

void loops_gru(
  const loops_recurrence *s, const float *a, const float *u, const float *d, float *h,
  float *gates, float *q, int threads
) {
  const struct gru l = {*s, a, u, d, h, gates, q, NULL, NULL, NULL, NULL};
  loops_over(threads, s->sequences, 1, grain(s), forward, &l);
}

void loops_gru_gradient(
  const loops_recurrence *s, const float *dh, const float *h, const float *gates, const float *q,
  const float *u, float *scratch, float *da, float *dq, int threads
) {
  float *carried = scratch + 3 * s->units * s->units;
  transpose(u, scratch, s->units, 3 * s->units);
  const struct gru l = {
    *s, NULL, scratch, NULL, (float *)h, (float *)gates, (float *)q, dh, da, dq, carried,
  };
  loops_over(threads, s->sequences, 1, grain(s), backward, &l);
}
