// Sums over the rows of a matrix.

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct matrix {
  const float *x;
  float *s;
  intptr_t rows, columns;
};

/// Columns at a time: their sums stay in registers.
enum { WIDE = 128, NARROW = 16 };

INLINE void sum_block(const struct matrix *m, intptr_t first, intptr_t width) {
  float sums[WIDE] = {0};
  const float *x = m->x + first;
  for (intptr_t i = 0; i < m->rows; ++i) {
    for (intptr_t j = 0; j < width; ++j) sums[j] += x[j];
    x += m->columns;
  }
  memcpy(m->s + first, sums, (size_t)width * sizeof(float));
}

CLONES
static void sum_columns(const void *context, intptr_t begin, intptr_t end) {
  const struct matrix *m = context;
  intptr_t first = begin;
  for (; first + WIDE <= end; first += WIDE) sum_block(m, first, WIDE);
  for (; first + NARROW <= end; first += NARROW) sum_block(m, first, NARROW);
  if (first < end) sum_block(m, first, end - first);
}

void loops_column_sum(const float *x, float *s, intptr_t rows, intptr_t columns, int threads) {
  const struct matrix matrix = {x, s, rows, columns};
  const intptr_t per_row = rows > 0 ? LOOPS_GRAIN_CHEAP / rows + 1 : columns + 1;
  loops_over(threads, columns, NARROW, per_row < NARROW ? NARROW : per_row, sum_columns, &matrix);
}
