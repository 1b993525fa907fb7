// `y[e] = keep[e] ? scale · x[e] : 0`; the random numbers are computed again wherever they are
// needed.

#include <string.h>

#include "CLoops.h"
#include "draw.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  const loops_draw *draw;
  uint32_t threshold;
  float scale;
  const float *x;
  float *y;
};

/// Blocks `begin..<end`, 64 at a time.
CLONES
static void drop(const void *context, intptr_t begin, intptr_t end) {
  const struct operands o = *(const struct operands *)context;
  const loops_draw d = *o.draw;
  for (intptr_t first = begin; first < end; first += COUNTERS) {
    struct counters counters;
    count_blocks(&d, first, &counters);
    uint32_t drawn[4 * COUNTERS];
    for (int i = 0; i < COUNTERS; ++i) {
      WORDS_OF(&d, counters, i, words);
      memcpy(&drawn[4 * i], words, sizeof words);
    }
    const intptr_t count = end - first < COUNTERS ? end - first : COUNTERS;
    OVER_RUNS(&d, first, count, from, at, length, {
      const uint32_t *words = drawn + from;
      const float *x = o.x + at;
      float *y = o.y + at;
      ELEMENTWISE(e, 0, length) y[e] = (words[e] >> 8) >= o.threshold ? o.scale * x[e] : 0.0f;
    })
  }
}

void loops_dropout(
  const loops_draw *d, uint32_t threshold, double scale, const float *x, float *y, int threads
) {
  const struct operands operands = {d, threshold, (float)scale, x, y};
  loops_over(
    threads, d->rows * blocks_of_row(d), COUNTERS, LOOPS_GRAIN_DEAR / 4, drop, &operands);
}
