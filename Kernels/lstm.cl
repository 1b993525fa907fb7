// lstm: with `[i, f, g, o] = a[n, t] + h[n, t − 1] U`, the gates σ(i), σ(f), tanh(g) and σ(o),
// `c[t] = f · c[t − 1] + i · g` and `h[t] = o · tanh(c[t])`. lstm_gradient: da from dh, beginning
// with the last step: `d = dh + [di, df, dg, do][t + 1] Uᵀ`, `dc = dc[t + 1] f[t + 1] + d o (1 −
// tanh²(c))`, `di = dc g i (1 − i)`, `df = dc c[t − 1] f (1 − f)`, `dg = dc i (1 − g²)`, `do = d
// tanh(c) o (1 − o)`.
//
// a, gates, da: [N, T, 4H]; h, c, dh: [N, T, H]; u: [H, 4H], transposed for the gradient; its state
// and cell, [N, H], hold the gradients for the previous step. recurrent.cl describes which group
// processes what.
#include "recurrent.cl"

typedef struct {
  int T, H;
  __global const float *a, *u;
  __global float *h, *gates, *c;
} ae_Lstm;

/// A vector of units from j, for step t of `rows` sequences.
static __attribute__((always_inline)) void ae_advance(
  const int rows, const ae_Lstm l, int n, int t, int j) {
  const int H = l.H, stride = l.T * H, at = (n * l.T + t) * H;
  floatV sums[4][4];
  EACH(r, rows) {
    EACH(p, 4) { sums[r][p] = LOAD(l.a + 4 * (at + r * stride) + p * H + j); }
  }
  if (t > 0) ae_add_products(rows, 4, l.h + at - H, stride, H, l.u + j, 4 * H, H, sums);
  EACH(r, rows) {
    const int place = at + r * stride + j;
    const floatV i = ae_sigmoid(sums[r][0]), f = ae_sigmoid(sums[r][1]);
    const floatV g = ae_tanh(sums[r][2]), o = ae_sigmoid(sums[r][3]);
    floatV cell = i * g;
    if (t > 0) cell = fma(f, LOAD(l.c + place - H), cell);
    __global float *gates = l.gates + 4 * (place - j) + j;
    ae_store(i, gates, H - j);
    ae_store(f, gates + H, H - j);
    ae_store(g, gates + 2 * H, H - j);
    ae_store(o, gates + 3 * H, H - j);
    ae_store(cell, l.c + place, H - j);
    ae_store(o * ae_tanh(cell), l.h + place, H - j);
  }
}

FLAT void lstm(
  int N, int T, int H, __global const float *a, int a0, __global const float *u, int u0,
  __global float *h, int h0, __global float *gates, int gates0, __global float *c, int c0) {
  const ae_Lstm l = {T, H, a + a0, u + u0, h + h0, gates + gates0, c + c0};
#if VECTOR == 16
#define RUN(rows, n) \
  for (int t = 0; t < T; ++t) { \
    for (int j = 0; j < H; j += 16) ae_advance(rows, l, n, t, j); \
  }
  OVER_SHARE(RUN)
#undef RUN
#else
  for (int t = 0; t < T; ++t) {
    EACH_UNIT(n, j) { ae_advance(1, l, n, t, j); }
    barrier(CLK_GLOBAL_MEM_FENCE);
  }
#endif
}

typedef struct {
  int T, H;
  __global const float *dh, *gates, *c;
  __global float *state, *cell, *da;
} ae_LstmGradient;

/// The gradients of the gates for a vector of units from j, step t of a sequence.
static void ae_derive(const ae_LstmGradient l, int n, int t, int j) {
  const int H = l.H, at = (n * l.T + t) * H + j, carried = n * H + j;
  const int isLast = t == l.T - 1;
  __global const float *gates = l.gates + 4 * (at - j) + j;
  const floatV i = LOAD(gates), f = LOAD(gates + H);
  const floatV g = LOAD(gates + 2 * H), o = LOAD(gates + 3 * H);
  const floatV bent = ae_tanh(LOAD(l.c + at));
  floatV d = LOAD(l.dh + at), before = (floatV)(0.0f);
  if (!isLast) d += LOAD(l.state + carried);
  if (t > 0) before = LOAD(l.c + at - H);
  floatV dc = d * o * (1.0f - bent * bent);
  if (!isLast) dc += LOAD(l.cell + carried);
  __global float *da = l.da + 4 * (at - j) + j;
  ae_store(dc * g * (i * (1.0f - i)), da, H - j);
  ae_store(dc * before * (f * (1.0f - f)), da + H, H - j);
  ae_store(dc * i * (1.0f - g * g), da + 2 * H, H - j);
  ae_store(d * bent * (o * (1.0f - o)), da + 3 * H, H - j);
  ae_store(dc * f, l.cell + carried, H - j);
}

FLAT void lstm_gradient(
  int N, int T, int H, __global const float *dh, int dh0, __global const float *gates, int gates0,
  __global const float *c, int c0, __global const float *transposed, int transposed0,
  __global float *state, int state0, __global float *cell, int cell0, __global float *da, int da0) {
  const ae_LstmGradient l = {
    T, H, dh + dh0, gates + gates0, c + c0, state + state0, cell + cell0, da + da0};
#define CARRY(rows, n, t, j) \
  ae_carry( \
    rows, l.da + (n * T + t) * 4 * H, T * 4 * H, 4 * H, transposed + transposed0 + j, H, \
    l.state + n * H + j, H - j)
#if VECTOR == 16
#define RUN(rows, n) \
  for (int t = T - 1; t >= 0; --t) { \
    for (int r = 0; r < rows; ++r) { \
      for (int j = 0; j < H; j += 16) ae_derive(l, n + r, t, j); \
    } \
    for (int j = 0; t > 0 && j < H; j += 16) CARRY(rows, n, t, j); \
  }
  OVER_SHARE(RUN)
#undef RUN
#else
  for (int t = T - 1; t >= 0; --t) {
    EACH_UNIT(n, j) { ae_derive(l, n, t, j); }
    barrier(CLK_GLOBAL_MEM_FENCE);
    if (t > 0) {
      EACH_UNIT(n, j) { CARRY(1, n, t, j); }
    }
  }
#endif
}
