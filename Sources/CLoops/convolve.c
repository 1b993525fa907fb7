// Convolutions in plain loops: for sizes so small that calling oneDNN takes longer, and for cases
// without fast code in oneDNN. The formulas are those of the ops in Graphs.

#include <stddef.h>

#include "functions.h"
#include "parallel.h"
#include "window.h"

struct convolution {
  loops_windows s;
  intptr_t outputs;
  const float *a, *b;
  float *result;
  const loops_epilogue *epilogue;
};

/// Results whose sums stay in registers or in the first-level cache.
enum { BLOCK = 64 };

/// `c += s · b`
INLINE void add_multiple(float *c, float s, const float *b, intptr_t width) {
  for (intptr_t o = 0; o < width; ++o) c[o] += s * b[o];
}

/// One pixel of `y`, outputs `first..<first + width`.
INLINE void convolve_pixel(
  const struct convolution *v, const float *image, intptr_t i, intptr_t j, intptr_t first,
  intptr_t width, float *y
) {
  const loops_windows *s = &v->s;
  const intptr_t above = s->stride * i - s->above, left = s->stride * j - s->left;
  const struct span rows = inside(above, s->size, s->height);
  const struct span columns = inside(left, s->size, s->width);
  float sums[BLOCK] = {0};
  for (intptr_t k = rows.begin; k < rows.end; ++k) {
    for (intptr_t l = columns.begin; l < columns.end; ++l) {
      const float *x = image + ((above + k) * s->width + left + l) * s->channels;
      const float *w = v->b + (k * s->size + l) * s->channels * v->outputs + first;
      for (intptr_t c = 0; c < s->channels; ++c) {
        add_multiple(sums, x[c], w + c * v->outputs, width);
      }
    }
  }
  for (intptr_t o = 0; o < width; ++o) y[o] = sums[o];
}

/// Rows `[n, i]` of `y`.
CLONES
static void convolve(const void *context, intptr_t begin, intptr_t end) {
  const struct convolution *v = context;
  const loops_windows *s = &v->s;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->result_height, i = row % s->result_height;
    const float *image = v->a + n * s->height * s->width * s->channels;
    for (intptr_t j = 0; j < s->result_width; ++j) {
      float *y = v->result + (row * s->result_width + j) * v->outputs;
      for (intptr_t first = 0; first < v->outputs; first += BLOCK) {
        const intptr_t rest = v->outputs - first;
        convolve_pixel(v, image, i, j, first, rest < BLOCK ? rest : BLOCK, y + first);
      }
    }
    loops_finish_rows(
      v->epilogue, v->result, v->result, row * s->result_width, s->result_width, v->outputs);
  }
}

INLINE float dot(const float *a, const float *b, intptr_t count) {
  float sum = 0;
  for (intptr_t o = 0; o < count; ++o) {
#pragma clang fp reassociate(on)
    sum += a[o] * b[o];
  }
  return sum;
}

/// One pixel of `dx`, from the windows that contain it.
INLINE void spread_to_pixel(
  const struct convolution *v, const float *dy, intptr_t h, intptr_t w, float *dx
) {
  const loops_windows *s = &v->s;
  const struct span rows =
    windows_over(h, s->result_height, s->size, s->stride, s->above);
  const struct span columns =
    windows_over(w, s->result_width, s->size, s->stride, s->left);
  for (intptr_t c = 0; c < s->channels; ++c) dx[c] = 0;
  for (intptr_t i = rows.begin; i < rows.end; ++i) {
    const intptr_t k = h + s->above - s->stride * i;
    for (intptr_t j = columns.begin; j < columns.end; ++j) {
      const intptr_t l = w + s->left - s->stride * j;
      const float *from = dy + (i * s->result_width + j) * v->outputs;
      const float *weights = v->b + (k * s->size + l) * s->channels * v->outputs;
      for (intptr_t c = 0; c < s->channels; ++c) {
        dx[c] += dot(from, weights + c * v->outputs, v->outputs);
      }
    }
  }
}

/// Rows `[n, h]` of `dx`.
CLONES
static void convolve_back(const void *context, intptr_t begin, intptr_t end) {
  const struct convolution *v = context;
  const loops_windows *s = &v->s;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->height;
    const float *dy = v->a + n * s->result_height * s->result_width * v->outputs;
    for (intptr_t w = 0; w < s->width; ++w) {
      spread_to_pixel(
        v, dy, row % s->height, w, v->result + (row * s->width + w) * s->channels);
    }
    loops_finish_rows(
      v->epilogue, v->result, v->result, row * s->width, s->width, s->channels);
  }
}

/// The part of one image in row `[k, l, c]` of `dw`, outputs `first..<first + width`.
INLINE void add_image(
  const struct convolution *v, intptr_t n, intptr_t k, intptr_t l, intptr_t c, intptr_t first,
  intptr_t width, float *sums
) {
  const loops_windows *s = &v->s;
  const float *image = v->a + n * s->height * s->width * s->channels + c;
  const float *dy = v->b + n * s->result_height * s->result_width * v->outputs + first;
  for (intptr_t i = 0; i < s->result_height; ++i) {
    const intptr_t h = s->stride * i - s->above + k;
    if (h < 0 || h >= s->height) continue;
    for (intptr_t j = 0; j < s->result_width; ++j) {
      const intptr_t w = s->stride * j - s->left + l;
      if (w < 0 || w >= s->width) continue;
      add_multiple(
        sums, image[(h * s->width + w) * s->channels],
        dy + (i * s->result_width + j) * v->outputs, width);
    }
  }
}

/// Rows `[k, l, c]` of `dw`; each image is summed separately, so that sums stay short.
CLONES
static void convolve_weights(const void *context, intptr_t begin, intptr_t end) {
  const struct convolution *v = context;
  const loops_windows *s = &v->s;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t tap = row / s->channels, c = row % s->channels;
    for (intptr_t first = 0; first < v->outputs; first += BLOCK) {
      const intptr_t rest = v->outputs - first, width = rest < BLOCK ? rest : BLOCK;
      float totals[BLOCK] = {0};
      for (intptr_t n = 0; n < s->images; ++n) {
        float sums[BLOCK] = {0};
        add_image(v, n, tap / s->size, tap % s->size, c, first, width, sums);
        for (intptr_t o = 0; o < width; ++o) totals[o] += sums[o];
      }
      for (intptr_t o = 0; o < width; ++o) v->result[row * v->outputs + first + o] = totals[o];
    }
    loops_finish_rows(v->epilogue, v->result, v->result, row, 1, v->outputs);
  }
}

/// The number of rows for which a second thread is worth its cost.
static intptr_t grain(const loops_windows *s, intptr_t outputs, intptr_t rows) {
  const intptr_t products = s->images * s->result_height * s->result_width * s->size * s->size
    * s->channels * outputs;
  const intptr_t per_row = products / (rows > 0 ? rows : 1) + 1;
  return 16 * LOOPS_GRAIN_CHEAP / per_row + 1;
}

void loops_convolve(
  const loops_windows *s, intptr_t outputs, const float *x, const float *w, float *y,
  const loops_epilogue *epilogue, int threads
) {
  const struct convolution v = {*s, outputs, x, w, y, epilogue};
  const intptr_t rows = s->images * s->result_height;
  loops_over(threads, rows, 1, grain(s, outputs, rows), convolve, &v);
}

void loops_convolve_input_gradient(
  const loops_windows *s, intptr_t outputs, const float *dy, const float *w, float *dx,
  const loops_epilogue *epilogue, int threads
) {
  const struct convolution v = {*s, outputs, dy, w, dx, epilogue};
  const intptr_t rows = s->images * s->height;
  loops_over(threads, rows, 1, grain(s, outputs, rows), convolve_back, &v);
}

void loops_convolve_weight_gradient(
  const loops_windows *s, intptr_t outputs, const float *x, const float *dy, float *dw,
  const loops_epilogue *epilogue, int threads
) {
  const struct convolution v = {*s, outputs, x, dy, dw, epilogue};
  const intptr_t rows = s->size * s->size * s->channels;
  loops_over(threads, rows, 1, grain(s, outputs, rows), convolve_weights, &v);
}
