// Sums and multiples of vectors, and the vector instructions that the loops use.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  const float *a, *b;
  float factor;
  float *y;
};

CLONES
static void add(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *a = o->a, *b = o->b;
  float *y = o->y;
  ELEMENTWISE(i, begin, end) y[i] = a[i] + b[i];
}

CLONES
static void scale(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *a = o->a, factor = o->factor;
  float *y = o->y;
  ELEMENTWISE(i, begin, end) y[i] = factor * a[i];
}

struct noise {
  const float *x, *epsilon;
  float *y;
  float mean, deviation, low, high;
};

CLONES
static void add_noise(const void *context, intptr_t begin, intptr_t end) {
  const struct noise o = *(const struct noise *)context;
  ELEMENTWISE(i, begin, end) {
    const float y = o.x[i] + (o.mean + o.deviation * o.epsilon[i]);
    const float bounded = y < o.low ? o.low : y;
    o.y[i] = bounded > o.high ? o.high : bounded;
  }
}

/// Here `x` is the gradient and `epsilon` the noisy value.
CLONES
static void pass_within(const void *context, intptr_t begin, intptr_t end) {
  const struct noise o = *(const struct noise *)context;
  ELEMENTWISE(i, begin, end) {
    const float y = o.epsilon[i];
    o.y[i] = y <= o.low || y >= o.high ? 0.0f : o.x[i];
  }
}

CLONES
static void sign(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const float *a = o->a, factor = o->factor;
  float *y = o->y;
  ELEMENTWISE(i, begin, end) {
    const float x = a[i];
    y[i] = x > 0.0f ? factor : x < 0.0f ? -factor : x * factor;
  }
}

void loops_add(const float *a, const float *b, float *y, intptr_t count, int threads) {
  const struct operands operands = {a, b, 0, y};
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, add, &operands);
}

void loops_scale(
  float factor, const float *x, const float *s, float *y, intptr_t count, int threads
) {
  const struct operands operands = {x, NULL, factor * *s, y};
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, scale, &operands);
}

void loops_sign(const float *x, const float *s, float *y, intptr_t count, int threads) {
  const struct operands operands = {x, NULL, *s, y};
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, sign, &operands);
}

void loops_noise(
  double mean, double deviation, double low, double high, const float *x, const float *epsilon,
  float *y, intptr_t count, int threads
) {
  const struct noise noise = {
    x, epsilon, y, (float)mean, (float)deviation, (float)low, (float)high,
  };
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, add_noise, &noise);
}

void loops_noise_gradient(
  double low, double high, const float *dy, const float *y, float *dx, intptr_t count, int threads
) {
  const struct noise noise = {dy, y, dx, 0, 0, (float)low, (float)high};
  loops_over(threads, count, 64, LOOPS_GRAIN_CHEAP, pass_within, &noise);
}

CLONES
void loops_evaluate(loops_function f, const float *x, float *y, intptr_t count) {
#define EVALUATE(expression) for (intptr_t i = 0; i < count; ++i) y[i] = expression
  switch (f) {
  case LOOPS_EXPONENTIAL: EVALUATE(exponential(x[i])); break;
  case LOOPS_UNIT_EXPONENTIAL: EVALUATE(unit_exponential(x[i])); break;
  case LOOPS_EXPONENTIAL_MINUS_ONE: EVALUATE(exponential_minus_one(x[i])); break;
  case LOOPS_LOGARITHM: EVALUATE(logarithm(x[i])); break;
  case LOOPS_LOGARITHM_PLUS_ONE: EVALUATE(logarithm_plus_one(x[i])); break;
  case LOOPS_LOGARITHM_PLUS_ONE_OF_UNIT: EVALUATE(logarithm_plus_one_of_unit(x[i])); break;
  case LOOPS_NORMAL_PROBABILITY: EVALUATE(normal_probability(x[i])); break;
  case LOOPS_SINE_OF_TURN:
  case LOOPS_COSINE_OF_TURN:
    for (intptr_t i = 0; i < count; ++i) {
      float sine, cosine;
      sine_cosine_of_turn(x[i], &sine, &cosine);
      y[i] = f == LOOPS_SINE_OF_TURN ? sine : cosine;
    }
  }
}

const char *loops_vector_instructions(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return "avx512";
  if (__builtin_cpu_supports("x86-64-v3")) return "avx2";
  return "sse2";
#elif defined(__ARM_NEON)
  return "neon";
#else
  return "scalar";
#endif
}
