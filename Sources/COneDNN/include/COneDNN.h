// oneDNN behind plain functions: row-major products, and what its codes mean. Versions 2 and 3
// alike.

#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// `C = op(A) · op(B) + β C`, row-major and dense: `A` `[M, K]` (`[K, M]` if transposed), `B`
/// `[K, N]` (`[N, K]`), `C` `[M, N]`. Within an OpenMP region it runs on the calling thread alone.
/// Returns a status; 0 is success.
int onednn_product(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a,
  const float *b, float beta, float *c);

/// A product whose operands are bound once: `C = f(A · B + bias)`, `f` the identity or `max(x, 0)`.
typedef struct onednn_bound_product onednn_bound_product;

/// Makes one for the number of threads that OpenMP would use now. Returns a status.
int onednn_bind_product(
  intptr_t m, intptr_t n, intptr_t k, const float *a, const float *b, const float *bias, int relu,
  float *c, onednn_bound_product *_Nullable *_Nonnull product);
int onednn_run_product(const onednn_bound_product *product);
void onednn_release_product(onednn_bound_product *_Nullable product);

/// The name of a status, such as `out_of_memory`.
const char *onednn_status_name(int status);

/// The version of the library that runs.
void onednn_version(int *major, int *minor, int *patch);

#pragma clang assume_nonnull end

#endif
