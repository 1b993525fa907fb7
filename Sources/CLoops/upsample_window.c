// Sums the weights of a convolution of upsampled images to those of a transposed convolution of the
// original images; and the adjoint, which is the same sum.

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "window.h"

struct window_sum {
  loops_window_sums s;
  const float *w;
  float *v;
};

/// Columns per pass: their results are far apart in memory, and a cache line of each is filled
/// while it is in the cache.
enum { BLOCK = 16 };

/// Pixels `[m, n]` of the result.
CLONES
static void sum_windows(const void *context, intptr_t begin, intptr_t end) {
  const struct window_sum *v = context;
  const loops_window_sums *s = &v->s;
  const intptr_t elements = s->rows * s->columns;
  for (intptr_t pixel = begin; pixel < end; ++pixel) {
    const intptr_t above = s->last - pixel / s->result_size;
    const intptr_t left = s->last - pixel % s->result_size;
    const struct span rows = inside(above, s->factor, s->size);
    const struct span columns = inside(left, s->factor, s->size);
    float *result = v->v + pixel * elements;
    for (intptr_t b = 0; b < s->columns; b += BLOCK) {
      const intptr_t rest = s->columns - b, width = rest < BLOCK ? rest : BLOCK;
      for (intptr_t a = 0; a < s->rows; ++a) {
        float sums[BLOCK] = {0};
        for (intptr_t t = rows.begin; t < rows.end; ++t) {
          for (intptr_t u = columns.begin; u < columns.end; ++u) {
            const float *w =
              v->w + ((above + t) * s->size + left + u) * elements + a * s->columns + b;
            for (intptr_t i = 0; i < width; ++i) sums[i] += w[i];
          }
        }
        for (intptr_t i = 0; i < width; ++i) result[(b + i) * s->rows + a] = sums[i];
      }
    }
  }
}

void loops_upsample_window(const loops_window_sums *s, const float *w, float *v, int threads) {
  const struct window_sum sum = {*s, w, v};
  const intptr_t per_pixel = s->rows * s->columns * s->factor * s->factor + 1;
  loops_over(
    threads, s->result_size * s->result_size, 1, LOOPS_GRAIN_CHEAP / per_pixel + 1, sum_windows,
    &sum);
}
