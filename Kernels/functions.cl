// exp, log, sin and similar functions.
//
// The built-in functions are not used, because some CPU drivers do not vectorise them. The
// functions here have no branches and are accurate to a few units in the last place; NaN and
// infinity are kept.
#include "vectors.cl"

/// The nearest integer to `x`, |x| < 2²², as a float and, from the low bits of its sum with 1.5 ·
/// 2²³, as `n`. PoCL's `rint` takes seventeen instructions. NaN gives NaN, and any `n`.
static floatV ae_nearest(floatV x, intV *n) {
  const floatV shifted = x + 12582912.0f;
  *n = as_intV(shifted) - 0x4b400000;
  return shifted - 12582912.0f;
}

/// `2ⁿ` for −126 ≤ n ≤ 127.
static floatV ae_power2(intV n) { return as_floatV((n + 127) << 23); }

/// `eʳ − 1` of `r = x − n ln 2`, |r| ≤ ln 2 / 2, by its series, whose terms are added in pairs: one
/// sum from the last term to the first would be a chain of dependent operations twice as long.
static floatV ae_expm1_near(floatV n, floatV x) {
  floatV r = fma(n, (floatV)(-0.693359375f), x);
  r = fma(n, (floatV)(2.12194440e-4f), r);
  const floatV square = r * r;
  const floatV a = fma(r, (floatV)(1.0f / 6), (floatV)(0.5f));
  const floatV b = fma(r, (floatV)(1.0f / 120), (floatV)(1.0f / 24));
  const floatV c = fma(r, (floatV)(1.0f / 5040), (floatV)(1.0f / 720));
  return fma(fma(fma(c, square, b), square, a), square, r);
}

/// `eˣ = 2ⁿ (1 + p)` with `n` the integer nearest to `x / ln 2` and `p = eʳ − 1`, `|r| ≤ ln 2 / 2`,
/// by its series.
static floatV ae_reduced_exp(floatV x, intV *n) {
  // Beyond these bounds the result is 0 or infinity in float32. NaN stays NaN.
  x = x > 89.0f ? (floatV)(89.0f) : x;
  x = x < -104.0f ? (floatV)(-104.0f) : x;
  return ae_expm1_near(ae_nearest(x * 1.44269504f, n), x);
}

/// `eˣ`
static floatV ae_exp(floatV x) {
  intV n;
  const floatV p = ae_reduced_exp(x, &n);
  // In two factors, as 2ⁿ alone would exceed the range of float32 near both ends.
  const intV middle = n >> 1;
  return (1.0f + p) * ae_power2(middle) * ae_power2(n - middle);
}

/// `eˣ` for x ≤ 0, but at least e^−87.34, so that 2ⁿ is a normal number; for terms that are then
/// added to 1.
static floatV ae_exp_below0(floatV x) {
  x = x < -87.34f ? (floatV)(-87.34f) : x;
  intV n;
  const floatV p = ae_expm1_near(ae_nearest(x * 1.44269504f, &n), x);
  const floatV scale = ae_power2(n);
  return fma(p, scale, scale);
}

/// `eˣ − 1`
static floatV ae_expm1(floatV x) {
  intV n;
  const floatV p = ae_reduced_exp(x, &n);
  const intV middle = n >> 1;
  const floatV s = ae_power2(middle);
  return fma(p, s, s - ae_power2(middle - n)) * ae_power2(n - middle);
}

/// `eˣ − 1` for x ≤ 0; below −20 as at −20, which is −1.
static floatV ae_expm1_below0(floatV x) {
  x = x < -20.0f ? (floatV)(-20.0f) : x;
  intV n;
  const floatV p = ae_expm1_near(ae_nearest(x * 1.44269504f, &n), x);
  const floatV scale = ae_power2(n);
  return fma(p, scale, scale - 1.0f);
}

/// `log x`: `n ln 2 + log(1 + f)` with `√½ ≤ 1 + f < √2`, by the series of `2 artanh(f / (2 + f))`.
static floatV ae_log(floatV x) {
  const floatV scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
  const intV bits = as_intV(scaled) - 0x3f3504f3;
  intV n = bits >> 23;
  const floatV f = as_floatV((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  n = x < 1.17549435e-38f ? n - 23 : n;
  const floatV s = f / (2.0f + f);
  const floatV z = s * s;
  floatV r = (floatV)(2.0f / 11);
  r = fma(r, z, (floatV)(2.0f / 9));
  r = fma(r, z, (floatV)(2.0f / 7));
  r = fma(r, z, (floatV)(2.0f / 5));
  r = fma(r, z, (floatV)(2.0f / 3)) * z;
  const floatV h = 0.5f * f * f;
  const floatV k = convert_floatV(n);
  const floatV y = k * 0.693145752f - ((h - fma(s, h + r, k * 1.42860677e-6f)) - f);
  const floatV special = x == 0.0f ? (floatV)(-INFINITY) : x < 0.0f ? (floatV)(NAN) : x;
  return x > 0.0f && x < INFINITY ? y : special;
}

/// `log(1 + u)` for 0 ≤ u ≤ 1: a polynomial, whose terms are added in pairs. A series of `u / (2 +
/// u)` is slower because of its division (48 and 44 µs for the loss of `deep`, PoCL).
static floatV ae_log1p_unit(floatV u) {
  const floatV square = u * u;
  const floatV a = fma(u, (floatV)(3.332132262e-1f), (floatV)(-4.999964796e-1f));
  const floatV b = fma(u, (floatV)(1.915365494e-1f), (floatV)(-2.485716367e-1f));
  const floatV c = fma(u, (floatV)(7.920453558e-2f), (floatV)(-1.375380234e-1f));
  const floatV d = fma(u, (floatV)(5.364824330e-3f), (floatV)(-3.006579230e-2f));
  const floatV p = fma(fma(d, square, c), square * square, fma(b, square, a));
  return fma(p, square, u);
}

/// `log(1 + x)`: the logarithm of the rounded sum, and a correction for the rounding.
static floatV ae_log1p(floatV x) {
  const floatV u = 1.0f + x;
  const floatV y = ae_log(u) + (x - (u - 1.0f)) / u;
  return u > 0.0f && u < INFINITY ? y : ae_log(u);
}

/// `sin 2πu` and `cos 2πu` for 0 ≤ u ≤ 1, from the nearest quarter turn.
static floatV ae_sincos2pi(floatV u, floatV *cosine) {
  intV q;
  const floatV quarter = ae_nearest(4.0f * u, &q);
  const floatV a = 6.28318531f * fma(quarter, (floatV)(-0.25f), u);
  const floatV z = a * a;
  floatV s = (floatV)(2.75573192e-6f);
  s = fma(s, z, (floatV)(-1.98412698e-4f));
  s = fma(s, z, (floatV)(8.33333333e-3f));
  s = fma(s, z, (floatV)(-0.166666667f));
  s = fma(s * z, a, a);
  floatV c = (floatV)(-2.75573192e-7f);
  c = fma(c, z, (floatV)(2.48015873e-5f));
  c = fma(c, z, (floatV)(-1.38888889e-3f));
  c = fma(c, z, (floatV)(4.16666667e-2f));
  c = fma(c, z, (floatV)(-0.5f));
  c = fma(c, z, (floatV)(1.0f));
  const floatV sine = (q & 1) != 0 ? c : s;
  const floatV other = (q & 1) != 0 ? s : c;
  *cosine = ((q + 1) & 2) != 0 ? -other : other;
  return (q & 2) != 0 ? -sine : sine;
}

/// `1 / (1 + e⁻ˣ)`
static floatV ae_sigmoid(floatV x) {
  const floatV e = ae_exp(-fabs(x));
  return (x < 0.0f ? e : (floatV)(1.0f)) / (1.0f + e);
}

/// `tanh x = −t / (2 + t)` with `t = e^−2x − 1`, for `x ≥ 0`; an odd function.
static floatV ae_tanh(floatV x) {
  const floatV t = ae_expm1_below0(-2.0f * fabs(x));
  return copysign(-t / (2.0f + t), x);
}

/// `log(1 + eˣ)`
static floatV ae_softplus(floatV x) {
  const floatV e = ae_exp_below0(-fabs(x));
  return (x < 0.0f ? (floatV)(0.0f) : x) + ae_log1p_unit(e);
}
