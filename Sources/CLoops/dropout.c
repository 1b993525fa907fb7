// `y[e] = keep[e] ? scale · x[e] : 0`, the draw made again wherever it is needed.

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "philox.h"

struct operands {
  uint64_t seed, step;
  uint32_t stream, threshold;
  float scale;
  const float *x;
  float *y;
  intptr_t count;
};

enum { COUNTERS = 64 };

/// Counters `begin..<end`, 64 at a time; the last may have fewer than four elements.
CLONES
static void drop(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  const uint32_t step0 = (uint32_t)o.step, step1 = (uint32_t)(o.step >> 32);
  const uint32_t key0 = (uint32_t)o.seed, key1 = (uint32_t)(o.seed >> 32);
  for (intptr_t first = begin; first < end; first += COUNTERS) {
    uint32_t drawn[4 * COUNTERS];
    for (int i = 0; i < COUNTERS; ++i) {
      uint32_t words[4] = {(uint32_t)(first + i), step0, step1, o.stream};
      philox(words, key0, key1);
      memcpy(&drawn[4 * i], words, sizeof words);
    }
    const intptr_t counters = end - first < COUNTERS ? end - first : COUNTERS;
    const intptr_t left = o.count - 4 * first;
    const intptr_t count = 4 * counters < left ? 4 * counters : left;
    const float *x = o.x + 4 * first;
    float *y = o.y + 4 * first;
    ELEMENTWISE(e, 0, count) y[e] = (drawn[e] >> 8) >= o.threshold ? o.scale * x[e] : 0.0f;
  }
}

void loops_dropout(
  uint64_t seed, uint64_t step, uint32_t stream, uint32_t threshold, double scale, const float *x,
  float *y, intptr_t count, int threads
) {
  const struct operands operands = {seed, step, stream, threshold, (float)scale, x, y, count};
  loops_over(threads, (count + 3) / 4, COUNTERS, LOOPS_GRAIN_DEAR / 4, drop, &operands);
}
