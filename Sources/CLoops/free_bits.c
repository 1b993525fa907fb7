// The KL divergence of codes from `N(0, I)` by unit, with free bits (Kingma et al. 2016).

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

enum { WIDE = 128 };

struct operands {
  const float *mean, *log_variance, *means;
  float *to_means, *d_mean, *d_log_variance;
  intptr_t rows, columns;
  float floor, scale;
};

/// The means of units `begin..<end`.
CLONES
static void average(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  for (intptr_t first = begin; first < end; first += WIDE) {
    const intptr_t width = end - first < WIDE ? end - first : WIDE;
    double sums[WIDE] = {0};
    for (intptr_t row = 0; row < o->rows; ++row) {
      const float *mean = o->mean + row * o->columns + first;
      const float *log_variance = o->log_variance + row * o->columns + first;
      ELEMENTWISE(j, 0, width) {
        const float m = mean[j], s = log_variance[j];
        sums[j] += (double)(0.5f * (m * m + (exponential_minus_one(s) - s)));
      }
    }
    for (intptr_t j = 0; j < width; ++j) o->to_means[first + j] = (float)(sums[j] / (double)o->rows);
  }
}

CLONES
static void derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t at = row * o->columns;
    const float *mean = o->mean + at, *log_variance = o->log_variance + at, *means = o->means;
    float *d_mean = o->d_mean + at, *d_log_variance = o->d_log_variance + at;
    const float floor = o->floor, scale = o->scale;
    ELEMENTWISE(j, 0, o->columns) {
      const float weight = means[j] > floor ? scale : 0.0f;
      d_mean[j] = weight * mean[j];
      d_log_variance[j] = 0.5f * weight * exponential_minus_one(log_variance[j]);
    }
  }
}

void loops_free_bits(
  double floor, double factor, const float *mean, const float *log_variance, float *kl,
  float *means, intptr_t rows, intptr_t columns, int threads
) {
  const struct operands operands = {
    .mean = mean, .log_variance = log_variance, .to_means = means, .rows = rows,
    .columns = columns,
  };
  loops_over(threads, columns, 16, LOOPS_GRAIN_DEAR / (rows + 1) + 1, average, &operands);
  double sum = 0;
  for (intptr_t j = 0; j < columns; ++j) {
    // A mean of NaN stays NaN.
    sum += (double)means[j] < floor ? floor : (double)means[j];
  }
  *kl = (float)(factor * (double)rows * sum);
}

void loops_free_bits_gradient(
  double floor, double factor, const float *mean, const float *log_variance, const float *means,
  const float *d_kl, float *d_mean, float *d_log_variance, intptr_t rows, intptr_t columns,
  int threads
) {
  const struct operands operands = {
    .mean = mean, .log_variance = log_variance, .means = means, .d_mean = d_mean,
    .d_log_variance = d_log_variance, .columns = columns, .floor = (float)floor,
    .scale = (float)(factor * (double)*d_kl),
  };
  loops_over(threads, rows, 1, LOOPS_GRAIN_DEAR / (columns + 1) + 1, derive, &operands);
}
