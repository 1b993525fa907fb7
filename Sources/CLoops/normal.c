// Normal numbers from counters: Philox and Box-Muller.

#include <string.h>

#include "CLoops.h"
#include "draw.h"
#include "functions.h"
#include "parallel.h"
#include "philox.h"

void loops_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]) {
  memcpy(words, counter, 4 * sizeof(uint32_t));
  philox(words, key[0], key[1]);
}

/// `r = √(−2 log u₁)`, `(r cos 2πu₂, r sin 2πu₂)`, with `u₁ = ((x >> 8) + 1) · 2⁻²⁴`, never 0, and
/// `u₂ = (y >> 8) · 2⁻²⁴`.
INLINE void box_muller(uint32_t x, uint32_t y, float *first, float *second) {
  const float u1 = (float)(int32_t)((x >> 8) + 1) * 0x1p-24f;
  const float u2 = (float)(int32_t)(y >> 8) * 0x1p-24f;
  const float radius = __builtin_elementwise_sqrt(-2.0f * logarithm(u1));
  float sine, cosine;
  sine_cosine_of_turn(u2, &sine, &cosine);
  *first = radius * cosine;
  *second = radius * sine;
}

struct operands {
  const loops_draw *draw;
  float *y;
};

/// Blocks `begin..<end`, 64 at a time.
CLONES
static void draw(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const loops_draw d = *o->draw;
  for (intptr_t first = begin; first < end; first += COUNTERS) {
    struct counters counters;
    count_blocks(&d, first, &counters);
    float normals[4 * COUNTERS];
    for (int i = 0; i < COUNTERS; ++i) {
      WORDS_OF(&d, counters, i, words);
      box_muller(words[0], words[1], &normals[4 * i], &normals[4 * i + 1]);
      box_muller(words[2], words[3], &normals[4 * i + 2], &normals[4 * i + 3]);
    }
    const intptr_t count = end - first < COUNTERS ? end - first : COUNTERS;
    OVER_RUNS(&d, first, count, from, at, length, {
      memcpy(o->y + at, normals + from, (size_t)length * sizeof(float));
    })
  }
}

void loops_normal(const loops_draw *d, float *y, int threads) {
  const struct operands operands = {d, y};
  loops_over(
    threads, d->rows * blocks_of_row(d), COUNTERS, LOOPS_GRAIN_DEAR / 4, draw, &operands);
}
