// Batch normalisation over the rows of `[rows, columns]`, one column per channel.

#include <stddef.h>

#include "CLoops.h"
#include "columns.h"
#include "functions.h"
#include "parallel.h"

enum { WIDE = COLUMNS_WIDE };

/// `y = (x − mean) · a + b` or, for the gradient, `(dy − b − (x − mean) · c) · a`; one value per
/// column.
struct operands {
  const float *x, *dy;
  const float *mean, *a, *b, *c;
  float *y;
  intptr_t columns, first, width;
};

/// Columns `first..<first + width` of some rows.
CLONES
static void normalize(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *mean = o->mean, *a = o->a, *b = o->b;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t at = row * o->columns + o->first;
    const float *x = o->x + at;
    float *y = o->y + at;
    ELEMENTWISE(j, 0, o->width) y[j] = (x[j] - mean[j]) * a[j] + b[j];
  }
}

CLONES
static void derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *mean = o->mean, *a = o->a, *b = o->b, *c = o->c;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t at = row * o->columns + o->first;
    const float *x = o->x + at, *dy = o->dy + at;
    float *y = o->y + at;
    ELEMENTWISE(j, 0, o->width) y[j] = (dy[j] - b[j] - (x[j] - mean[j]) * c[j]) * a[j];
  }
}

/// Columns per pass, and the number of rows for which a second thread is worth its cost.
INLINE intptr_t width_from(intptr_t first, intptr_t columns) {
  return columns - first < WIDE ? columns - first : WIDE;
}
static intptr_t grain(intptr_t width) { return LOOPS_GRAIN_CHEAP / (width + 1) + 1; }

static float reciprocal_deviation(float variance, double epsilon) {
  return (float)(1 / __builtin_sqrt((double)variance + epsilon));
}

void loops_normalize(
  double epsilon, const float *x, const float *gamma, const float *beta, const float *mean,
  const float *variance, float *y, intptr_t rows, intptr_t columns, int threads
) {
  for (intptr_t first = 0; first < columns; first += WIDE) {
    const intptr_t width = width_from(first, columns);
    float a[WIDE];
    for (intptr_t j = 0; j < width; ++j) {
      a[j] = gamma[first + j] * reciprocal_deviation(variance[first + j], epsilon);
    }
    const struct operands operands = {
      x, NULL, mean + first, a, beta + first, NULL, y, columns, first, width,
    };
    loops_over(threads, rows, 1, grain(width), normalize, &operands);
  }
}

void loops_batch_norm(
  double epsilon, const float *x, const float *gamma, const float *beta, float *y, float *mean,
  float *variance, intptr_t rows, intptr_t columns, int threads
) {
  for (intptr_t first = 0; first < columns; first += WIDE) {
    const intptr_t width = width_from(first, columns);
    double sums[2][WIDE];
    columns_sum(COLUMNS_VALUES, x, NULL, NULL, rows, columns, first, width, sums, threads);
    for (intptr_t j = 0; j < width; ++j) mean[first + j] = (float)(sums[0][j] / (double)rows);
    columns_sum(COLUMNS_SQUARES, x, NULL, mean, rows, columns, first, width, sums, threads);
    for (intptr_t j = 0; j < width; ++j) variance[first + j] = (float)(sums[0][j] / (double)rows);
  }
  loops_normalize(epsilon, x, gamma, beta, mean, variance, y, rows, columns, threads);
}

void loops_batch_norm_gradient(
  double epsilon, const float *dy, const float *x, const float *gamma, const float *mean,
  const float *variance, float *dx, float *d_gamma, float *d_beta, intptr_t rows,
  intptr_t columns, int threads
) {
  for (intptr_t first = 0; first < columns; first += WIDE) {
    const intptr_t width = width_from(first, columns);
    double sums[2][WIDE];
    float a[WIDE], b[WIDE], c[WIDE];
    columns_sum(COLUMNS_PRODUCTS, x, dy, mean, rows, columns, first, width, sums, threads);
    for (intptr_t j = 0; j < width; ++j) {
      const float r = reciprocal_deviation(variance[first + j], epsilon);
      d_beta[first + j] = (float)sums[0][j];
      d_gamma[first + j] = (float)(sums[1][j] * (double)r);
      a[j] = gamma[first + j] * r;
      b[j] = (float)(sums[0][j] / (double)rows);
      c[j] = (float)(sums[1][j] * (double)r * (double)r / (double)rows);
    }
    const struct operands operands = {
      x, dy, mean + first, a, b, c, dx, columns, first, width,
    };
    loops_over(threads, rows, 1, grain(width), derive, &operands);
  }
}
