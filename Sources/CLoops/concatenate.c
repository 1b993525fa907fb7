// Columns of two tensors side by side, `y[r] = (a[r], b[r / repeats])`, and some columns of one.

#include <string.h>

#include "CLoops.h"
#include "parallel.h"

struct sides {
  const float *a, *b;
  float *y;
  intptr_t a_columns, b_columns, repeats;
};

static void concatenate(const void *context, intptr_t begin, intptr_t end) {
  const struct sides *o = context;
  const intptr_t columns = o->a_columns + o->b_columns;
  for (intptr_t r = begin; r < end; ++r) {
    float *y = o->y + r * columns;
    memcpy(y, o->a + r * o->a_columns, (size_t)o->a_columns * sizeof *y);
    memcpy(
      y + o->a_columns, o->b + r / o->repeats * o->b_columns, (size_t)o->b_columns * sizeof *y);
  }
}

void loops_concatenate(
  const float *a, const float *b, float *y, intptr_t rows, intptr_t a_columns, intptr_t b_columns,
  intptr_t repeats, int threads) {
  const struct sides sides = {a, b, y, a_columns, b_columns, repeats};
  const intptr_t grain = LOOPS_GRAIN_CHEAP / (a_columns + b_columns + 1) + 1;
  loops_over(threads, rows, 1, grain, concatenate, &sides);
}

struct part {
  const float *x;
  float *y;
  intptr_t columns, count;
};

static void columns(const void *context, intptr_t begin, intptr_t end) {
  const struct part *o = context;
  for (intptr_t r = begin; r < end; ++r) {
    memcpy(
      o->y + r * o->count, o->x + r * o->columns, (size_t)o->count * sizeof *o->y);
  }
}

void loops_columns(
  const float *x, float *y, intptr_t rows, intptr_t x_columns, intptr_t first, intptr_t count,
  int threads) {
  const struct part part = {x + first, y, x_columns, count};
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (count + 1) + 1, columns, &part);
}
