// What every kernel file has in front of it: vectors, loops, sums, functions, random numbers. It
// has no kernel of its own.
//
// A kernel is written once, in terms of `floatV`. On a GPU that is a float, and a launch has many
// work-items; on a CPU device it is a float16, and each work-item is a work-group of its own that
// loops over a chunk. Reads of whole vectors may pass the end of a tensor: every buffer is padded
// for that. Stores never do.
//
// Built-in exp, log, sin and tanh are not used: on some CPU drivers they are not vectorised. The
// functions here are branch-free and accurate to a few units in the last place; they keep NaN and
// infinity.

/// Elements of a `floatV`: 1 or 16.
#ifndef VECTOR
#define VECTOR 1
#endif
/// Work-items of a work-group, a power of two.
#ifndef LOCAL
#define LOCAL 1
#endif
/// What an epilogue does: add a bias, add a matrix, apply f, multiply by f′. Activations
/// by number: 0 identity, 1 relu, 2 elu, 3 sigmoid, 4 tanh, 5 softplus, 6 leaky relu, 7 selu,
/// 8 gelu, 9 silu.
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

// Words of the state buffer: four a feed, then those of the run.
#define STATE_ROW(feed) (4 * (feed))
#define STATE_STEP_LOW(feed) (4 * (feed) + 1)
#define STATE_STEP_HIGH(feed) (4 * (feed) + 2)
#define STATE_NOTED 8
#define STATE_NOTED_LOW 9
#define STATE_NOTED_HIGH 10
#define STATE_BAD 11
#define STATE_DONE 12

#define FLAT __kernel __attribute__((reqd_work_group_size(LOCAL, 1, 1)))

// Vectors -----------------------------------------------------------------------------------------

#if VECTOR == 16
typedef float16 floatV;
typedef int16 intV;
typedef uint16 uintV;
#define as_floatV as_float16
#define as_intV as_int16
#define as_uintV as_uint16
#define convert_floatV convert_float16
#define convert_intV convert_int16
#define convert_uintV convert_uint16
#define LANES ((int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define LOAD(p) vload16(0, (p))

/// Stores the first `valid` elements.
static void ae_store(floatV value, __global float *p, int valid) {
  if (valid >= 16) {
    vstore16(value, 0, p);
  } else {
    float lanes[16];
    vstore16(value, 0, lanes);
    for (int lane = 0; lane < valid; ++lane) p[lane] = lanes[lane];
  }
}

static float ae_sum(floatV x) {
  const float8 a = x.lo + x.hi;
  const float4 b = a.lo + a.hi;
  const float2 c = b.lo + b.hi;
  return c.lo + c.hi;
}

static uint ae_max(uintV x) {
  const uint8 a = max(x.lo, x.hi);
  const uint4 b = max(a.lo, a.hi);
  const uint2 c = max(b.lo, b.hi);
  return max(c.lo, c.hi);
}

/// Where the chunk of work-item `item` of `items` begins, in elements: whole vectors.
static int ae_chunk(int count, int item, int items) {
  return (int)((long)((count - 1) / 16 + 1) * item / items) * 16;
}
#else
typedef float floatV;
typedef int intV;
typedef uint uintV;
#define as_floatV as_float
#define as_intV as_int
#define as_uintV as_uint
#define convert_floatV convert_float
#define convert_intV convert_int
#define convert_uintV convert_uint
#define LANES 0
#define LOAD(p) (*(p))

static void ae_store(floatV value, __global float *p, int valid) { *p = value; }
static float ae_sum(floatV x) { return x; }
static uint ae_max(uintV x) { return x; }
#endif

/// `x` with zero in the elements from the `valid`-th on.
static floatV ae_first(floatV x, int valid) { return LANES < valid ? x : (floatV)(0.0f); }

// Loops -------------------------------------------------------------------------------------------

// `FOR_VECTORS(i, count)` runs for the first element `i` of each vector that falls to this
// work-item; `FOR_CELLS(row, n, rows, columns)` likewise for a matrix, whose rows each begin with a
// new vector.
#if VECTOR == 16
#define FOR_VECTORS(i, count) \
  for (int i = ae_chunk(count, get_global_id(0), get_global_size(0)), \
           i##End = min((int)(count), ae_chunk(count, get_global_id(0) + 1, get_global_size(0))); \
       i < i##End; i += 16)
#define FOR_CELLS(row, n, rows, columns) \
  for (int row = (int)((long)(rows) * get_global_id(0) / get_global_size(0)), \
           row##End = (int)((long)(rows) * (get_global_id(0) + 1) / get_global_size(0)); \
       row < row##End; ++row) \
    for (int n = 0; n < (columns); n += 16)
#else
#define FOR_VECTORS(i, count) \
  for (int i = get_global_id(0); i < (count); i += get_global_size(0))
#define FOR_CELLS(row, n, rows, columns) \
  for (int cell = get_global_id(0); cell < (rows) * (columns); cell += get_global_size(0)) \
    for (int row = cell / (columns), n = cell - row * (columns), once = 1; once; once = 0)
#endif

// `FOR_PIXELS(n, i, j, c, …)` runs for each vector of channels of each pixel of images
// [N, H, W, C].
#if VECTOR == 16
#define FOR_PIXELS(n, i, j, c, images, height, width, channels) \
  for (int line = (int)((long)(images) * (height) * get_global_id(0) / get_global_size(0)), \
           lineEnd = \
             (int)((long)(images) * (height) * (get_global_id(0) + 1) / get_global_size(0)); \
       line < lineEnd; ++line) \
    for (int n = line / (height), i = line - n * (height), j = 0; j < (width); ++j) \
      for (int c = 0; c < (channels); c += 16)
#else
#define FOR_PIXELS(n, i, j, c, images, height, width, channels) \
  for (int cell = get_global_id(0); cell < (images) * (height) * (width) * (channels); \
       cell += get_global_size(0)) \
    for (int pixel = cell / (channels), c = cell - pixel * (channels), line = pixel / (width), \
             j = pixel - line * (width), n = line / (height), i = line - n * (height), once = 1; \
         once; once = 0)
#endif

/// A long sum in two levels, so that rounding errors stay small: up to 64 terms, then their sums.
typedef struct {
  floatV total, part;
  int terms;
} ae_Sum;

static void ae_add(ae_Sum *sum, floatV x) {
  sum->part += x;
  if (++sum->terms == 64) {
    sum->total += sum->part;
    sum->part = (floatV)(0.0f);
    sum->terms = 0;
  }
}

/// The sum of `x` over the work-group, in its first work-item: a tree. To be called by all.
static float ae_group_sum(float x, __local float *scratch) {
#if LOCAL > 1
  const int item = get_local_id(0);
  scratch[item] = x;
  for (int middle = LOCAL / 2; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < middle) scratch[item] += scratch[item + middle];
  }
  return scratch[0];
#else
  return x;
#endif
}

/// Writes the group's share of a sum to its place among the partial sums.
static void ae_write_partial(
  ae_Sum sum, float factor, __global float *partials, __local float *scratch) {
  const float group = ae_group_sum(ae_sum(sum.total + sum.part), scratch);
  if (get_local_id(0) == 0) partials[get_group_id(0)] = factor * group;
}

// Functions ---------------------------------------------------------------------------------------

/// `2ⁿ` for −126 ≤ n ≤ 127.
static floatV ae_power2(intV n) { return as_floatV((n + 127) << 23); }

/// `eˣ = 2ⁿ (1 + p)` with `n = rint(x / ln 2)` and `p = eʳ − 1`, `|r| ≤ ln 2 / 2`, by its series.
static floatV ae_reduced_exp(floatV x, intV *n) {
  // Beyond these bounds the result is 0 or infinity in float32. NaN passes.
  x = x > 89.0f ? (floatV)(89.0f) : x;
  x = x < -104.0f ? (floatV)(-104.0f) : x;
  const floatV rounded = rint(x * 1.44269504f);
  *n = convert_intV(x == x ? rounded : (floatV)(0.0f));
  floatV r = fma(rounded, (floatV)(-0.693359375f), x);
  r = fma(rounded, (floatV)(2.12194440e-4f), r);
  floatV q = (floatV)(1.0f / 5040);
  q = fma(q, r, (floatV)(1.0f / 720));
  q = fma(q, r, (floatV)(1.0f / 120));
  q = fma(q, r, (floatV)(1.0f / 24));
  q = fma(q, r, (floatV)(1.0f / 6));
  q = fma(q, r, (floatV)(0.5f));
  return fma(q, r * r, r);
}

/// `eˣ`
static floatV ae_exp(floatV x) {
  intV n;
  const floatV p = ae_reduced_exp(x, &n);
  // In two halves, as 2ⁿ alone would leave the range of float32 near both of its ends.
  const intV middle = n >> 1;
  return (1.0f + p) * ae_power2(middle) * ae_power2(n - middle);
}

/// `eˣ − 1`
static floatV ae_expm1(floatV x) {
  intV n;
  const floatV p = ae_reduced_exp(x, &n);
  const intV middle = n >> 1;
  const floatV s = ae_power2(middle);
  return fma(p, s, s - ae_power2(middle - n)) * ae_power2(n - middle);
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

/// `log(1 + x)`: the logarithm of the rounded sum, and what the rounding lost.
static floatV ae_log1p(floatV x) {
  const floatV u = 1.0f + x;
  const floatV y = ae_log(u) + (x - (u - 1.0f)) / u;
  return u > 0.0f && u < INFINITY ? y : ae_log(u);
}

/// `sin 2πu` and `cos 2πu` for 0 ≤ u ≤ 1, from the nearest quarter turn on.
static floatV ae_sincos2pi(floatV u, floatV *cosine) {
  const floatV quarter = rint(4.0f * u);
  const intV q = convert_intV(quarter);
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
  const floatV t = ae_expm1(-2.0f * fabs(x));
  return copysign(-t / (2.0f + t), x);
}

/// `log(1 + eˣ)`
static floatV ae_softplus(floatV x) {
  return (x < 0.0f ? (floatV)(0.0f) : x) + ae_log1p(ae_exp(-fabs(x)));
}

/// The density φ of `N(0, 1)` at `x`, and the probability Φ of what lies below `x`.
///
/// The tail beyond `z = |x|` is φ times Mills' ratio, a polynomial in `t = 1 / (1 + 0.35 z)` within
/// 3·10⁻⁸ of it up to 15; further out both are 0. What rounding takes from `z²` is put back by its
/// first-order term.
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

/// `σ(x) (1 + x (1 − σ(x)))`, where `1 − σ(x) = σ(−x)` is not taken by a difference: what that rounds off
/// counts `x` times.
static floatV ae_silu_slope(floatV x) {
  const floatV e = ae_exp(-fabs(x));
  const floatV larger = 1.0f / (1.0f + e);
  const floatV smaller = e * larger;
  const floatV rest = x < 0.0f ? larger : smaller;
  return (x < 0.0f ? smaller : larger) * fma(x, rest, (floatV)(1.0f));
}

/// `f(x)`, with `f` by ACTIVATION.
static floatV ae_activate(floatV x) {
#if ACTIVATION == 1
  return x < 0.0f ? (floatV)(0.0f) : x;
#elif ACTIVATION == 2
  return x > 0.0f ? x : ae_expm1(x);
#elif ACTIVATION == 3
  return ae_sigmoid(x);
#elif ACTIVATION == 4
  return ae_tanh(x);
#elif ACTIVATION == 5
  return ae_softplus(x);
#elif ACTIVATION == 6
  return x > 0.0f ? x : 0.01f * x;
#elif ACTIVATION == 7
  return x > 0.0f ? 1.05070099f * x : 1.75809934f * ae_expm1(x);
#elif ACTIVATION == 8
  return ae_gelu(x);
#elif ACTIVATION == 9
  return x * ae_sigmoid(x);
#else
  return x;
#endif
}

/// `f′(x)` read off `y = f(x)`, with `f` by DERIVATIVE; for gelu and silu `y` is `x`.
static floatV ae_derivative(floatV y) {
#if DERIVATIVE == 1
  return y > 0.0f ? (floatV)(1.0f) : (floatV)(0.0f);
#elif DERIVATIVE == 2
  return y > 0.0f ? (floatV)(1.0f) : y + 1.0f;
#elif DERIVATIVE == 3
  return y * (1.0f - y);
#elif DERIVATIVE == 4
  return 1.0f - y * y;
#elif DERIVATIVE == 5
  return -ae_expm1(-y);
#elif DERIVATIVE == 6
  return y > 0.0f ? (floatV)(1.0f) : (floatV)(0.01f);
#elif DERIVATIVE == 7
  return y > 0.0f ? (floatV)(1.05070099f) : y + 1.75809934f;
#elif DERIVATIVE == 8
  return ae_gelu_slope(y);
#elif DERIVATIVE == 9
  return ae_silu_slope(y);
#else
  return (floatV)(1.0f);
#endif
}

/// What an epilogue does after the bias to the sum at element `index`; operands that ADDEND and
/// DERIVATIVE do not ask for are not read.
static floatV ae_after_bias(
  floatV sum, int index, __global const float *addend, __global const float *operand) {
#if ADDEND
  sum += LOAD(addend + index);
#endif
  sum = ae_activate(sum);
#if DERIVATIVE
  sum *= ae_derivative(LOAD(operand + index));
#endif
  return sum;
}

/// An epilogue on the sum at column `n` and element `index`.
static floatV ae_epilogue(
  floatV sum, int n, int index, __global const float *bias, __global const float *addend,
  __global const float *operand) {
#if BIAS
  sum += LOAD(bias + n);
#endif
  return ae_after_bias(sum, index, addend, operand);
}

// Images ------------------------------------------------------------------------------------------

#if VECTOR == 16
/// Copies an image `[height, width, L]` into a frame `[frameHeight, frameWidth, L]`, `top` and
/// `left` pixels from its corner; what lies beyond the frame is left out.
static void ae_frame(
  __global const float *image, int height, int width, __global float *frame, int frameHeight,
  int frameWidth, int top, int left, int L) {
  const int count = min(width, frameWidth - left) * L, rows = min(height, frameHeight - top);
  for (int i = 0; i < rows; ++i) {
    __global const float *from = image + i * width * L;
    __global float *to = frame + ((top + i) * frameWidth + left) * L;
    for (int e = 0; e < count; e += 16) ae_store(vload16(0, from + e), to + e, count - e);
  }
}

static void ae_clear(__global float *x, int count) {
  for (int e = 0; e < count; e += 16) ae_store((float16)(0.0f), x + e, count - e);
}
#endif

// Random numbers ----------------------------------------------------------------------------------

/// Philox4x32-10 (Salmon et al. 2011): ten rounds on the counter `x[0…3]`, in place.
static void ae_philox(uintV *x, uint key0, uint key1) {
  for (int round = 0; round < 10; ++round) {
    const uintV aHigh = mul_hi(x[0], (uintV)(0xD2511F53u));
    const uintV aLow = x[0] * 0xD2511F53u;
    const uintV bHigh = mul_hi(x[2], (uintV)(0xCD9E8D57u));
    const uintV bLow = x[2] * 0xCD9E8D57u;
    x[0] = bHigh ^ x[1] ^ key0;
    x[1] = bLow;
    x[2] = aHigh ^ x[3] ^ key1;
    x[3] = aLow;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}
