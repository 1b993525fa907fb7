// gru: with `q = h[n, t − 1] U + d`: `r = σ(a_r + q_r)`, `z = σ(a_z + q_z)`, `n = tanh(a_n + r
// q_n)` and `h[t] = (1 − z) n + z h[t − 1]`. gru_gradient: da and dq from dh, beginning with the
// last step: `e = dh + (e z)[t + 1] + dq[t + 1] Uᵀ`, `dn = e (1 − z) (1 − n²)`, `dr = dn q_n r (1 −
// r)`, `dz = e (h[t − 1] − n) z (1 − z)`; da is `[dr, dz, dn]` and dq `[dr, dz, dn r]`.
//
// a, gates, da, dq: [N, T, 3H]; h, dh, q (for n): [N, T, H]; d: [3H]; u: [H, 3H], transposed for
// the gradient; its state and beside, [N, H], hold the gradients for the previous step.
// recurrent.cl describes which group processes what.
#include "recurrent.cl"

typedef struct {
  int T, H;
  __global const float *a, *u, *d;
  __global float *h, *gates, *q;
} ae_Gru;

/// A vector of units from j, for step t of `rows` sequences.
static __attribute__((always_inline)) void ae_advance(
  const int rows, const ae_Gru l, int n, int t, int j) {
  const int H = l.H, stride = l.T * H, at = (n * l.T + t) * H;
  floatV sums[4][4];
  EACH(r, rows) {
    EACH(p, 3) { sums[r][p] = LOAD(l.d + p * H + j); }
  }
  if (t > 0) ae_add_products(rows, 3, l.h + at - H, stride, H, l.u + j, 3 * H, H, sums);
  EACH(r, rows) {
    const int place = at + r * stride + j;
    __global const float *a = l.a + 3 * (place - j) + j;
    const floatV reset = ae_sigmoid(LOAD(a) + sums[r][0]);
    const floatV z = ae_sigmoid(LOAD(a + H) + sums[r][1]);
    const floatV new = ae_tanh(fma(reset, sums[r][2], LOAD(a + 2 * H)));
    floatV state = (1.0f - z) * new;
    if (t > 0) state = fma(z, LOAD(l.h + place - H), state);
    __global float *gates = l.gates + 3 * (place - j) + j;
    ae_store(reset, gates, H - j);
    ae_store(z, gates + H, H - j);
    ae_store(new, gates + 2 * H, H - j);
    ae_store(sums[r][2], l.q + place, H - j);
    ae_store(state, l.h + place, H - j);
  }
}

FLAT void gru(
  int N, int T, int H, __global const float *a, int a0, __global const float *u, int u0,
  __global const float *d, int d0, __global float *h, int h0, __global float *gates, int gates0,
  __global float *q, int q0) {
  const ae_Gru l = {T, H, a + a0, u + u0, d + d0, h + h0, gates + gates0, q + q0};
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
  __global const float *dh, *h, *gates, *q;
  __global float *state, *beside, *da, *dq;
} ae_GruGradient;

/// The gradients of the gates for a vector of units from j, step t of a sequence.
static void ae_derive(const ae_GruGradient l, int n, int t, int j) {
  const int H = l.H, at = (n * l.T + t) * H + j, carried = n * H + j;
  __global const float *gates = l.gates + 3 * (at - j) + j;
  const floatV r = LOAD(gates), z = LOAD(gates + H), new = LOAD(gates + 2 * H);
  floatV e = LOAD(l.dh + at), before = (floatV)(0.0f);
  if (t < l.T - 1) e += LOAD(l.state + carried) + LOAD(l.beside + carried);
  if (t > 0) before = LOAD(l.h + at - H);
  const floatV dn = e * (1.0f - z) * (1.0f - new * new);
  const floatV dr = dn * LOAD(l.q + at) * (r * (1.0f - r));
  const floatV dz = e * (before - new) * (z * (1.0f - z));
  const int first = 3 * (at - j) + j;
  ae_store(dr, l.da + first, H - j);
  ae_store(dz, l.da + first + H, H - j);
  ae_store(dn, l.da + first + 2 * H, H - j);
  ae_store(dr, l.dq + first, H - j);
  ae_store(dz, l.dq + first + H, H - j);
  ae_store(dn * r, l.dq + first + 2 * H, H - j);
  ae_store(e * z, l.beside + carried, H - j);
}

FLAT void gru_gradient(
  int N, int T, int H, __global const float *dh, int dh0, __global const float *h, int h0,
  __global const float *gates, int gates0, __global const float *q, int q0,
  __global const float *transposed, int transposed0, __global float *state, int state0,
  __global float *beside, int beside0, __global float *da, int da0, __global float *dq, int dq0) {
  const ae_GruGradient l = {
    T, H, dh + dh0, h + h0, gates + gates0, q + q0, state + state0, beside + beside0, da + da0,
    dq + dq0};
#define CARRY(rows, n, t, j) \
  ae_carry( \
    rows, l.dq + (n * T + t) * 3 * H, T * 3 * H, 3 * H, transposed + transposed0 + j, H, \
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
