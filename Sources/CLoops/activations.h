// Activations and their derivatives; `f` is a compile-time constant at every call, so no loop
// branches on it.

#ifndef CLOOPS_ACTIVATIONS_H
#define CLOOPS_ACTIVATIONS_H

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "switches.h"

#define LEAKY_SLOPE 0.01f
#define SELU_SCALE 1.05070099f
#define SELU_ALPHA 1.67326324f

/// `f(x)`
INLINE float activated(loops_activation f, float x) {
  switch (f) {
  case LOOPS_IDENTITY: return x;
  case LOOPS_RELU: return x <= 0.0f ? 0.0f : x;
  case LOOPS_LEAKY_RELU: return x > 0.0f ? x : LEAKY_SLOPE * x;
  case LOOPS_ELU: {
    const float y = exponential_minus_one(x > 0.0f ? 0.0f : x);
    return x > 0.0f ? x : y;
  }
  case LOOPS_SELU: {
    const float y = SELU_SCALE * SELU_ALPHA * exponential_minus_one(x > 0.0f ? 0.0f : x);
    return x > 0.0f ? SELU_SCALE * x : y;
  }
  case LOOPS_GELU: return x * normal_probability(x);
  case LOOPS_SILU: return x * sigmoid(x);
  case LOOPS_SIGMOID: return sigmoid(x);
  case LOOPS_TANH: return hyperbolic_tangent(x);
  case LOOPS_SOFTPLUS: return softplus(x);
  }
}

/// `dy · f′` from `y = f(x)`: elu `y > 0 ? 1 : y + 1`, softplus `1 − e⁻ʸ`; `y` is `x` if
/// `derivativeFrom` is input.
INLINE float derived(loops_activation f, float dy, float y) {
  switch (f) {
  case LOOPS_IDENTITY: return dy;
  case LOOPS_RELU: return y <= 0.0f ? 0.0f : dy;
  case LOOPS_LEAKY_RELU: return y > 0.0f ? dy : LEAKY_SLOPE * dy;
  case LOOPS_ELU: return y > 0.0f ? dy : dy * (y + 1.0f);
  case LOOPS_SELU: return dy * (y > 0.0f ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA);
  case LOOPS_GELU: return dy * normal_probability_and_slope(y);
  case LOOPS_SILU: {
    const float u = exponential(-absolute(y));
    const float r = 1.0f / (1.0f + u);
    return dy * (sigmoid_from(y, u) + y * (u * r * r));
  }
  case LOOPS_SIGMOID: return dy * (y * (1.0f - y));
  case LOOPS_TANH: return dy * (1.0f - y * y);
  case LOOPS_SOFTPLUS: return dy * -exponential_minus_one(-y);
  }
}

/// The smallest number of elements per thread for which a second thread is worth its cost, for `f`
/// and its derivative.
struct grains {
  intptr_t value, derivative;
};
INLINE struct grains grains_of(loops_activation f) {
  const intptr_t cheap = LOOPS_GRAIN_CHEAP, dear = LOOPS_GRAIN_DEAR;
  switch (f) {
  case LOOPS_IDENTITY:
  case LOOPS_RELU:
  case LOOPS_LEAKY_RELU: return (struct grains){cheap, cheap};
  case LOOPS_ELU:
  case LOOPS_SELU:
  case LOOPS_SIGMOID:
  case LOOPS_TANH: return (struct grains){dear, cheap};
  case LOOPS_GELU:
  case LOOPS_SILU:
  case LOOPS_SOFTPLUS: return (struct grains){dear, dear};
  }
}

/// Calls `X(f)` with a constant `f`.
#define SWITCH_ACTIVATION(f, X) \
  switch (f) { LOOPS_ACTIVATIONS(LOOPS_CASE, X) }

#endif
