// Several samples of `N(μ, eˢ)` per example, the log-ratio of each sample's density under `N(0,
// I)`, the importance-weighted bound, and the gradients of all (Burda et al. 2015).

#include <math.h>
#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct importance {
  const float *mean, *log_variance, *epsilon;
  float *z, *ratio;
  intptr_t columns, draws;
};

CLONES
static void sample_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct importance *o = context;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t at = row / o->draws * o->columns;
    const float *mean = o->mean + at, *log_variance = o->log_variance + at;
    const float *epsilon = o->epsilon + row * o->columns;
    float *z = o->z + row * o->columns;
    float sum = 0;
    ELEMENTWISE(i, 0, o->columns) {
#pragma clang fp reassociate(on)
      const float e = epsilon[i], s = log_variance[i];
      const float sample = mean[i] + e * exponential(0.5f * s);
      z[i] = sample;
      sum += 0.5f * (e * e + s - sample * sample);
    }
    o->ratio[row] = sum;
  }
}

void loops_importance_sample(
  const float *mean, const float *log_variance, const float *epsilon, float *z, float *ratio,
  intptr_t rows, intptr_t columns, intptr_t draws, int threads
) {
  const struct importance operands = {mean, log_variance, epsilon, z, ratio, columns, draws};
  loops_over(
    threads, rows, 1, LOOPS_GRAIN_DEAR / (columns + 1) + 1, sample_rows, &operands);
}

struct sample_gradient {
  const float *dz, *d_ratio, *log_variance, *epsilon, *z;
  float *d_mean, *d_log_variance;
  intptr_t columns, draws;
};

CLONES
static void derive_samples(const void *context, intptr_t begin, intptr_t end) {
  const struct sample_gradient *o = context;
  const intptr_t columns = o->columns;
  for (intptr_t example = begin; example < end; ++example) {
    float *d_mean = o->d_mean + example * columns;
    float *d_log_variance = o->d_log_variance + example * columns;
    ELEMENTWISE(i, 0, columns) d_mean[i] = d_log_variance[i] = 0;
    float d_ratios = 0;
    for (intptr_t row = example * o->draws; row < (example + 1) * o->draws; ++row) {
      const float d_ratio = o->d_ratio[row];
      const float *dz = o->dz + row * columns, *z = o->z + row * columns;
      const float *epsilon = o->epsilon + row * columns;
      d_ratios += d_ratio;
      ELEMENTWISE(i, 0, columns) {
        const float d = dz[i] - d_ratio * z[i];
        d_mean[i] += d;
        d_log_variance[i] += d * epsilon[i];
      }
    }
    const float *log_variance = o->log_variance + example * columns;
    ELEMENTWISE(i, 0, columns) {
      d_log_variance[i] =
        0.5f * (d_log_variance[i] * exponential(0.5f * log_variance[i]) + d_ratios);
    }
  }
}

void loops_importance_sample_gradient(
  const float *dz, const float *d_ratio, const float *log_variance, const float *epsilon,
  const float *z, float *d_mean, float *d_log_variance, intptr_t examples, intptr_t columns,
  intptr_t draws, int threads
) {
  const struct sample_gradient operands = {
    dz, d_ratio, log_variance, epsilon, z, d_mean, d_log_variance, columns, draws,
  };
  loops_over(
    threads, examples, 1, LOOPS_GRAIN_CHEAP / (draws * columns + 1) + 1, derive_samples,
    &operands);
}

/// The largest of an example's log-weights, and `Σ e^(w − largest)` in `sum`.
static double largest_of(const float *w, intptr_t draws, double *sum) {
  float largest = w[0];
  for (intptr_t k = 1; k < draws; ++k) largest = w[k] > largest ? w[k] : largest;
  *sum = 0;
  for (intptr_t k = 0; k < draws; ++k) *sum += exp((double)w[k] - (double)largest);
  return (double)largest;
}

void loops_importance_bound(
  double factor, const float *w, float *s, intptr_t examples, intptr_t draws
) {
  double total = 0;
  for (intptr_t n = 0; n < examples; ++n) {
    double sum;
    const double largest = largest_of(w + n * draws, draws, &sum);
    total += largest + log(sum / (double)draws);
  }
  *s = (float)(-factor * total);
}

void loops_importance_bound_gradient(
  double factor, const float *w, const float *ds, float *dw, intptr_t examples, intptr_t draws
) {
  for (intptr_t n = 0; n < examples; ++n, w += draws, dw += draws) {
    double sum;
    const double largest = largest_of(w, draws, &sum);
    const double scale = -factor * (double)*ds / sum;
    for (intptr_t k = 0; k < draws; ++k) dw[k] = (float)(scale * exp((double)w[k] - largest));
  }
}
