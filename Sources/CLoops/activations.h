// Activations and their derivatives; `f` is a constant wherever these are called, so no loop asks.

#ifndef CLOOPS_ACTIVATIONS_H
#define CLOOPS_ACTIVATIONS_H

#include "CLoops.h"
#include "functions.h"

/// `f(x)`
INLINE float activated(loops_activation f, float x) {
  switch (f) {
  case LOOPS_IDENTITY: return x;
  case LOOPS_RELU: return x <= 0.0f ? 0.0f : x;
  case LOOPS_ELU: {
    const float y = exponential_minus_one(x > 0.0f ? 0.0f : x);
    return x > 0.0f ? x : y;
  }
  case LOOPS_SIGMOID: return sigmoid(x);
  case LOOPS_TANH: return hyperbolic_tangent(x);
  case LOOPS_SOFTPLUS: return softplus(x);
  }
}

/// `dy · f′(x)` from `y = f(x)`: elu `y > 0 ? 1 : y + 1`, softplus `1 − e⁻ʸ`.
INLINE float derived(loops_activation f, float dy, float y) {
  switch (f) {
  case LOOPS_IDENTITY: return dy;
  case LOOPS_RELU: return y <= 0.0f ? 0.0f : dy;
  case LOOPS_ELU: return y > 0.0f ? dy : dy * (y + 1.0f);
  case LOOPS_SIGMOID: return dy * (y * (1.0f - y));
  case LOOPS_TANH: return dy * (1.0f - y * y);
  case LOOPS_SOFTPLUS: return dy * -exponential_minus_one(-y);
  }
}

/// One case an activation, each calling `X(f)` with `f` a constant.
#define SWITCH_ACTIVATION(f, X)                         \
  switch (f) {                                          \
  case LOOPS_IDENTITY: X(LOOPS_IDENTITY); break;        \
  case LOOPS_RELU: X(LOOPS_RELU); break;                \
  case LOOPS_ELU: X(LOOPS_ELU); break;                  \
  case LOOPS_SIGMOID: X(LOOPS_SIGMOID); break;          \
  case LOOPS_TANH: X(LOOPS_TANH); break;                \
  case LOOPS_SOFTPLUS: X(LOOPS_SOFTPLUS); break;        \
  }

#endif
