// reconstruction_loss: partial sums of `factor · Σ error(x, t)`, the gradient `dx = factor · dLoss
// · ∂error/∂x`, or both in one pass; with DERIVATIVE (activations.cl), `dx · f′` with `f′` computed
// from `x`, the result of an activation f.
//
// x, t, dx: [count]; dLoss: one element; partials: one per work-group. WITH_LOSS and WITH_GRADIENT
// select the results; without them the result is neither read nor written. A work-item processes
// vectors of x and t; a tree adds up the group's errors.
//
// ERROR selects the error (losses.cl). If MASKED, only elements with a mask other than 0 count.
#include "losses.cl"
#include "loops.cl"

#ifndef WITH_LOSS
#define WITH_LOSS 1
#endif
#ifndef WITH_GRADIENT
#define WITH_GRADIENT 1
#endif
#ifndef MASKED
#define MASKED 0
#endif
#if MASKED
#define MASK_PARAMETERS , __global const float *mask, int mask0
#else
#define MASK_PARAMETERS
#endif

FLAT void reconstruction_loss(
  int count, float factor, __global const float *xs, int x0, __global const float *ts, int t0,
  __global const float *dLoss, int dLoss0, __global float *dx, int dx0, __global float *partials,
  int partials0 MASK_PARAMETERS) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
#if WITH_GRADIENT
  const float weight = factor * dLoss[dLoss0];
#endif
  FOR_VECTORS(i, count) {
    const floatV x = LOAD(xs + x0 + i);
    const floatV t = LOAD(ts + t0 + i);
    floatV slope;
    floatV error = ae_error(x, t, &slope);
#if MASKED
    const floatV counts = LOAD(mask + mask0 + i);
    error = counts != 0.0f ? error : (floatV)(0.0f);
    slope = counts != 0.0f ? slope : (floatV)(0.0f);
#endif
#if WITH_GRADIENT
    ae_store(weight * slope * ae_derivative(x), dx + dx0 + i, count - i);
#endif
#if WITH_LOSS
    ae_add(&sum, ae_first(error, count - i));
#endif
  }
#if WITH_LOSS
  ae_write_partial(sum, factor, partials + partials0 + get_group_id(0), tree);
#endif
}
