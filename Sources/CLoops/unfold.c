// Windows over the steps of sequences `[N, T, C]`. The steps of a window are contiguous in memory,
// so a window is copied, or added, as a whole.

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "window.h"

struct unfolding {
  loops_step_windows s;
  const float *from;
  float *to;
};

/// Windows `[n, i]`.
static void unfold(const void *context, intptr_t begin, intptr_t end) {
  const struct unfolding *u = context;
  const loops_step_windows *s = &u->s;
  const intptr_t row_size = s->size * s->channels;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->count, first = s->stride * (row % s->count) - s->offset;
    const struct span steps = inside(first, s->size, s->length);
    float *y = u->to + row * row_size;
    if (steps.end <= steps.begin) {
      memset(y, 0, (size_t)row_size * sizeof(float));
      continue;
    }
    const intptr_t from = steps.begin * s->channels, to = steps.end * s->channels;
    const float *x = u->from + (n * s->length + first) * s->channels;
    memset(y, 0, (size_t)from * sizeof(float));
    memcpy(y + from, x + from, (size_t)(to - from) * sizeof(float));
    memset(y + to, 0, (size_t)(row_size - to) * sizeof(float));
  }
}

/// Sequences `n`: windows are added one after another.
CLONES
static void fold(const void *context, intptr_t begin, intptr_t end) {
  const struct unfolding *u = context;
  const loops_step_windows *s = &u->s;
  const intptr_t row_size = s->size * s->channels, sequence = s->length * s->channels;
  for (intptr_t n = begin; n < end; ++n) {
    memset(u->to + n * sequence, 0, (size_t)sequence * sizeof(float));
    for (intptr_t i = 0; i < s->count; ++i) {
      const intptr_t first = s->stride * i - s->offset;
      const struct span steps = inside(first, s->size, s->length);
      const float *y = u->from + (n * s->count + i) * row_size;
      float *x = u->to + n * sequence + first * s->channels;
      ELEMENTWISE(e, steps.begin * s->channels, steps.end * s->channels) x[e] += y[e];
    }
  }
}

/// The number of rows of `count` elements for which a second thread is worth its cost.
static intptr_t grain(intptr_t count) { return LOOPS_GRAIN_CHEAP / (count + 1) + 1; }

void loops_unfold(const loops_step_windows *s, const float *x, float *y, int threads) {
  const struct unfolding u = {*s, x, y};
  loops_over(threads, s->sequences * s->count, 1, grain(s->size * s->channels), unfold, &u);
}

void loops_fold(const loops_step_windows *s, const float *y, float *x, int threads) {
  const struct unfolding u = {*s, y, x};
  const intptr_t elements = (s->count * s->size + s->length) * s->channels;
  loops_over(threads, s->sequences, 1, grain(elements), fold, &u);
}
