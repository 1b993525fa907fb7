// reconstruction_loss: partial sums of `factor · Σ error(x, t)`, the gradient
// `dx = factor · dLoss · ∂error/∂x`, or both in one pass; with DERIVATIVE (activations.cl),
// `dx · f′` read off `x`, for an activation f that made x.
//
// x, t, dx: [count]; dLoss: one element; partials: one a work-group. WITH_LOSS and WITH_GRADIENT
// say which are wanted; what is not is neither read nor written. A work-item takes vectors of x and
// t; its group adds up the errors in a tree.
//
// ERROR 0: squared error, `(x − t)²`. 1: cross-entropy, `−t log x − (1 − t) log(1 − x)` with
// logarithms no smaller than −100. 2: the same of sigmoid(x), `max(x, 0) − x t + log(1 + e^−|x|)`.
#include "activations.cl"
#include "loops.cl"
#include "sums.cl"

#ifndef ERROR
#define ERROR 0
#endif
#ifndef WITH_LOSS
#define WITH_LOSS 1
#endif
#ifndef WITH_GRADIENT
#define WITH_GRADIENT 1
#endif

static floatV ae_no_less(floatV x, float bound) { return x < bound ? (floatV)(bound) : x; }

FLAT void reconstruction_loss(
  int count, float factor, __global const float *xs, int x0, __global const float *ts, int t0,
  __global const float *dLoss, int dLoss0, __global float *dx, int dx0, __global float *partials,
  int partials0) {
  __local float scratch[LOCAL];
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
#if WITH_GRADIENT
  const float weight = factor * dLoss[dLoss0];
#endif
  FOR_VECTORS(i, count) {
    const floatV x = LOAD(xs + x0 + i);
    const floatV t = LOAD(ts + t0 + i);
#if ERROR == 0
    const floatV error = (x - t) * (x - t);
    const floatV slope = 2.0f * (x - t);
#elif ERROR == 1
    const floatV error =
      -t * ae_no_less(ae_log(x), -100.0f) - (1.0f - t) * ae_no_less(ae_log1p(-x), -100.0f);
    const floatV slope = (x - t) / ae_no_less(x * (1.0f - x), 1e-12f);
#else
    // Two divisions side by side are sooner done than one with all that makes two of it (PoCL;
    // `aegpu profile simple --device 0`).
    const floatV e = ae_exp_below0(-fabs(x));
    const floatV error = ae_no_less(x, 0.0f) - x * t + ae_log1p_from(e / (2.0f + e));
    const floatV slope = (x < 0.0f ? e : (floatV)(1.0f)) / (1.0f + e) - t;
#endif
#if WITH_GRADIENT
    ae_store(weight * slope * ae_derivative(x), dx + dx0 + i, count - i);
#endif
#if WITH_LOSS
    ae_add(&sum, ae_first(error, count - i));
#endif
  }
#if WITH_LOSS
  ae_write_partial(sum, factor, partials + partials0, scratch);
#endif
}
