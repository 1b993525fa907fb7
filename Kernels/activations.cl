// Activations, their derivatives, and the epilogue that applies them to a sum.
#include "functions.cl"

/// The steps of an epilogue: add a bias, add a matrix, apply f, multiply by f′. Activations are
/// numbered in the order of `Activation`: 0 identity, 1 relu, 2 leaky relu, 3 elu, 4 selu, 5 gelu,
/// 6 silu, 7 sigmoid, 8 tanh, 9 softplus.
#ifndef BIAS
#define BIAS 0
#endif
#ifndef ADDEND
#define ADDEND 0
#endif
#ifndef ACTIVATION
#define ACTIVATION 0
#endif
#ifndef DERIVATIVE
#define DERIVATIVE 0
#endif
#ifndef LOSS
#define LOSS 0
#endif

/// The density φ of `N(0, 1)` at `x`, and the probability Φ of a number below `x`.
///
/// The tail beyond `z = |x|` is φ times Mills' ratio, a polynomial in `t = 1 / (1 + 0.35 z)` with
/// an error below 3·10⁻⁸ up to 15; beyond 15 both are 0. A first-order term corrects the rounding
/// of `z²`.
static floatV ae_normal_density(floatV x, floatV *probability) {
  floatV z = fabs(x);
  z = z > 15.0f ? (floatV)(15.0f) : z;
  const floatV t = 1.0f / (1.0f + 0.35f * z);
  floatV p = (floatV)(-7.310026884e-2f);
  p = fma(p, t, (floatV)(3.610943556e-1f));
  p = fma(p, t, (floatV)(-6.414276361e-1f));
  p = fma(p, t, (floatV)(3.995151520e-1f));
  p = fma(p, t, (floatV)(-5.829939619e-2f));
  p = fma(p, t, (floatV)(2.646314204e-1f));
  p = fma(p, t, (floatV)(3.003340960e-1f));
  p = fma(p, t, (floatV)(3.505877554e-1f));
  p = fma(p, t, (floatV)(3.499785960e-1f));
  const floatV square = z * z;
  const floatV e = ae_exp(-0.5f * square);
  const floatV density = 0.398942280f * fma(-0.5f * fma(z, z, -square), e, e);
  const floatV tail = density * p * t;
  *probability = x > 0.0f ? 1.0f - tail : tail;
  return density;
}

/// `x Φ(x)`
static floatV ae_gelu(floatV x) {
  floatV probability;
  ae_normal_density(x, &probability);
  return x * probability;
}

/// `Φ(x) + x φ(x)`
static floatV ae_gelu_slope(floatV x) {
  floatV probability;
  const floatV density = ae_normal_density(x, &probability);
  return fma(x, density, probability);
}

/// `σ(x) (1 + x (1 − σ(x)))`, with `1 − σ(x)` computed as `σ(−x)`, because `x` multiplies the
/// rounding error of a difference.
static floatV ae_silu_slope(floatV x) {
  const floatV e = ae_exp(-fabs(x));
  const floatV larger = 1.0f / (1.0f + e);
  const floatV smaller = e * larger;
  const floatV rest = x < 0.0f ? larger : smaller;
  return (x < 0.0f ? smaller : larger) * fma(x, rest, (floatV)(1.0f));
}

/// `f(x)`, with `f` by ACTIVATION.
static floatV ae_activate(floatV x) {
#if ACTIVATION == 0
  return x;
#elif ACTIVATION == 1
  return x < 0.0f ? (floatV)(0.0f) : x;
#elif ACTIVATION == 2
  return x > 0.0f ? x : 0.01f * x;
#elif ACTIVATION == 3
  return x > 0.0f ? x : ae_expm1_below0(x);
#elif ACTIVATION == 4
  return x > 0.0f ? 1.05070099f * x : 1.75809934f * ae_expm1_below0(x);
#elif ACTIVATION == 5
  return ae_gelu(x);
#elif ACTIVATION == 6
  return x * ae_sigmoid(x);
#elif ACTIVATION == 7
  return ae_sigmoid(x);
#elif ACTIVATION == 8
  return ae_tanh(x);
#elif ACTIVATION == 9
  return ae_softplus(x);
#else
#error "ACTIVATION is none of the numbers above"
#endif
}

/// `f′(x)` computed from `y = f(x)`, with `f` by DERIVATIVE; `y` is `x` if `derivativeFrom` is
/// input.
static floatV ae_derivative(floatV y) {
#if DERIVATIVE == 0
  return (floatV)(1.0f);
#elif DERIVATIVE == 1
  return y > 0.0f ? (floatV)(1.0f) : (floatV)(0.0f);
#elif DERIVATIVE == 2
  return y > 0.0f ? (floatV)(1.0f) : (floatV)(0.01f);
#elif DERIVATIVE == 3
  return y > 0.0f ? (floatV)(1.0f) : y + 1.0f;
#elif DERIVATIVE == 4
  return y > 0.0f ? (floatV)(1.05070099f) : y + 1.75809934f;
#elif DERIVATIVE == 5
  return ae_gelu_slope(y);
#elif DERIVATIVE == 6
  return ae_silu_slope(y);
#elif DERIVATIVE == 7
  return y * (1.0f - y);
#elif DERIVATIVE == 8
  return 1.0f - y * y;
#elif DERIVATIVE == 9
  return -ae_expm1_below0(-y);
#else
#error "DERIVATIVE is none of the numbers above"
#endif
}

/// The steps of an epilogue after the bias, for the sum at element `index`; without ADDEND or
/// DERIVATIVE their operands are not read.
static floatV ae_after_bias(
  floatV sum, int index, __global const float *addend, __global const float *operand) {
#if ADDEND
  sum += LOAD(addend + index);
#endif
  sum = ae_activate(sum);
#if DERIVATIVE && !LOSS
  sum *= ae_derivative(LOAD(operand + index));
#endif
  return sum;
}

/// An epilogue for the sum at column `n` and element `index`.
static floatV ae_epilogue(
  floatV sum, int n, int index, __global const float *bias, __global const float *addend,
  __global const float *operand) {
#if BIAS
  sum += LOAD(bias + n);
#endif
  return ae_after_bias(sum, index, addend, operand);
}
