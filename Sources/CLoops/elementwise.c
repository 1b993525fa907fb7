// Sums and multiples of vectors, and what the loops run on.

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

CLONES
void loops_evaluate(loops_function f, const float *x, float *y, intptr_t count) {
#define EVALUATE(expression) for (intptr_t i = 0; i < count; ++i) y[i] = expression
  switch (f) {
  case LOOPS_EXPONENTIAL: EVALUATE(exponential(x[i])); break;
  case LOOPS_EXPONENTIAL_MINUS_ONE: EVALUATE(exponential_minus_one(x[i])); break;
  case LOOPS_LOGARITHM: EVALUATE(logarithm(x[i])); break;
  case LOOPS_LOGARITHM_PLUS_ONE: EVALUATE(logarithm_plus_one(x[i])); break;
  case LOOPS_LOGARITHM_PLUS_ONE_OF_UNIT: EVALUATE(logarithm_plus_one_of_unit(x[i])); break;
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
