// `y = f(x)` and `dx = dy · f′(x)` over vectors.

#include "activations.h"
#include "parallel.h"

struct operands {
  loops_activation f;
  const float *x, *dy;
  float *y;
};

CLONES
static void activate(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *x = o->x;
  float *y = o->y;
#define ACTIVATE(f) ELEMENTWISE(i, begin, end) y[i] = activated(f, x[i])
  SWITCH_ACTIVATION(o->f, ACTIVATE)
}

CLONES
static void activate_gradient(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *dy = o->dy, *x = o->x;
  float *y = o->y;
#define DERIVE(f) ELEMENTWISE(i, begin, end) y[i] = derived(f, dy[i], x[i])
  SWITCH_ACTIVATION(o->f, DERIVE)
}

void loops_activate(loops_activation f, const float *x, float *y, intptr_t count, int threads) {
  const struct operands operands = {f, x, x, y};
  loops_over(threads, count, 64, grains_of(f).value, activate, &operands);
}

void loops_activate_gradient(
  loops_activation f, const float *dy, const float *y, float *dx, intptr_t count, int threads
) {
  const struct operands operands = {f, y, dy, dx};
  loops_over(threads, count, 64, grains_of(f).derivative, activate_gradient, &operands);
}
