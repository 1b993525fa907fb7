// Blocks of four random words over the rows of a matrix.

#ifndef CLOOPS_DRAW_H
#define CLOOPS_DRAW_H

#include "CLoops.h"
#include "functions.h"
#include "philox.h"

/// Blocks per pass.
enum { COUNTERS = 64 };

/// Their counters without the stream.
struct counters {
  uint32_t block[COUNTERS], low[COUNTERS], high[COUNTERS];
};

/// Elements of the first block of a row that are not drawn.
INLINE intptr_t skipped(const loops_draw *d) { return d->first % 4; }

/// Blocks per row; each row begins with a new block.
INLINE intptr_t blocks_of_row(const loops_draw *d) { return (skipped(d) + d->columns + 3) / 4; }

/// The counters of blocks `first..<first + COUNTERS`, counted over all rows.
INLINE void count_blocks(const loops_draw *d, intptr_t first, struct counters *c) {
  const intptr_t blocks = blocks_of_row(d);
  intptr_t row = first / blocks, block = first % blocks;
  for (intptr_t i = 0; i < COUNTERS; ++row, block = 0) {
    const uint64_t draw = (uint64_t)(row % d->draws);
    const uint64_t step = d->step + (uint64_t)(row / d->draws) + (draw << 32);
    const uint32_t low = (uint32_t)step, high = (uint32_t)(step >> 32);
    const intptr_t next = blocks - block < COUNTERS - i ? i + blocks - block : COUNTERS;
    const uint32_t number = (uint32_t)(d->first / 4 + block - i);
    for (; i < next; ++i) {
      c->block[i] = number + (uint32_t)i;
      c->low[i] = low;
      c->high[i] = high;
    }
  }
}

/// Philox's words of counter `i`.
#define WORDS_OF(d, c, i, words)                                                  \
  uint32_t words[4] = {(c).block[i], (c).low[i], (c).high[i], (d)->stream};       \
  philox(words, (uint32_t)(d)->seed, (uint32_t)((d)->seed >> 32))

/// Calls `body` for runs of consecutive elements of blocks `first..<first + count`: `length`
/// elements from index `from` of the first block, and from index `at` of the matrix.
#define OVER_RUNS(d, first, count, from, at, length, body)                        \
  {                                                                               \
    const intptr_t all = blocks_of_row(d);                                        \
    for (intptr_t i = 0; i < (count);) {                                          \
      const intptr_t row = ((first) + i) / all, block = ((first) + i) % all;      \
      const intptr_t run = all - block < (count) - i ? all - block : (count) - i; \
      const intptr_t before = block ? 0 : skipped(d), from = 4 * i + before;         \
      const intptr_t at = row * (d)->columns + 4 * block + before - skipped(d);     \
      const intptr_t left = (d)->columns + skipped(d) - 4 * block;                  \
      const intptr_t length = (4 * run < left ? 4 * run : left) - before;           \
      body                                                                        \
      i += run;                                                                   \
    }                                                                             \
  }

#endif
