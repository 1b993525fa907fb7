// Elementary functions of float without branches, so that the compiler can vectorize loops over
// them.
//
// Each uses only additions, multiplications, comparisons and bit casts, which OpenCL C has, too.
// NaN gives NaN: a comparison with NaN is false, and each selection below then keeps NaN. Rounding
// by `x + 12582912 − 12582912` is exact only if the compiler does not reorder sums: never compile
// this with -ffast-math.

#ifndef CLOOPS_FUNCTIONS_H
#define CLOOPS_FUNCTIONS_H

#include <stdint.h>
#include <string.h>

#pragma clang fp contract(fast)

/// A loop compiled for AVX-512, AVX2 and the baseline; the version is chosen when the program is
/// loaded. `LOOPS_ARCHITECTURE` compiles it for one of them alone (Tools/sanitize).
#if defined(LOOPS_ARCHITECTURE)
#define CLONES __attribute__((target("arch=" LOOPS_ARCHITECTURE)))
#elif defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
/// Functions called in such a loop must be inlined, else they are compiled for the baseline.
#define INLINE static inline __attribute__((always_inline))

/// A loop whose element `i` reads and writes only elements `i`: the result may be in the memory of
/// an operand.
#define ELEMENTWISE(i, begin, end) \
  _Pragma("clang loop vectorize(assume_safety)") for (intptr_t i = (begin); i < (end); ++i)

INLINE int32_t bits_of(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE float float_of(int32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE float absolute(float x) { return float_of(bits_of(x) & 0x7fffffff); }

/// The nearest integer to `x`, |x| < 2²², as a float and as an integer (from the low bits of the
/// shifted float).
INLINE float nearest(float x, int32_t *integer) {
  const float shifted = x + 12582912.0f;
  *integer = bits_of(shifted) - 0x4b400000;
  return shifted - 12582912.0f;
}

/// 2ⁿ for −126 ≤ n ≤ 127.
INLINE float power_of_two(int32_t n) { return float_of((int32_t)((uint32_t)(n + 127) << 23)); }

/// `x = n ln 2 + r` with |r| ≤ ln 2 / 2; `ln 2` in two parts, so that `r` is exact.
/// Returns `eʳ − 1 = r + r² p(r)`.
INLINE float reduced_exponential(float x, int32_t *n) {
  const float k = nearest(x * 1.44269504f, n);
  float r = x - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return r * r * p + r;
}

/// eˣ; 0 below −104, infinite above 88.72; denormal results are correct.
INLINE float exponential(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  int32_t n;
  const float q = reduced_exponential(x, &n);
  const int32_t half = n >> 1;
  return (1.0f + q) * power_of_two(half) * power_of_two(n - half);
}

/// eˣ for x ≤ 0, but at least e⁻⁸⁷, 1.6·10⁻³⁸: results are normal numbers, so one factor 2ⁿ is
/// enough.
INLINE float unit_exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  int32_t n;
  const float q = reduced_exponential(x, &n);
  return (1.0f + q) * power_of_two(n);
}

/// eˣ − 1, without cancellation near 0.
INLINE float exponential_minus_one(float x) {
  x = x > 89.0f ? 89.0f : x;
  const float from = x < -25.0f ? -25.0f : x;
  int32_t n;
  const float q = reduced_exponential(from, &n);
  const float half = power_of_two(n - 1);
  const float y = 2.0f * (q * half + (half - 0.5f));
  return x == 0.0f ? x : y;
}

/// log x; −∞ at 0, NaN below. `x = 2ᵉ m` with √½ ≤ m < √2.
INLINE float logarithm(float x) {
  const int denormal = x < 1.17549435e-38f;
  const float scaled = denormal ? x * 8388608.0f : x;
  // Without a sign, as −0 would overflow.
  const int32_t shifted = (int32_t)((uint32_t)bits_of(scaled) - 0x3f3504f3u);
  const int32_t exponent = (shifted >> 23) - (denormal ? 23 : 0);
  const float f = float_of((shifted & 0x007fffff) + 0x3f3504f3) - 1.0f;
  const float e = (float)exponent;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float square = f * f;
  float y = square * f * p;
  y = y - e * 2.12194440e-4f;
  y = y - 0.5f * square;
  y = f + y + e * 0.693359375f;
  y = x < __builtin_inff() ? y : x;
  y = x == 0.0f ? -__builtin_inff() : y;
  return x < 0.0f ? __builtin_nanf("") : y;
}

/// log(1 + x), with a correction for the rounding of `1 + x`.
INLINE float logarithm_plus_one(float x) {
  const float w = 1.0f + x;
  const float lost = x - (w - 1.0f);
  const float y = logarithm(w) + lost / w;
  return w > 0.0f && w < __builtin_inff() ? (x == 0.0f ? x : y) : logarithm(w);
}

/// log(1 + u) for 0 ≤ u ≤ 1, as `u + u² p(u)`, without a division: a loss already has one.
INLINE float logarithm_plus_one_of_unit(float u) {
  float p = 5.364824330e-3f;
  p = p * u - 3.006579230e-2f;
  p = p * u + 7.920453558e-2f;
  p = p * u - 1.375380234e-1f;
  p = p * u + 1.915365494e-1f;
  p = p * u - 2.485716367e-1f;
  p = p * u + 3.332132262e-1f;
  p = p * u - 4.999964796e-1f;
  return u * u * p + u;
}

/// log(1 + eˣ), as `max(x, 0) + log(1 + e^−|x|)`.
INLINE float softplus(float x) {
  const float u = exponential(-absolute(x));
  return (x > 0.0f ? x : 0.0f) + logarithm_plus_one_of_unit(u);
}

/// `1 / (1 + e⁻ˣ)` from `u = e^−|x|`.
INLINE float sigmoid_from(float x, float u) {
  const float r = 1.0f / (1.0f + u);
  return x < 0.0f ? u * r : r;
}

INLINE float sigmoid(float x) { return sigmoid_from(x, exponential(-absolute(x))); }

/// tanh x: an odd polynomial below 0.625, `1 − 2 / (e^2|x| + 1)` above.
INLINE float hyperbolic_tangent(float x) {
  const float a = absolute(x);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = x * z * p + x;
  const float large = 1.0f - 2.0f / (exponential(2.0f * a) + 1.0f);
  const float y = float_of(bits_of(large) | (bits_of(x) & (int32_t)0x80000000));
  return a < 0.625f ? small : y;
}

/// The density of `N(0, 1)` at `z ≥ 0`, and the tail beyond `z` divided by the density (Mills'
/// ratio): a polynomial in `t = 1 / (1 + 0.35 z)`, with an error below 3·10⁻⁸ up to 15. Beyond 15
/// the value at 15 is used, where the density is 0. A first-order term corrects the rounding of
/// `z²`.
INLINE float normal_density(float z, float *mills_ratio) {
  z = z > 15.0f ? 15.0f : z;
  const float t = 1.0f / (1.0f + 0.35f * z);
  float p = -7.310026884e-2f;
  p = p * t + 3.610943556e-1f;
  p = p * t - 6.414276361e-1f;
  p = p * t + 3.995151520e-1f;
  p = p * t - 5.829939619e-2f;
  p = p * t + 2.646314204e-1f;
  p = p * t + 3.003340960e-1f;
  p = p * t + 3.505877554e-1f;
  p = p * t + 3.499785960e-1f;
  *mills_ratio = p * t;
  const float upper = float_of(bits_of(z) & (int32_t)0xfffff000);
  const float square = z * z;
  const float lost = (upper * upper - square) + (z - upper) * (z + upper);
  const float e = exponential(-0.5f * square);
  return 0.398942280f * (e - 0.5f * lost * e);
}

/// Φ(x), the probability that a number from `N(0, 1)` is below `x`.
INLINE float normal_probability(float x) {
  float ratio;
  const float tail = normal_density(absolute(x), &ratio) * ratio;
  return x > 0.0f ? 1.0f - tail : tail;
}

/// Φ(x) + x φ(x), the derivative of x Φ(x).
INLINE float normal_probability_and_slope(float x) {
  float ratio;
  const float density = normal_density(absolute(x), &ratio);
  const float tail = density * ratio;
  return (x > 0.0f ? 1.0f - tail : tail) + x * density;
}

/// sin 2πu and cos 2πu for 0 ≤ u ≤ 1: a quarter turn `q` and `r = u − q/4`, |r| ≤ ⅛, which is
/// exact.
INLINE void sine_cosine_of_turn(float u, float *sine, float *cosine) {
  int32_t q;
  const float quarter = nearest(4.0f * u, &q);
  const float x = (u - 0.25f * quarter) * 6.28318531f;
  const float z = x * x;
  float s = -1.9515295891e-4f;
  s = s * z + 8.3321608736e-3f;
  s = s * z - 1.6666654611e-1f;
  s = s * z * x + x;
  float c = 2.443315711809948e-5f;
  c = c * z - 1.388731625493765e-3f;
  c = c * z + 4.166664568298827e-2f;
  c = c * z * z - 0.5f * z + 1.0f;
  const int swapped = q & 1;
  const float a = swapped ? c : s;
  const float b = swapped ? s : c;
  *sine = float_of(bits_of(a) ^ (int32_t)((uint32_t)(q & 2) << 30));
  *cosine = float_of(bits_of(b) ^ (int32_t)((uint32_t)((q + 1) & 2) << 30));
}

#endif
