// Normal numbers from counters: Philox and Box-Muller.

#include <string.h>

#include "CLoops.h"
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
  uint64_t seed, step;
  uint32_t stream;
  float *y;
  intptr_t count;
};

enum { COUNTERS = 64 };

/// Counters `begin..<end`, 64 at a time; the last may have fewer than four elements.
CLONES
static void draw(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const uint32_t step0 = (uint32_t)o->step, step1 = (uint32_t)(o->step >> 32);
  const uint32_t key0 = (uint32_t)o->seed, key1 = (uint32_t)(o->seed >> 32);
  const uint32_t stream = o->stream;
  for (intptr_t first = begin; first < end; first += COUNTERS) {
    float normals[4 * COUNTERS];
    for (int i = 0; i < COUNTERS; ++i) {
      uint32_t words[4] = {(uint32_t)(first + i), step0, step1, stream};
      philox(words, key0, key1);
      box_muller(words[0], words[1], &normals[4 * i], &normals[4 * i + 1]);
      box_muller(words[2], words[3], &normals[4 * i + 2], &normals[4 * i + 3]);
    }
    const intptr_t counters = end - first < COUNTERS ? end - first : COUNTERS;
    const intptr_t left = o->count - 4 * first;
    const intptr_t count = 4 * counters < left ? 4 * counters : left;
    memcpy(o->y + 4 * first, normals, (size_t)count * sizeof(float));
  }
}

void loops_normal(
  uint64_t seed, uint64_t step, uint32_t stream, float *y, intptr_t count, int threads
) {
  const struct operands operands = {seed, step, stream, y, count};
  loops_over(threads, (count + 3) / 4, COUNTERS, LOOPS_GRAIN_DEAR / 4, draw, &operands);
}
