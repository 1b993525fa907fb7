// The sparsity penalty: how far the mean activations of a code's units are from their target.

#include <math.h>
#include <stddef.h>

#include "CLoops.h"
#include "columns.h"
#include "functions.h"
#include "parallel.h"

enum { WIDE = COLUMNS_WIDE };

void loops_sparsity(
  double target, double margin, const float *code, float *s, float *means, intptr_t rows,
  intptr_t columns, int threads
) {
  double divergence = 0;
  for (intptr_t first = 0; first < columns; first += WIDE) {
    const intptr_t width = columns - first < WIDE ? columns - first : WIDE;
    double sums[2][WIDE];
    columns_sum(COLUMNS_VALUES, code, NULL, NULL, rows, columns, first, width, sums, threads);
    for (intptr_t j = 0; j < width; ++j) {
      double mean = sums[0][j] / (double)rows;
      mean = mean < margin ? margin : mean;
      mean = mean > 1 - margin ? 1 - margin : mean;
      means[first + j] = (float)mean;
      divergence += target * log(target / mean) + (1 - target) * log((1 - target) / (1 - mean));
    }
  }
  *s = (float)divergence;
}

struct operands {
  double target, factor;
  const float *means;
  float *y;
  intptr_t columns;
};

CLONES
static void derive(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  for (intptr_t first = 0; first < o->columns; first += WIDE) {
    const intptr_t width = o->columns - first < WIDE ? o->columns - first : WIDE;
    float row[WIDE];
    for (intptr_t j = 0; j < width; ++j) {
      // In float a mean of 1 − 10⁻⁷ can be rounded to 1.
      const double mean = (double)o->means[first + j], rest = 1 - mean;
      const double derivative =
        (1 - o->target) / (rest < 5e-8 ? 5e-8 : rest) - o->target / mean;
      row[j] = (float)(derivative * o->factor);
    }
    for (intptr_t i = begin; i < end; ++i) {
      float *y = o->y + i * o->columns + first;
      for (intptr_t j = 0; j < width; ++j) y[j] = row[j];
    }
  }
}

void loops_sparsity_gradient(
  double target, const float *means, const float *ds, float *d_code, intptr_t rows,
  intptr_t columns, int threads
) {
  const struct operands operands = {
    target, (double)*ds / (double)rows, means, d_code, columns,
  };
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (columns + 1) + 1, derive, &operands);
}
