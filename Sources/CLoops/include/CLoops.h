// The CPU backend's loops: everything but large matrix products.
//
// Vectors are float32 without alignment; matrices are row-major. `threads` is the largest number of
// threads of a call; small work runs on the calling thread. No call allocates.

#ifndef CLOOPS_H
#define CLOOPS_H

#include <stdint.h>

#include "CLoopsCodebook.h"
#include "CLoopsLatent.h"
#include "CLoopsSequences.h"
#include "CLoopsThreads.h"

#pragma clang assume_nonnull begin

/// The widest vector instructions that the loops use here: "avx512", "avx2", "sse2", "neon",
/// "scalar".
const char *loops_vector_instructions(void);

// Elementwise (activate.c, elementwise.c).

/// `X(name, …)` for every activation, in the order of `Activation`, with the same numbers.
#define LOOPS_ACTIVATIONS(X, ...) \
  X(LOOPS_IDENTITY, __VA_ARGS__) \
  X(LOOPS_RELU, __VA_ARGS__) \
  X(LOOPS_LEAKY_RELU, __VA_ARGS__) \
  X(LOOPS_ELU, __VA_ARGS__) \
  X(LOOPS_SELU, __VA_ARGS__) \
  X(LOOPS_GELU, __VA_ARGS__) \
  X(LOOPS_SILU, __VA_ARGS__) \
  X(LOOPS_SIGMOID, __VA_ARGS__) \
  X(LOOPS_TANH, __VA_ARGS__) \
  X(LOOPS_SOFTPLUS, __VA_ARGS__)

#define LOOPS_NAME(name, ...) name,
typedef enum { LOOPS_ACTIVATIONS(LOOPS_NAME, ) } loops_activation;

/// `y = f(x)`
void loops_activate(
  loops_activation f, const float *x, float *y, intptr_t count, int threads);
/// `dx = dy · f′(x)`, with `f′` computed from `y = f(x)`, or from `x` (given as `y`) if
/// `derivativeFrom` is input.
void loops_activate_gradient(
  loops_activation f, const float *dy, const float *y, float *dx, intptr_t count, int threads);
/// `y = a + b`
void loops_add(const float *a, const float *b, float *y, intptr_t count, int threads);
/// `y = factor · s · x`, `s` one element.
void loops_scale(
  float factor, const float *x, const float *s, float *y, intptr_t count, int threads);

/// `y = x + mean + deviation · ε`, clipped to `low` and `high`.
void loops_noise(
  double mean, double deviation, double low, double high, const float *x, const float *epsilon,
  float *y, intptr_t count, int threads);
/// `dx = dy` where `low < y < high`, 0 elsewhere.
void loops_noise_gradient(
  double low, double high, const float *dy, const float *y, float *dx, intptr_t count, int threads);
/// `y = s · sign(x)`, `s` one element.
void loops_sign(const float *x, const float *s, float *y, intptr_t count, int threads);

// Matrices (epilogue.c, columns.c, normalize.c, sparsity.c, product.c).

/// The operations on a sum `c` of `[rows, columns]`, in this order; absent operands are NULL.
typedef struct {
  /// `c + bias[n]`
  const float *_Nullable bias;
  /// `c + addend[m, n]`
  const float *_Nullable addend;
  /// `f(c)`
  loops_activation activation;
  /// `c · f′`, with `f′` computed from `read[m, n]`: `f(x)`, or `x` if `derivativeFrom` is input
  loops_activation derivative;
  const float *_Nullable read;
} loops_epilogue;

/// `y = epilogue(x)`, both `[rows, columns]`; `y` may be `x`.
void loops_finish_product(
  const loops_epilogue *epilogue, const float *x, float *y, intptr_t rows, intptr_t columns,
  int threads);
/// The same for rows `first..<first + rows`, on this thread.
void loops_finish_rows(
  const loops_epilogue *epilogue, const float *x, float *y, intptr_t first, intptr_t rows,
  intptr_t columns);
/// `s[o] = Σ x[n, o]`, `x` `[rows, columns]`.
void loops_column_sum(
  const float *x, float *s, intptr_t rows, intptr_t columns, int threads);

/// The largest `M · N · K`, and the largest `16 · K`, for which `loops_small_product` is used.
/// Compared with `onednn_product` on Zen 5: 0.1 and 0.4 µs for 8³, 0.7 and 0.9 µs for 32³; slower
/// at 64³.
enum { LOOPS_SMALL_PRODUCT = 32768, LOOPS_SMALL_PANEL = 4096 };
/// `C = epilogue(op(A) · op(B))`, `[M, N]`, on this thread: for products so small that calling
/// oneDNN takes longer.
void loops_small_product(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a,
  const float *b, float *c, const loops_epilogue *epilogue);

/// `mean` and `variance` `[columns]` of the rows of `x`, `y = γ (x − mean) / √(variance + ε) + β`.
void loops_batch_norm(
  double epsilon, const float *x, const float *gamma, const float *beta, float *y, float *mean,
  float *variance, intptr_t rows, intptr_t columns, int threads);
/// The same `y` from a given mean and variance.
void loops_normalize(
  double epsilon, const float *x, const float *gamma, const float *beta, const float *mean,
  const float *variance, float *y, intptr_t rows, intptr_t columns, int threads);
/// With `x̂ = (x − mean) / √(variance + ε)`: `dβ = Σ dy`, `dγ = Σ dy · x̂`,
/// `dx = γ / √(variance + ε) · (dy − dβ / rows − x̂ · dγ / rows)`.
void loops_batch_norm_gradient(
  double epsilon, const float *dy, const float *x, const float *gamma, const float *mean,
  const float *variance, float *dx, float *d_gamma, float *d_beta, intptr_t rows,
  intptr_t columns, int threads);

/// `s = Σ ρ log(ρ/ρ̂) + (1 − ρ) log((1 − ρ)/(1 − ρ̂))` over the columns' means `ρ̂` `[columns]`,
/// each clipped to `margin` and `1 − margin`.
void loops_sparsity(
  double target, double margin, const float *code, float *s, float *means, intptr_t rows,
  intptr_t columns, int threads);
/// `d_code = ((1 − ρ)/(1 − ρ̂) − ρ/ρ̂) / rows · ds`, the same in every row.
void loops_sparsity_gradient(
  double target, const float *means, const float *ds, float *d_code, intptr_t rows,
  intptr_t columns, int threads);

// Images (convolve.c, thin.c, spread.c, pooled.c, pool.c, upsample.c, upsample_window.c),
// `[images, height, width, channels]`.

/// Square windows over images: window `[i, j]` begins at pixel
/// `[stride · i − above, stride · j − left]`.
typedef struct {
  intptr_t images, height, width, channels;
  intptr_t result_height, result_width;
  intptr_t size, stride, above, left;
} loops_windows;

/// The largest number of multiplications for which oneDNN is not called; measured for products.
enum { LOOPS_SMALL_CONVOLUTION = 32768 };

/// `y[n, i, j, o] = epilogue(Σ x[n, h, w, c] · w[k, l, c, o])`, weights `[size, size, channels,
/// outputs]`, and the gradients of `x` and `w`.
void loops_convolve(
  const loops_windows *s, intptr_t outputs, const float *x, const float *w, float *y,
  const loops_epilogue *epilogue, int threads);
void loops_convolve_input_gradient(
  const loops_windows *s, intptr_t outputs, const float *dy, const float *w, float *dx,
  const loops_epilogue *epilogue, int threads);
void loops_convolve_weight_gradient(
  const loops_windows *s, intptr_t outputs, const float *x, const float *dy, float *dw,
  const loops_epilogue *epilogue, int threads);

/// A convolution with one output channel.
void loops_convolve_to_one(
  const loops_windows *s, const float *x, const float *w, float *y, const loops_epilogue *epilogue,
  int threads);
/// The gradient `x` of the input of a convolution with one input channel, from `y`.
void loops_spread_to_one(
  const loops_windows *s, intptr_t outputs, const float *y, const float *w, float *x,
  const loops_epilogue *epilogue, int threads);
/// Whether `loops_convolve_pooled` supports these windows: 3×3 with stride 1, small images of one
/// channel, and an even height and width of the result.
int loops_pools_convolution(const loops_windows *s, intptr_t outputs);
/// 2×2 max pooling of `max(Σ x · w + bias, 0)` (of the sum itself if not `relu`), and the index of
/// the largest of the four, row by row; the first of equal ones.
/// `y` and `winners`: `[images, result_height / 2, result_width / 2, outputs]`.
void loops_convolve_pooled(
  const loops_windows *s, intptr_t outputs, const float *x, const float *w,
  const float *_Nullable bias, int relu, float *y, uint8_t *winners, int threads);
/// Its weight gradient, `[3, 3, 1, outputs]`, from the gradient `dy` of the pooled images.
/// `partial` has `loops_correlation_parts · 9 · outputs` elements. The result does not depend on the
/// number of threads, to the last bit.
void loops_convolve_pooled_weight_gradient(
  const loops_windows *s, intptr_t outputs, const float *x, const float *dy,
  const uint8_t *winners, float *partial, float *dw, int threads);

/// The weight gradient `dw` `[size, size, count]` for images of `count` channels and images of one
/// channel; if `x_is_wide`, `x` has `count` channels, else `y`. `partial` has
/// `loops_correlation_parts · size² · count` elements. The result does not depend on the number of
/// threads, to the last bit.
void loops_correlate(
  const loops_windows *s, intptr_t count, const float *wide, const float *thin, int x_is_wide,
  float *partial, float *dw, int threads);
intptr_t loops_correlation_parts(const loops_windows *s);

/// The maximum of each window, and the mean.
void loops_pool_maximum(const loops_windows *s, const float *x, float *y, int threads);
void loops_pool_average(const loops_windows *s, const float *x, float *y, int threads);
/// Adds `dy` to the first largest pixel of each window, or in equal parts to the pixels within the
/// image.
void loops_pool_maximum_gradient(
  const loops_windows *s, const float *dy, const float *x, float *dx, int threads);
void loops_pool_average_gradient(
  const loops_windows *s, const float *dy, float *dx, int threads);

/// Upsampling of images to `factor` times their height and width.
typedef struct {
  intptr_t images, height, width, channels, factor;
  int bilinear;
} loops_upsampling;

void loops_upsample(const loops_upsampling *s, const float *x, float *y, int threads);
void loops_upsample_gradient(const loops_upsampling *s, const float *dy, float *dx, int threads);

/// Windows of `rows · columns` weights per pixel, and the windows that are summed from them.
typedef struct {
  intptr_t size, result_size, factor;
  /// `K − 1`, of the smaller of the two.
  intptr_t last;
  intptr_t rows, columns;
} loops_window_sums;

/// `v[m, n, b, a] = Σ w[t + last − m, u + last − n, a, b]` over `t`, `u` below the factor, if
/// the pixel exists; `a` is the row, `b` the column.
void loops_upsample_window(const loops_window_sums *s, const float *w, float *v, int threads);

// Losses (losses.c). A result pointer receives one element.

/// `X(name, …)` for every error, in the order of `ReconstructionError`, with the same numbers.
#define LOOPS_ERRORS(X, ...) \
  X(LOOPS_SQUARED_ERROR, __VA_ARGS__) \
  X(LOOPS_BINARY_CROSS_ENTROPY, __VA_ARGS__) \
  X(LOOPS_BINARY_CROSS_ENTROPY_WITH_LOGITS, __VA_ARGS__)

typedef enum { LOOPS_ERRORS(LOOPS_NAME, ) } loops_error;

/// A reconstruction `x` and its target `t`; if there is a mask, elements with mask 0 do not count.
typedef struct {
  loops_error error;
  double factor;
  const float *x, *t;
  const float *_Nullable mask;
  intptr_t count;
} loops_judged;

/// `loss = factor · Σ mask · error(x, t)`
void loops_loss(const loops_judged *judged, float *loss, int threads);
/// `dx = factor · dLoss · mask · ∂error/∂x`
void loops_loss_gradient(
  const loops_judged *judged, const float *d_loss, float *dx, int threads);
/// Both in one pass.
void loops_loss_with_gradient(
  const loops_judged *judged, const float *d_loss, float *loss, float *dx, int threads);
/// `loss[r] = factor · Σ mask · error(x, t)` over the `columns` elements of row `r` of `x`, and of
/// row `r / draws` of `t` and of the mask; `count` is that of `x`.
void loops_example_loss(
  const loops_judged *judged, intptr_t columns, intptr_t draws, float *loss, int threads);
/// `dx[r] = factor · dLoss[r] · mask · ∂error/∂x`, of the same rows.
void loops_example_loss_gradient(
  const loops_judged *judged, intptr_t columns, intptr_t draws, const float *d_loss, float *dx,
  int threads);
/// `s = Σ x²`
void loops_sum_of_squares(const float *x, float *s, intptr_t count, int threads);

/// `s = Σ |x|`
void loops_sum_of_absolutes(const float *x, float *s, intptr_t count, int threads);

// Columns (concatenate.c).

/// `y[r] = (a[r], b[r / repeats])`.
void loops_concatenate(
  const float *a, const float *b, float *y, intptr_t rows, intptr_t a_columns, intptr_t b_columns,
  intptr_t repeats, int threads);

/// `y[r, c] = x[r, first + c]`, with `count` columns.
void loops_columns(
  const float *x, float *y, intptr_t rows, intptr_t x_columns, intptr_t first, intptr_t count,
  int threads);

// Data and randomness (gather.c, normal.c, dropout.c).

/// The result for examples in which values can be missing (NaN): the values unchanged; the values
/// with 0 for missing ones; or a mask, 1 for values that exist and 0 for missing ones.
typedef enum { LOOPS_VALUES, LOOPS_FILLED, LOOPS_PRESENCE } loops_part;

/// The type of an example's elements: uint8, float32, IEEE 754 binary16, or the upper half of a
/// float32.
typedef enum { LOOPS_BYTE, LOOPS_FLOAT, LOOPS_FLOAT16, LOOPS_BFLOAT16 } loops_element;

/// `y[n, i] = (scale · examples[order[n], i] − shift[i]) · factor[i]`, `[rows, columns]`; bytes are
/// never missing. Rows of `examples` have `row_size` elements: `columns`, or fewer if examples are
/// windows of a series, which continue over the following rows.
void loops_gather(
  loops_element element, float scale, const void *examples, const int32_t *order,
  const float *_Nullable shift, const float *_Nullable factor, loops_part part, float *y,
  intptr_t rows, intptr_t columns, intptr_t row_size, int threads);
/// `y[n, i] = x[n, i] / factor[i] + shift[i]`
void loops_denormalize(
  const float *x, const float *_Nullable shift, const float *_Nullable factor, float *y,
  intptr_t rows, intptr_t columns, int threads);

/// Philox4x32-10 of one counter (Salmon et al. 2011).
void loops_philox(
  const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2], uint32_t words[_Nonnull 4]);

/// Random numbers for `[rows, columns]`: element `e` of row `r` from word `e % 4` of the counter
/// (e / 4, low and high word of the row's step, `stream`) under the key `seed`. The row's step is
/// `step + r / draws + 2³² · (r % draws)`. `first`: the number of the first element, if there is one
/// row, which is a part of a longer one; else 0.
typedef struct {
  uint64_t seed, step;
  uint32_t stream;
  intptr_t first, rows, columns, draws;
} loops_draw;

/// `N(0, 1)`, by Box-Muller on words (0, 1) and (2, 3).
void loops_normal(const loops_draw *draw, float *y, int threads);

/// `y = scale · x` where the upper 24 bits of the element's word are not below `threshold`; 0
/// elsewhere.
void loops_dropout(
  const loops_draw *draw, uint32_t threshold, double scale, const float *x, float *y,
  int threads);

// The end of a step (finite.c, optimizers.c).

/// Elements `begin..<end` of a flat buffer.
typedef struct {
  intptr_t begin, end;
} loops_range;

/// `count` elements from `x`.
typedef struct {
  const float *x;
  intptr_t count;
} loops_span;

/// Whether no element of the spans is infinite or NaN.
int loops_all_finite(const loops_span *spans, intptr_t count, int threads);

/// One row of an optimizer's schedule.
typedef struct {
  float learning_rate;
  /// `1 / (1 − β₁ᵗ)` and `1 / (1 − β₂ᵗ)`
  float correction1, correction2;
} loops_schedule;

/// The factor of a gradient, and then its largest absolute value.
typedef struct {
  float factor, limit;
} loops_clipping;

/// The clipping that limits the norm of `g` to `limit`. The result does not depend on the number of
/// threads, to the last bit.
loops_clipping loops_clip_norm(double limit, const float *g, intptr_t count, int threads);

/// The following functions update the elements of `ranges`, ascending, one range per tensor. A thread
/// updates the same part of each tensor whose gradient it computed.

/// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w −= η · m̂ / (√v̂ + ε)`; in the ascending ranges
/// `decaying` also `w −= η · decay · w`.
void loops_adam(
  double beta1, double beta2, double epsilon, double decay,
  const loops_range *_Nullable decaying, intptr_t decaying_count, const loops_schedule *schedule,
  loops_clipping clipping, const float *g, float *w, float *m, float *v,
  const loops_range *ranges, intptr_t range_count, int threads);
/// `v ← ρv + (1−ρ)g²`, `w −= η · g / (√v + ε)`; with momentum `b ← μb + g / (√v + ε)`, `w −= η ·
/// b`. `b` is NULL if `μ` is 0.
void loops_rms_prop(
  double rho, double momentum, double epsilon, const loops_schedule *schedule,
  loops_clipping clipping, const float *g, float *w, float *v, float *_Nullable b,
  const loops_range *ranges, intptr_t range_count, int threads);
/// `b ← μb + g`, `w −= η · b`; with Nesterov `w −= η · (g + μb)`. `b` is NULL if `μ` is 0.
void loops_sgd(
  double momentum, int nesterov, const loops_schedule *schedule, loops_clipping clipping,
  const float *g, float *w, float *_Nullable b, const loops_range *ranges, intptr_t range_count,
  int threads);
/// `state ← momentum · state + (1 − momentum) · measured`
void loops_follow(double momentum, const float *measured, float *state, intptr_t count);

// For tests: each function of functions.h, applied to a vector.

typedef enum {
  LOOPS_EXPONENTIAL,
  LOOPS_UNIT_EXPONENTIAL,
  LOOPS_EXPONENTIAL_MINUS_ONE,
  LOOPS_LOGARITHM,
  LOOPS_LOGARITHM_PLUS_ONE,
  LOOPS_LOGARITHM_PLUS_ONE_OF_UNIT,
  LOOPS_NORMAL_PROBABILITY,
  LOOPS_SINE_OF_TURN,
  LOOPS_COSINE_OF_TURN,
} loops_function;
void loops_evaluate(loops_function f, const float *x, float *y, intptr_t count);

#pragma clang assume_nonnull end

#endif
