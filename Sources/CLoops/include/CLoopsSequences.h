#ifndef CLOOPS_SEQUENCES_H
#define CLOOPS_SEQUENCES_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Sequences (unfold.c, lstm.c, gru.c), `[sequences, length, channels]`.

/// Windows over steps: window `i` of `count` has `size` steps from `stride · i − offset`.
typedef struct {
  intptr_t sequences, length, channels;
  intptr_t size, stride, offset, count;
} loops_step_windows;

/// `y[n, i, k · channels + c] = x[n, stride · i + k − offset, c]`, 0 outside of the sequence; `y`
/// `[sequences, count, size · channels]`.
void loops_unfold(const loops_step_windows *s, const float *x, float *y, int threads);
/// `x[n, t, c] = Σ y[n, i, k · channels + c]` over all `i` and `k` with
/// `stride · i + k − offset = t`.
void loops_fold(const loops_step_windows *s, const float *y, float *x, int threads);

/// Recurrent layers of `units` over sequences of `length`: `[sequences, length, …]`.
typedef struct {
  intptr_t sequences, length, units;
} loops_recurrence;

/// `h`, `c` `[…, units]` and the gates i, f, g, o `[…, 4 · units]`:
/// `c[t] = f · c[t − 1] + i · g`, `h[t] = o · tanh(c[t])`, from the input's part `a` of the gates
/// and the recurrent weight `u` `[units, 4 · units]`.
void loops_lstm(
  const loops_recurrence *s, const float *a, const float *u, float *h, float *gates, float *c,
  int threads);
/// `da` from `dh`. `scratch` has `4 · units² + 2 · sequences · units` elements.
void loops_lstm_gradient(
  const loops_recurrence *s, const float *dh, const float *gates, const float *c, const float *u,
  float *scratch, float *da, int threads);

/// `h`, the gates r, z, n `[…, 3 · units]` and `q = h[t − 1] u + d` for n: `r = σ(a + h u + d)`, `z`
/// likewise, `n = tanh(a + r · q)`, `h[t] = (1 − z) · n + z · h[t − 1]`; `u` `[units, 3 · units]`,
/// `d` `[3 · units]`.
void loops_gru(
  const loops_recurrence *s, const float *a, const float *u, const float *d, float *h,
  float *gates, float *q, int threads);
/// `da`, and `dq` of `h[t − 1] u + d`, from `dh`. `scratch` has
/// `3 · units² + 2 · sequences · units` elements.
void loops_gru_gradient(
  const loops_recurrence *s, const float *dh, const float *h, const float *gates, const float *q,
  const float *u, float *scratch, float *da, float *dq, int threads);

#pragma clang assume_nonnull end

#endif
