#ifndef CLOOPS_LATENT_H
#define CLOOPS_LATENT_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Codes and their priors (reparameterize.c, importance.c, free_bits.c, discrepancy.c). A pointer to a
// divergence, a bound or a discrepancy points to one element.

/// `z = μ + ε · e^(s/2)` and `kl = factor · Σ −½ (1 + s − μ² − eˢ)`
void loops_reparameterize(
  double factor, const float *mean, const float *log_variance, const float *epsilon, float *z,
  float *kl, intptr_t count, int threads);
/// `z[r] = μ[n] + ε[r] · e^(s[n]/2)` and `ratio[r] = ½ Σ (ε[r]² + s[n] − z[r]²)`, `n = r / draws`;
/// `ε` and `z` `[rows, columns]`.
void loops_importance_sample(
  const float *mean, const float *log_variance, const float *epsilon, float *z, float *ratio,
  intptr_t rows, intptr_t columns, intptr_t draws, int threads);
/// With `g[r] = dz[r] − dRatio[r] · z[r]`: `dμ[n] = Σ g[r]` and
/// `ds[n] = ½ Σ (g[r] · ε[r] · e^(s[n]/2) + dRatio[r])` over the draws `r` of example `n`.
void loops_importance_sample_gradient(
  const float *dz, const float *d_ratio, const float *log_variance, const float *epsilon,
  const float *z, float *d_mean, float *d_log_variance, intptr_t examples, intptr_t columns,
  intptr_t draws, int threads);
/// `s = −factor · Σ log(1/K Σ e^(w[n, k]))`, `w` `[examples, draws]`.
void loops_importance_bound(
  double factor, const float *w, float *s, intptr_t examples, intptr_t draws);
/// `dw[n, k] = −factor · e^(w[n, k]) / Σ e^(w[n, j]) · ds`
void loops_importance_bound_gradient(
  double factor, const float *w, const float *ds, float *dw, intptr_t examples, intptr_t draws);
/// Points `[rows, 2]` of a two-dimensional prior from normal numbers `z` `[rows, 4]`: ten normal
/// densities on a circle, or a spiral.
void loops_shaped_prior(const float *z, float *points, intptr_t rows, int is_spiral);
/// `dμ = dz + factor · μ · dKL` and `ds = ½ dz · ε · e^(s/2) + ½ factor · (eˢ − 1) · dKL`
void loops_reparameterize_gradient(
  double factor, const float *dz, const float *mean, const float *log_variance,
  const float *epsilon, const float *d_kl, float *d_mean, float *d_log_variance, intptr_t count,
  int threads);

/// `kl = factor · rows · Σ max(floor, means[l])` over the columns' means of `½ (μ² + eˢ − 1 − s)`.
void loops_free_bits(
  double floor, double factor, const float *mean, const float *log_variance, float *kl,
  float *means, intptr_t rows, intptr_t columns, int threads);
/// `dμ = factor · μ · dKL` and `ds = ½ factor · (eˢ − 1) · dKL` where `means[l] > floor`, else 0.
void loops_free_bits_gradient(
  double floor, double factor, const float *mean, const float *log_variance, const float *means,
  const float *d_kl, float *d_mean, float *d_log_variance, intptr_t rows, intptr_t columns,
  int threads);

/// The kernel for two points with squared distance `d`, with `C = 2 columns`: `k = e^(−d/C)`, or
/// `k = Σ C s / (C s + d)` over `s` of 0.1, 0.2, 0.5, 1, 2, 5 and 10.
typedef enum { LOOPS_GAUSSIAN, LOOPS_INVERSE_MULTIQUADRATIC } loops_kernel;

/// How two batches of points `[rows, columns]` are compared.
typedef struct {
  loops_kernel kernel;
  intptr_t rows, columns;
  /// The weight of a pair within a batch, and half the weight of a pair between the batches.
  double within, between;
} loops_discrepancy;

/// `s = within · Σ_{i≠j} (k(x[i], x[j]) + k(y[i], y[j])) + 2 between · Σ_{i,j} k(x[i], y[j])`.
/// - `scratch`: `2 rows · (columns + 1)` elements.
void loops_discrepancy_of(
  const loops_discrepancy *d, const float *x, const float *y, float *scratch, float *s,
  int threads);
/// Its gradient with respect to `x`, times `ds`. The same scratch.
void loops_discrepancy_gradient(
  const loops_discrepancy *d, const float *x, const float *y, const float *ds, float *scratch,
  float *dx, int threads);

#pragma clang assume_nonnull end

#endif
