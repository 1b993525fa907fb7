// A sample of `N(μ, eˢ)`, its KL divergence from `N(0, 1)`, and the gradients of both (Kingma and
// Welling 2013).

#include <math.h>
#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  const float *mean, *log_variance, *epsilon, *dz;
  float *z, *d_mean, *d_log_variance;
  float scale;
};

CLONES
static double sample(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *mean = o->mean, *log_variance = o->log_variance, *epsilon = o->epsilon;
  float *z = o->z;
  double total = 0;
  for (intptr_t first = begin; first < end; first += 1024) {
    const intptr_t next = end - first < 1024 ? end : first + 1024;
    float sum = 0;
    ELEMENTWISE(i, first, next) {
#pragma clang fp reassociate(on)
      const float m = mean[i], s = log_variance[i];
      z[i] = m + epsilon[i] * exponential(0.5f * s);
      sum += 0.5f * (m * m + (exponential_minus_one(s) - s));
    }
    total += (double)sum;
  }
  return total;
}

CLONES
static void derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *mean = o->mean, *log_variance = o->log_variance, *epsilon = o->epsilon, *dz = o->dz;
  float *d_mean = o->d_mean, *d_log_variance = o->d_log_variance;
  const float scale = o->scale;
  ELEMENTWISE(i, begin, end) {
    const float s = log_variance[i], d = dz[i];
    const float by_sample = 0.5f * d * epsilon[i] * exponential(0.5f * s);
    const float by_divergence = 0.5f * scale * exponential_minus_one(s);
    d_mean[i] = d + scale * mean[i];
    d_log_variance[i] = by_sample + by_divergence;
  }
}

void loops_reparameterize(
  double factor, const float *mean, const float *log_variance, const float *epsilon, float *z,
  float *kl, intptr_t count, int threads
) {
  const struct operands operands = {mean, log_variance, epsilon, NULL, z, NULL, NULL, 0};
  *kl = (float)(factor * loops_sum_over(threads, count, sample, &operands));
}

void loops_reparameterize_gradient(
  double factor, const float *dz, const float *mean, const float *log_variance,
  const float *epsilon, const float *d_kl, float *d_mean, float *d_log_variance, intptr_t count,
  int threads
) {
  const struct operands operands = {
    mean, log_variance, epsilon, dz, NULL, d_mean, d_log_variance,
    (float)(factor * (double)*d_kl),
  };
  loops_over(threads, count, 64, LOOPS_GRAIN_DEAR, derive, &operands);
}

void loops_shaped_prior(const float *z, float *points, intptr_t rows, int is_spiral) {
  const float turn = 6.28318530717958647693f;
  for (intptr_t row = 0; row < rows; ++row, z += 4, points += 2) {
    const float u = expf(-0.5f * (z[0] * z[0] + z[1] * z[1]));
    if (is_spiral) {
      const float t = sqrtf(u), angle = 2 * turn * t;
      points[0] = 3 * t * cosf(angle) + 0.05f * z[2];
      points[1] = 3 * t * sinf(angle) + 0.05f * z[3];
    } else {
      const float angle = turn * fminf(floorf(10 * u), 9) / 10;
      const float outwards = 1.4f + 0.5f * z[2], across = 0.05f * z[3];
      points[0] = outwards * cosf(angle) - across * sinf(angle);
      points[1] = outwards * sinf(angle) + across * cosf(angle);
    }
  }
}
