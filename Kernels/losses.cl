// The error of a reconstruction, and the loss that the epilogue of a product computes from its own
// result.
//
// ERROR 0: squared error, `(x − t)²`. 1: cross-entropy, `−t log x − (1 − t) log(1 − x)` with
// logarithms of at least −100. 2: the same of sigmoid(x), `max(x, 0) − x t + log(1 + e^−|x|)`.
//
// LOSS selects what is computed from a product's result x: 0 nothing; 1 the loss `factor · Σ
// error(x, t)`, with a partial sum for each work-group; 2 also the gradient `factor · dLoss ·
// ∂error/∂x`, which is stored in place of x, and with DERIVATIVE multiplied by the derivative of
// the activation that computed x.
// where DERIVATIVE says so.
#include "activations.cl"
#include "sums.cl"

#ifndef ERROR
#define ERROR 0
#endif

static floatV ae_no_less(floatV x, float bound) { return x < bound ? (floatV)(bound) : x; }

/// `error(x, t)` and its slope `∂error/∂x`.
static floatV ae_error(floatV x, floatV t, floatV *slope) {
#if ERROR == 0
  *slope = 2.0f * (x - t);
  return (x - t) * (x - t);
#elif ERROR == 1
  *slope = (x - t) / ae_no_less(x * (1.0f - x), 1e-12f);
  return -t * ae_no_less(ae_log(x), -100.0f) - (1.0f - t) * ae_no_less(ae_log1p(-x), -100.0f);
#elif ERROR == 2
  const floatV e = ae_exp_below0(-fabs(x));
  *slope = (x < 0.0f ? e : (floatV)(1.0f)) / (1.0f + e) - t;
  return ae_no_less(x, 0.0f) - x * t + ae_log1p_unit(e);
#else
#error "ERROR is none of the numbers above"
#endif
}

/// The operands of a loss in the epilogue of a product.
typedef struct {
  __global const float *targets;
  /// `factor · dLoss`
  float weight;
  ae_Sum sum;
} ae_Loss;

#if LOSS
#define LOSS_PARAMETERS \
  , float factor, __global const float *targets, int targets0, __global const float *dLoss, \
    int dLoss0, __global float *partials, int partials0
#define LOSS_AT \
  {targets + targets0, LOSS == 2 ? factor * dLoss[dLoss0] : 0.0f, \
   {(floatV)(0.0f), (floatV)(0.0f), 0}}
#else
#define LOSS_PARAMETERS
#define LOSS_AT {0, 0.0f, {(floatV)(0.0f), (floatV)(0.0f), 0}}
#endif

/// The error and gradient of the first `valid` elements of `x`, from element `index`; returns the
/// gradient.
static floatV ae_judge(floatV x, int index, int valid, ae_Loss *loss) {
  floatV slope;
  const floatV error = ae_error(x, LOAD(loss->targets + index), &slope);
  ae_add(&loss->sum, ae_first(error, valid));
  return loss->weight * slope * ae_derivative(x);
}
