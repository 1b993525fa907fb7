// Reconstruction losses and their gradients, with reconstruction `x` and target `t`.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "switches.h"

/// Logarithms below −100 become −100, as in PyTorch; NaN stays NaN.
INLINE float bounded(float logarithm) { return logarithm < -100.0f ? -100.0f : logarithm; }

/// The error of one element and, times `scale`, its derivative.
INLINE float error_of(loops_error error, float x, float t, float scale, float *dx) {
  switch (error) {
  case LOOPS_SQUARED_ERROR: {
    const float d = x - t;
    *dx = scale * (2.0f * d);
    return d * d;
  }
  case LOOPS_BINARY_CROSS_ENTROPY: {
    const float variance = x * (1.0f - x);
    *dx = scale * ((x - t) / (variance < 1e-12f ? 1e-12f : variance));
    return -t * bounded(logarithm(x)) - (1.0f - t) * bounded(logarithm_plus_one(-x));
  }
  case LOOPS_BINARY_CROSS_ENTROPY_WITH_LOGITS: {
    const float u = unit_exponential(-absolute(x));
    *dx = scale * (sigmoid_from(x, u) - t);
    return (x > 0.0f ? x : 0.0f) - x * t + logarithm_plus_one_of_unit(u);
  }
  }
}

struct operands {
  loops_error error;
  const float *x, *t, *mask;
  float *dx;
  float scale;
};

/// The number of elements whose errors are added in float before the sum is added in double.
enum { BLOCK = 1024 };

/// Calls `X(error)` with a constant `error`.
#define SWITCH_ERROR(error, X) \
  switch (error) { LOOPS_ERRORS(LOOPS_CASE, X) }

INLINE float sum_block(
  loops_error error, const float *x, const float *t, float scale, float *dx, intptr_t begin,
  intptr_t end
) {
  float sum = 0;
  ELEMENTWISE(i, begin, end) {
#pragma clang fp reassociate(on)
    float derivative;
    sum += error_of(error, x[i], t[i], scale, &derivative);
    if (dx) dx[i] = derivative;
  }
  return sum;
}

INLINE float sum_masked_block(
  loops_error error, const float *x, const float *t, const float *mask, float scale, float *dx,
  intptr_t begin, intptr_t end
) {
  float sum = 0;
  ELEMENTWISE(i, begin, end) {
#pragma clang fp reassociate(on)
    float derivative;
    const float value = error_of(error, x[i], t[i], scale, &derivative);
    sum += mask[i] != 0.0f ? value : 0.0f;
    if (dx) dx[i] = mask[i] != 0.0f ? derivative : 0.0f;
  }
  return sum;
}

CLONES
static double sum_errors(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  double total = 0;
  for (intptr_t i = begin; i < end; i += BLOCK) {
    const intptr_t next = end - i < BLOCK ? end : i + BLOCK;
#define SUM(error) total += (double)sum_block(error, o->x, o->t, 0, NULL, i, next)
#define SUM_MASKED(error) \
  total += (double)sum_masked_block(error, o->x, o->t, o->mask, 0, NULL, i, next)
    if (o->mask) {
      SWITCH_ERROR(o->error, SUM_MASKED)
    } else {
      SWITCH_ERROR(o->error, SUM)
    }
  }
  return total;
}

CLONES
static double sum_and_derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  double total = 0;
  for (intptr_t i = begin; i < end; i += BLOCK) {
    const intptr_t next = end - i < BLOCK ? end : i + BLOCK;
#define SUM_AND_DERIVE(error) \
  total += (double)sum_block(error, o->x, o->t, o->scale, o->dx, i, next)
#define SUM_AND_DERIVE_MASKED(error) \
  total += (double)sum_masked_block(error, o->x, o->t, o->mask, o->scale, o->dx, i, next)
    if (o->mask) {
      SWITCH_ERROR(o->error, SUM_AND_DERIVE_MASKED)
    } else {
      SWITCH_ERROR(o->error, SUM_AND_DERIVE)
    }
  }
  return total;
}

CLONES
static void derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *x = o->x, *t = o->t, *mask = o->mask, scale = o->scale;
  float *dx = o->dx;
#define DERIVE(error) \
  ELEMENTWISE(i, begin, end) error_of(error, x[i], t[i], scale, &dx[i])
  SWITCH_ERROR(o->error, DERIVE)
  if (mask) ELEMENTWISE(i, begin, end) dx[i] = mask[i] != 0.0f ? dx[i] : 0.0f;
}

/// - `d_loss`: `NULL` if no derivative is needed.
static struct operands operands_of(const loops_judged *j, const float *d_loss, float *dx) {
  const float scale = d_loss ? (float)(j->factor * (double)*d_loss) : 0;
  return (struct operands){j->error, j->x, j->t, j->mask, dx, scale};
}

void loops_loss(const loops_judged *j, float *loss, int threads) {
  const struct operands operands = operands_of(j, NULL, NULL);
  *loss = (float)(j->factor * loops_sum_over(threads, j->count, sum_errors, &operands));
}

void loops_loss_gradient(const loops_judged *j, const float *d_loss, float *dx, int threads) {
  const struct operands operands = operands_of(j, d_loss, dx);
  loops_over(threads, j->count, 64, LOOPS_GRAIN_DEAR, derive, &operands);
}

void loops_loss_with_gradient(
  const loops_judged *j, const float *d_loss, float *loss, float *dx, int threads
) {
  const struct operands operands = operands_of(j, d_loss, dx);
  *loss = (float)(j->factor * loops_sum_over(threads, j->count, sum_and_derive, &operands));
}

struct rows {
  const loops_judged *judged;
  intptr_t columns, draws;
  float *loss;
  const float *d_loss;
  float *dx;
};

static void sum_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct rows *r = context;
  const loops_judged *j = r->judged;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t target = row / r->draws * r->columns;
    const struct operands operands = {
      j->error, j->x + row * r->columns, j->t + target, j->mask ? j->mask + target : NULL, NULL, 0,
    };
    r->loss[row] = (float)(j->factor * sum_errors(&operands, 0, r->columns));
  }
}

void loops_example_loss(
  const loops_judged *j, intptr_t columns, intptr_t draws, float *loss, int threads
) {
  const struct rows rows = {j, columns, draws, loss, NULL, NULL};
  const intptr_t grain = LOOPS_GRAIN_DEAR / (columns + 1) + 1;
  loops_over(threads, columns > 0 ? j->count / columns : 0, 1, grain, sum_rows, &rows);
}

static void derive_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct rows *r = context;
  const loops_judged *j = r->judged;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t target = row / r->draws * r->columns;
    const struct operands operands = {
      j->error, j->x + row * r->columns, j->t + target, j->mask ? j->mask + target : NULL,
      r->dx + row * r->columns, (float)(j->factor * (double)r->d_loss[row]),
    };
    derive(&operands, 0, r->columns);
  }
}

void loops_example_loss_gradient(
  const loops_judged *j, intptr_t columns, intptr_t draws, const float *d_loss, float *dx,
  int threads
) {
  const struct rows rows = {j, columns, draws, NULL, d_loss, dx};
  const intptr_t grain = LOOPS_GRAIN_DEAR / (columns + 1) + 1;
  loops_over(threads, columns > 0 ? j->count / columns : 0, 1, grain, derive_rows, &rows);
}

CLONES
static double sum_squares(const void *context, intptr_t begin, intptr_t end) {
  const float *x = context;
  double total = 0;
  for (intptr_t i = begin; i < end; i += BLOCK) {
    const intptr_t next = end - i < BLOCK ? end : i + BLOCK;
    float sum = 0;
    for (intptr_t j = i; j < next; ++j) {
#pragma clang fp reassociate(on)
      sum += x[j] * x[j];
    }
    total += (double)sum;
  }
  return total;
}

CLONES
static double sum_absolutes(const void *context, intptr_t begin, intptr_t end) {
  const float *x = context;
  double total = 0;
  for (intptr_t i = begin; i < end; i += BLOCK) {
    const intptr_t next = end - i < BLOCK ? end : i + BLOCK;
    float sum = 0;
    for (intptr_t j = i; j < next; ++j) {
#pragma clang fp reassociate(on)
      sum += absolute(x[j]);
    }
    total += (double)sum;
  }
  return total;
}

void loops_sum_of_squares(const float *x, float *s, intptr_t count, int threads) {
  *s = (float)loops_sum_over(threads, count, sum_squares, x);
}

void loops_sum_of_absolutes(const float *x, float *s, intptr_t count, int threads) {
  *s = (float)loops_sum_over(threads, count, sum_absolutes, x);
}

loops_clipping loops_clip_norm(double limit, const float *g, intptr_t count, int threads) {
  const double norm = __builtin_sqrt(loops_sum_over(threads, count, sum_squares, g));
  return (loops_clipping){(float)(limit / (norm > limit ? norm : limit)), __builtin_inff()};
}
