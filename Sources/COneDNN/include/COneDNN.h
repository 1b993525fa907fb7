// oneDNN behind plain functions: row-major products, convolutions, and what its codes mean.
// Versions 2 and 3 alike.

#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Rows `first..<first + rows` of `C = op(A) · op(B) + β C`, row-major and dense: `A` `[M, K]`
/// (`[K, M]` if transposed), `B` `[K, N]` (`[N, K]`), `C` `[M, N]`. Within an OpenMP region it runs
/// on the calling thread alone. Returns a status; 0 is success.
int onednn_product(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, intptr_t first,
  intptr_t rows, const float *a, const float *b, float beta, float *c);

/// A product whose operands are bound once: `C = f(A · op(B) + bias)`, `f` the identity or
/// `max(x, 0)`.
typedef struct onednn_bound_product onednn_bound_product;

/// Makes one for the number of threads that OpenMP would use now. Returns a status.
int onednn_bind_product(
  int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a, const float *b,
  const float *_Nullable bias, int relu, float *c,
  onednn_bound_product *_Nullable *_Nonnull product);
int onednn_run_product(const onednn_bound_product *product);
void onednn_release_product(onednn_bound_product *_Nullable product);

/// The sizes of a convolution `y = x ∗ w`: `x` `[images, height, width, channels]`, `w`
/// `[size, size, channels, outputs]`, `y` `[images, result_height, result_width, outputs]`; the
/// image is surrounded by `above`, `below`, `left` and `right` lines of zeros.
typedef struct {
  intptr_t images, height, width, channels;
  intptr_t result_height, result_width, outputs;
  intptr_t size, stride;
  intptr_t above, below, left, right;
} onednn_convolution_sizes;

/// What is computed from the other two: `y`, the gradient in `x` or that in `w`.
typedef enum { ONEDNN_FORWARD, ONEDNN_INPUT_GRADIENT, ONEDNN_WEIGHT_GRADIENT } onednn_pass;

/// `x`, `max(x, 0)`, `x > 0 ? x : 0.01 x`, `x > 0 ? x : eˣ − 1`.
typedef enum { ONEDNN_IDENTITY, ONEDNN_RELU, ONEDNN_LEAKY_RELU, ONEDNN_ELU } onednn_activation;

/// One pass of a convolution, its operands bound once.
typedef struct onednn_bound_convolution onednn_bound_convolution;

/// Makes one for the number of threads that OpenMP would use now. `bias` `[outputs]` is added to a
/// forward pass, which `activation` ends; a weight gradient writes `Σ y` to it; an input gradient
/// has none. Returns a status.
int onednn_bind_convolution(
  onednn_pass pass, const onednn_convolution_sizes *sizes, const float *x, const float *w,
  const float *y, const float *_Nullable bias, onednn_activation activation,
  onednn_bound_convolution *_Nullable *_Nonnull convolution);
int onednn_run_convolution(const onednn_bound_convolution *convolution);
/// The code that oneDNN chose, such as `brgconv:avx512_core`; `ref:any` is a thousand times slower.
const char *onednn_convolution_implementation(const onednn_bound_convolution *convolution);
void onednn_release_convolution(onednn_bound_convolution *_Nullable convolution);

/// The name of a status, such as `out_of_memory`.
const char *onednn_status_name(int status);

/// The version of the library that runs.
void onednn_version(int *major, int *minor, int *patch);

#pragma clang assume_nonnull end

#endif
