// Long short-term memory over all steps of sequences, and its gradient with respect to the input's
// part.

#include "recurrent.h"

/// Operands. The gradient writes `da`, and stores for each sequence the gradient for the previous
/// step.
struct lstm {
  loops_recurrence s;
  const float *a, *u;
  float *h, *gates, *c;
  const float *dh;
  float *da, *carried;
};

/// `LANES` units from `j` of the same step of `rows` sequences from `n`.
INLINE void advance(
  const intptr_t rows, const struct lstm *l, intptr_t n, intptr_t t, intptr_t j, intptr_t width
) {
  const intptr_t units = l->s.units, columns = 4 * units, stride = l->s.length * units;
  const intptr_t at = (n * l->s.length + t) * units + j;
  lanes sums[RECURRENT_ROWS][4] = {0};
  EACH(r, rows) {
    const float *a = l->a + 4 * (at - j + r * stride) + j;
    EACH(p, 4) memcpy(&sums[r][p], a + p * units, BYTES(width));
  }
  if (t > 0) {
    const float *before = l->h + at - j - units;
    add_products(rows, 4, before, stride, units, l->u + j, columns, units, width, sums);
  }
  // Only constant indices, so that sums stay in registers until here.
  float totals[RECURRENT_ROWS][4][LANES];
  EACH(r, rows) memcpy(totals[r], sums[r], sizeof sums[r]);
  for (intptr_t r = 0; r < rows; ++r) {
    const intptr_t place = at + r * stride;
    float(*const x)[LANES] = totals[r];
    float cell[LANES] = {0}, state[LANES];
    if (t > 0) memcpy(cell, l->c + place - units, BYTES(width));
    ELEMENTWISE(e, 0, LANES) {
      x[0][e] = sigmoid(x[0][e]);
      x[1][e] = sigmoid(x[1][e]);
      x[2][e] = hyperbolic_tangent(x[2][e]);
      x[3][e] = sigmoid(x[3][e]);
      cell[e] = x[0][e] * x[2][e] + x[1][e] * cell[e];
      state[e] = x[3][e] * hyperbolic_tangent(cell[e]);
    }
    float *gates = l->gates + 4 * (place - j) + j;
    EACH(p, 4) memcpy(gates + p * units, x[p], BYTES(width));
    memcpy(l->c + place, cell, BYTES(width));
    memcpy(l->h + place, state, BYTES(width));
  }
}

INLINE void run_rows(const intptr_t rows, const struct lstm *l, intptr_t n) {
  for (intptr_t t = 0; t < l->s.length; ++t) {
    intptr_t j = 0;
    for (; j + LANES <= l->s.units; j += LANES) advance(rows, l, n, t, j, LANES);
    if (j < l->s.units) advance(rows, l, n, t, j, l->s.units - j);
  }
}

/// Sequences `n`.
CLONES
static void forward(const void *context, intptr_t begin, intptr_t end) {
  const struct lstm *l = context;
#define RUN(rows, n) run_rows(rows, l, n)
  OVER_ROWS(begin, end, RUN)
#undef RUN
}

/// Gradients of the gates of step `t`; stores the gradient for the previous cell.
INLINE void derive(const struct lstm *l, intptr_t n, intptr_t t) {
  const intptr_t units = l->s.units, at = (n * l->s.length + t) * units;
  const float *dh = l->dh + at, *c = l->c + at;
  const float *i = l->gates + 4 * at, *f = i + units, *g = f + units, *o = g + units;
  float *di = l->da + 4 * at, *df = di + units, *dg = df + units, *d_o = dg + units;
  const float *state = l->carried + n * 2 * units;
  float *cell = l->carried + (n * 2 + 1) * units;
  // The first step has no cell before it; the values read in its place have no effect.
  const float *before = t > 0 ? c - units : c;
  const float kept = t > 0 ? 1.0f : 0.0f;
  ELEMENTWISE(j, 0, units) {
    const float bent = hyperbolic_tangent(c[j]);
    const float d = dh[j] + state[j];
    const float dc = cell[j] + d * o[j] * (1.0f - bent * bent);
    di[j] = dc * g[j] * (i[j] * (1.0f - i[j]));
    df[j] = dc * (kept * before[j]) * (f[j] * (1.0f - f[j]));
    dg[j] = dc * i[j] * (1.0f - g[j] * g[j]);
    d_o[j] = d * bent * (o[j] * (1.0f - o[j]));
    cell[j] = dc * f[j];
  }
}

INLINE void run_rows_back(const intptr_t rows, const struct lstm *l, intptr_t n) {
  const intptr_t units = l->s.units, length = l->s.length;
  memset(l->carried + n * 2 * units, 0, (size_t)(rows * 2 * units) * sizeof(float));
  for (intptr_t t = length - 1; t >= 0; --t) {
    for (intptr_t r = 0; r < rows; ++r) derive(l, n + r, t);
    if (t == 0) break;
    multiply_rows(
      rows, l->da + (n * length + t) * 4 * units, length * 4 * units, 4 * units, l->u, units,
      l->carried + n * 2 * units, 2 * units);
  }
}

/// Sequences `n`; `u` is transposed.
CLONES
static void backward(const void *context, intptr_t begin, intptr_t end) {
  const struct lstm *l = context;
#define RUN(rows, n) run_rows_back(rows, l, n)
  OVER_ROWS(begin, end, RUN)
#undef RUN
}

static intptr_t grain(const loops_recurrence *s) {
  return recurrent_grain(4 * s->units * (s->units + 16) * s->length);
}

void loops_lstm(
  const loops_recurrence *s, const float *a, const float *u, float *h, float *gates, float *c,
  int threads
) {
  const struct lstm l = {*s, a, u, h, gates, c, NULL, NULL, NULL};
  loops_over(threads, s->sequences, 1, grain(s), forward, &l);
}

void loops_lstm_gradient(
  const loops_recurrence *s, const float *dh, const float *gates, const float *c, const float *u,
  float *scratch, float *da, int threads
) {
  float *carried = scratch + 4 * s->units * s->units;
  transpose(u, scratch, s->units, 4 * s->units);
  const struct lstm l = {
    *s, NULL, scratch, NULL, (float *)gates, (float *)c, dh, da, carried,
  };
  loops_over(threads, s->sequences, 1, grain(s), backward, &l);
}
