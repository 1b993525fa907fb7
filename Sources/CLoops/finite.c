// Whether a vector is finite throughout.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

/// 1 if any exponent is all ones: exact, and no comparison of floats.
CLONES
static double any_not_finite(const void *context, intptr_t begin, intptr_t end) {
  const float *x = context;
  int32_t found = 0;
  for (intptr_t i = begin; i < end; ++i) {
    found |= (bits_of(x[i]) & 0x7fffffff) >= 0x7f800000;
  }
  return found;
}

int loops_all_finite(const float *x, intptr_t count, int threads) {
  const int used = count < 2 * LOOPS_GRAIN_CHEAP ? 1 : threads;
  return loops_sum_over(used, count, any_not_finite, x) == 0;
}
