// Updates the parameters from their gradients: the whole model in one pass.

#include <stddef.h>

#include "CLoops.h"
#include "denormals.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  const float *g;
  float *w, *m, *v;
  float beta1, beta2, rest1, rest2, epsilon, decay;
  float rate, correction1, correction2;
  loops_clipping clipping;
  const loops_range *decaying;
  intptr_t decaying_count;
};

/// A clipped gradient; NaN stays NaN.
INLINE float clipped(loops_clipping c, float g) {
  g *= c.factor;
  g = g > c.limit ? c.limit : g;
  return g < -c.limit ? -c.limit : g;
}

INLINE void adam_range(const struct operands o, float decay, intptr_t begin, intptr_t end) {
  ELEMENTWISE(i, begin, end) {
    const float g = clipped(o.clipping, o.g[i]);
    const float m = o.beta1 * o.m[i] + o.rest1 * g;
    const float v = o.beta2 * o.v[i] + o.rest2 * (g * g);
    o.m[i] = m;
    o.v[i] = v;
    const float root = __builtin_elementwise_sqrt(v * o.correction2);
    o.w[i] -= o.rate * (m * o.correction1) / (root + o.epsilon) + decay * o.w[i];
  }
}

CLONES
static void adam(const void *context, intptr_t begin, intptr_t end) {
  adam_range(*(const struct operands *)context, 0, begin, end);
}

/// The ranges with weight decay, and those between them.
CLONES
static void adam_with_decay(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  intptr_t at = begin;
  for (intptr_t r = 0; r < o.decaying_count && at < end; ++r) {
    const intptr_t from = o.decaying[r].begin < end ? o.decaying[r].begin : end;
    const intptr_t to = o.decaying[r].end < end ? o.decaying[r].end : end;
    if (to <= at) continue;
    if (from > at) adam_range(o, 0, at, from);
    adam_range(o, o.rate * o.decay, from > at ? from : at, to);
    at = to;
  }
  if (at < end) adam_range(o, 0, at, end);
}

CLONES
static void follow_root(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float g = clipped(o.clipping, o.g[i]);
    const float v = o.beta2 * o.v[i] + o.rest2 * (g * g);
    o.v[i] = v;
    o.w[i] -= o.rate * g / (__builtin_elementwise_sqrt(v) + o.epsilon);
  }
}

CLONES
static void follow_root_with_momentum(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float g = clipped(o.clipping, o.g[i]);
    const float v = o.beta2 * o.v[i] + o.rest2 * (g * g);
    o.v[i] = v;
    const float b = o.beta1 * o.m[i] + g / (__builtin_elementwise_sqrt(v) + o.epsilon);
    o.m[i] = b;
    o.w[i] -= o.rate * b;
  }
}

CLONES
static void descend(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) o.w[i] -= o.rate * clipped(o.clipping, o.g[i]);
}

CLONES
static void descend_with_momentum(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float b = o.beta1 * o.m[i] + clipped(o.clipping, o.g[i]);
    o.m[i] = b;
    o.w[i] -= o.rate * b;
  }
}

CLONES
static void descend_with_nesterov(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float g = clipped(o.clipping, o.g[i]);
    const float b = o.beta1 * o.m[i] + g;
    o.m[i] = b;
    o.w[i] -= o.rate * (g + o.beta1 * b);
  }
}

struct move {
  loops_body *body;
  const struct operands *operands;
};

/// Moments of parameters without gradients, such as those of a dead relu, decrease to denormal
/// numbers and would stay there.
static void move_range(const void *context, intptr_t begin, intptr_t end) {
  const struct move *move = context;
  const denormals_mode before = flush_denormals();
  move->body(move->operands, begin, end);
  restore_denormals(before);
}

static void move_parameters(
  loops_body *body, const struct operands *operands, const loops_range *ranges, intptr_t count,
  int threads
) {
  const struct move move = {body, operands};
  loops_over_ranges(threads, ranges, count, LOOPS_GRAIN_CHEAP, move_range, &move);
}

void loops_adam(
  double beta1, double beta2, double epsilon, double decay, const loops_range *decaying,
  intptr_t decaying_count, const loops_schedule *schedule, loops_clipping clipping,
  const float *g, float *w, float *m, float *v, const loops_range *ranges, intptr_t range_count,
  int threads
) {
  const struct operands operands = {
    .g = g, .w = w, .m = m, .v = v,
    .beta1 = (float)beta1, .beta2 = (float)beta2,
    .rest1 = (float)(1 - beta1), .rest2 = (float)(1 - beta2), .epsilon = (float)epsilon,
    .decay = (float)decay, .decaying = decaying, .decaying_count = decaying_count,
    .rate = schedule->learning_rate, .clipping = clipping,
    .correction1 = schedule->correction1, .correction2 = schedule->correction2,
  };
  loops_body *body = decaying_count > 0 ? adam_with_decay : adam;
  move_parameters(body, &operands, ranges, range_count, threads);
}

void loops_rms_prop(
  double rho, double momentum, double epsilon, const loops_schedule *schedule,
  loops_clipping clipping, const float *g, float *w, float *v, float *b,
  const loops_range *ranges, intptr_t range_count, int threads
) {
  const struct operands operands = {
    .g = g, .w = w, .m = b, .v = v,
    .beta1 = (float)momentum, .beta2 = (float)rho, .rest2 = (float)(1 - rho),
    .epsilon = (float)epsilon, .rate = schedule->learning_rate, .clipping = clipping,
  };
  loops_body *body = b ? follow_root_with_momentum : follow_root;
  move_parameters(body, &operands, ranges, range_count, threads);
}

void loops_sgd(
  double momentum, int nesterov, const loops_schedule *schedule, loops_clipping clipping,
  const float *g, float *w, float *b, const loops_range *ranges, intptr_t range_count, int threads
) {
  const struct operands operands = {
    .g = g, .w = w, .m = b, .beta1 = (float)momentum, .rate = schedule->learning_rate,
    .clipping = clipping,
  };
  loops_body *body = !b ? descend : nesterov ? descend_with_nesterov : descend_with_momentum;
  move_parameters(body, &operands, ranges, range_count, threads);
}

CLONES
void loops_follow(double momentum, const float *measured, float *state, intptr_t count) {
  const float kept = (float)momentum, rest = (float)(1 - momentum);
  ELEMENTWISE(i, 0, count) state[i] = kept * state[i] + rest * measured[i];
}
