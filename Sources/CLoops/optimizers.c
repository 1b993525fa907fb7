// How parameters follow their gradients: the whole model in one pass.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  const float *g;
  float *w, *m, *v;
  float beta1, beta2, rest1, rest2, epsilon;
  float rate, correction1, correction2;
};

CLONES
static void adam(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float g = o.g[i];
    const float m = o.beta1 * o.m[i] + o.rest1 * g;
    const float v = o.beta2 * o.v[i] + o.rest2 * (g * g);
    o.m[i] = m;
    o.v[i] = v;
    const float root = __builtin_elementwise_sqrt(v * o.correction2);
    o.w[i] -= o.rate * (m * o.correction1) / (root + o.epsilon);
  }
}

CLONES
static void descend(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) o.w[i] -= o.rate * o.g[i];
}

CLONES
static void descend_with_momentum(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float b = o.beta1 * o.m[i] + o.g[i];
    o.m[i] = b;
    o.w[i] -= o.rate * b;
  }
}

CLONES
static void descend_with_nesterov(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  ELEMENTWISE(i, begin, end) {
    const float g = o.g[i];
    const float b = o.beta1 * o.m[i] + g;
    o.m[i] = b;
    o.w[i] -= o.rate * (g + o.beta1 * b);
  }
}

void loops_adam(
  double beta1, double beta2, double epsilon, const loops_schedule *schedule, const float *g,
  float *w, float *m, float *v, intptr_t count, int threads
) {
  const struct operands operands = {
    .g = g, .w = w, .m = m, .v = v,
    .beta1 = (float)beta1, .beta2 = (float)beta2,
    .rest1 = (float)(1 - beta1), .rest2 = (float)(1 - beta2), .epsilon = (float)epsilon,
    .rate = schedule->learning_rate,
    .correction1 = schedule->correction1, .correction2 = schedule->correction2,
  };
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, adam, &operands);
}

void loops_sgd(
  double momentum, int nesterov, const loops_schedule *schedule, const float *g, float *w,
  float *b, intptr_t count, int threads
) {
  const struct operands operands = {
    .g = g, .w = w, .m = b, .beta1 = (float)momentum, .rate = schedule->learning_rate,
  };
  loops_body *body = !b ? descend : nesterov ? descend_with_nesterov : descend_with_momentum;
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, body, &operands);
}
