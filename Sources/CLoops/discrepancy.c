// The maximum mean discrepancy of two batches, and its gradient.
//
// The points are transposed in scratch, first those of x, then those of y, so that the distances
// from one point to the following ones are vectors.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

/// Points whose kernels are computed together.
enum { WIDE = 256 };

enum { SCALE_COUNT = 7 };
static const float scales[SCALE_COUNT] = {0.1f, 0.2f, 0.5f, 1, 2, 5, 10};

struct operands {
  const loops_discrepancy *d;
  const float *points;
  float *to;
  float scale;
};

static void transpose(const loops_discrepancy *d, const float *x, const float *y, float *points) {
  for (intptr_t l = 0; l < d->columns; ++l) {
    float *own = points + 2 * l * d->rows;
    for (intptr_t i = 0; i < d->rows; ++i) {
      own[i] = x[i * d->columns + l];
      own[d->rows + i] = y[i * d->columns + l];
    }
  }
}

/// Replaces squared distances by `k`, or by its derivative with respect to the squared distance.
INLINE void apply_kernel(const loops_discrepancy *d, int derivative, float *values, intptr_t width) {
  const float spread = 2.0f * (float)d->columns;
  if (d->kernel == LOOPS_GAUSSIAN) {
    const float factor = derivative ? -1.0f / spread : 1.0f;
    ELEMENTWISE(j, 0, width) values[j] = factor * exponential(values[j] * (-1.0f / spread));
    return;
  }
  float sums[WIDE];
  ELEMENTWISE(j, 0, width) sums[j] = 0;
  for (intptr_t s = 0; s < SCALE_COUNT; ++s) {
    const float c = spread * scales[s];
    if (derivative) {
      ELEMENTWISE(j, 0, width) {
        const float sum = c + values[j];
        sums[j] -= c / (sum * sum);
      }
    } else {
      ELEMENTWISE(j, 0, width) sums[j] += c / (c + values[j]);
    }
  }
  ELEMENTWISE(j, 0, width) values[j] = sums[j];
}

/// The kernel, or its derivative, of point `i` and points `first..<first + width`; 0 for the point
/// and itself.
INLINE void compare(
  const struct operands *o, int derivative, intptr_t i, intptr_t first, intptr_t width,
  float *values
) {
  const intptr_t count = 2 * o->d->rows;
  ELEMENTWISE(j, 0, width) values[j] = 0;
  for (intptr_t l = 0; l < o->d->columns; ++l) {
    const float *others = o->points + l * count + first;
    const float own = o->points[l * count + i];
    ELEMENTWISE(j, 0, width) values[j] += (own - others[j]) * (own - others[j]);
  }
  apply_kernel(o->d, derivative, values, width);
  if (first <= i && i < first + width) values[i - first] = 0;
}

INLINE float sum_of_values(const float *values, intptr_t width) {
  float sum = 0;
  ELEMENTWISE(j, 0, width) {
#pragma clang fp reassociate(on)
    sum += values[j];
  }
  return sum;
}

/// The part of each point: of x with all points, of y with those of y.
CLONES
static void sum_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t rows = o->d->rows;
  for (intptr_t i = begin; i < end; ++i) {
    double total = 0;
    for (intptr_t half = i < rows ? 0 : 1; half < 2; ++half) {
      const double weight = half == (i < rows ? 0 : 1) ? o->d->within : 2 * o->d->between;
      for (intptr_t first = half * rows; first < (half + 1) * rows; first += WIDE) {
        const intptr_t left = (half + 1) * rows - first, width = left < WIDE ? left : WIDE;
        float values[WIDE];
        compare(o, 0, i, first, width, values);
        total += weight * (double)sum_of_values(values, width);
      }
    }
    o->to[i] = (float)total;
  }
}

CLONES
static void derive_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t rows = o->d->rows, columns = o->d->columns;
  for (intptr_t i = begin; i < end; ++i) {
    float *to = o->to + i * columns;
    ELEMENTWISE(l, 0, columns) to[l] = 0;
    for (intptr_t half = 0; half < 2; ++half) {
      const float weight = o->scale * (float)(half == 0 ? o->d->within : o->d->between);
      for (intptr_t first = half * rows; first < (half + 1) * rows; first += WIDE) {
        const intptr_t left = (half + 1) * rows - first, width = left < WIDE ? left : WIDE;
        float values[WIDE];
        compare(o, 1, i, first, width, values);
        for (intptr_t l = 0; l < columns; ++l) {
          const float *others = o->points + 2 * l * rows + first;
          const float own = o->points[2 * l * rows + i];
          float sum = 0;
          ELEMENTWISE(j, 0, width) {
#pragma clang fp reassociate(on)
            sum += values[j] * (own - others[j]);
          }
          to[l] += weight * sum;
        }
      }
    }
  }
}

/// The smallest number of rows per thread for which a second thread is worth its cost.
static intptr_t grain(const loops_discrepancy *d) {
  return LOOPS_GRAIN_CHEAP / (d->rows * (d->columns + 8) + 1) + 1;
}

void loops_discrepancy_of(
  const loops_discrepancy *d, const float *x, const float *y, float *scratch, float *s, int threads
) {
  float *sums = scratch + 2 * d->rows * d->columns;
  transpose(d, x, y, scratch);
  const struct operands operands = {d, scratch, sums, 0};
  loops_over(threads, 2 * d->rows, 1, grain(d), sum_rows, &operands);
  double total = 0;
  for (intptr_t i = 0; i < 2 * d->rows; ++i) total += (double)sums[i];
  *s = (float)total;
}

void loops_discrepancy_gradient(
  const loops_discrepancy *d, const float *x, const float *y, const float *ds, float *scratch,
  float *dx, int threads
) {
  transpose(d, x, y, scratch);
  const struct operands operands = {d, scratch, dx, 4.0f * *ds};
  loops_over(threads, d->rows, 1, grain(d), derive_rows, &operands);
}
