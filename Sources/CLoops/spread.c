// The input gradient of a convolution from one channel to many, or a transposed convolution to one
// channel; oneDNN pads the one channel to sixteen.

#include "CLoops.h"
#include "functions.h"
#include "lanes.h"
#include "parallel.h"
#include "window.h"

enum { PIXELS = 8 };

struct spreading {
  loops_windows s;
  intptr_t outputs;
  const float *y, *w;
  float *x;
  const loops_epilogue *epilogue;
};

INLINE struct span columns_over(const loops_windows *s, intptr_t w) {
  return windows_over(w, s->result_width, s->size, s->stride, s->left);
}

/// `pixels` ≤ 8 pixels of row `h`, from column `w`, `stride` apart; the same taps contribute to all
/// of them.
INLINE void spread(
  const struct spreading *v, const float *image, intptr_t h, intptr_t w, intptr_t pixels,
  struct span columns, float *x
) {
  const loops_windows *s = &v->s;
  const struct span rows = windows_over(h, s->result_height, s->size, s->stride, s->above);
  const intptr_t outputs = v->outputs;
  lanes sums[PIXELS] = {0};
  float rests[PIXELS] = {0};
  for (intptr_t i = rows.begin; i < rows.end; ++i) {
    for (intptr_t j = columns.begin; j < columns.end; ++j) {
      const intptr_t k = h + s->above - s->stride * i, l = w + s->left - s->stride * j;
      const float *y = image + (i * s->result_width + j) * outputs;
      const float *weight = v->w + (k * s->size + l) * outputs;
      intptr_t o = 0;
      for (; o + LANES <= outputs; o += LANES) {
        const lanes weights = LOAD_LANES(weight + o);
        EACH(p, pixels) sums[p] += LOAD_LANES(y + p * outputs + o) * weights;
      }
      for (; o < outputs; ++o) {
        EACH(p, pixels) rests[p] += y[p * outputs + o] * weight[o];
      }
    }
  }
  EACH(p, pixels) x[w + p * s->stride] = sum_of(sums[p]) + rests[p];
}

/// Rows `[n, h]` of `x`.
CLONES
static void spread_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct spreading *v = context;
  const loops_windows *s = &v->s;
  const intptr_t block = PIXELS - 1;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->height, h = row % s->height;
    const float *image = v->y + n * s->result_height * s->result_width * v->outputs;
    float *x = v->x + row * s->width;
    for (intptr_t first = 0; first < s->stride; ++first) {
      for (intptr_t w = first; w < s->width;) {
        const struct span columns = columns_over(s, w);
        const intptr_t last = w + block * s->stride;
        const struct span end = columns_over(s, last);
        if (last < s->width && end.begin == columns.begin + block
            && end.end == columns.end + block) {
          spread(v, image, h, w, PIXELS, columns, x);
          w += PIXELS * s->stride;
        } else {
          spread(v, image, h, w, 1, columns, x);
          w += s->stride;
        }
      }
    }
  }
  const intptr_t pixels = s->width;
  loops_finish_rows(v->epilogue, v->x, v->x, begin * pixels, (end - begin) * pixels, 1);
}

void loops_spread_to_one(
  const loops_windows *s, intptr_t outputs, const float *y, const float *w, float *x,
  const loops_epilogue *epilogue, int threads
) {
  const struct spreading v = {*s, outputs, y, w, x, epilogue};
  const intptr_t taps = (s->size / s->stride + 1) * (s->size / s->stride + 1);
  const intptr_t per_row = s->width * taps * outputs / LANES + 1;
  loops_over(
    threads, s->images * s->height, 1, 4 * LOOPS_GRAIN_CHEAP / per_row + 1, spread_rows, &v);
}
