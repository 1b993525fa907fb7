// Pooling and its gradients, images `[N, H, W, C]`. Pixels outside the image do not count.

#include <stddef.h>
#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "window.h"

struct pooling {
  loops_windows s;
  const float *x, *dy;
  float *y;
};

/// Channels per pass; their values stay in the cache.
enum { BLOCK = 64 };

/// One window: `tap(pixel)` for each of its pixels within the image, row by row, with the index
/// `pixel` of its first channel; `taken` counts them.
#define OVER_WINDOW(s, i, j, pixel, body)                                                  \
  {                                                                                        \
    const intptr_t above = (s)->stride * (i) - (s)->above;                                 \
    const intptr_t left = (s)->stride * (j) - (s)->left;                                   \
    const struct span rows = inside(above, (s)->size, (s)->height);                        \
    const struct span columns = inside(left, (s)->size, (s)->width);                       \
    for (intptr_t k = rows.begin; k < rows.end; ++k) {                                     \
      for (intptr_t l = columns.begin; l < columns.end; ++l) {                             \
        const intptr_t pixel = ((above + k) * (s)->width + left + l) * (s)->channels;      \
        body                                                                               \
      }                                                                                    \
    }                                                                                      \
  }

/// The number of a window's pixels within the image.
INLINE float window_size(const loops_windows *s, intptr_t i, intptr_t j) {
  const struct span rows = inside(s->stride * i - s->above, s->size, s->height);
  const struct span columns = inside(s->stride * j - s->left, s->size, s->width);
  return (float)((rows.end - rows.begin) * (columns.end - columns.begin));
}

/// The larger of two, the first of equal ones, and NaN if either is NaN.
INLINE float larger(float a, float b) { return ((b <= a) | (a != a)) ? a : b; }

/// A window of four pixels, all within the image: the most frequent case.
INLINE void largest_of_four(const float *x, intptr_t below, intptr_t channels, float *y) {
  ELEMENTWISE(c, 0, channels) {
    const float a = x[c], b = x[c + channels], d = x[c + below], e = x[c + below + channels];
    const float first = larger(a, b), last = larger(d, e);
    y[c] = larger(first, last);
  }
}

/// Rows `[n, i]` of the result.
CLONES
static void pool_maximum(const void *context, intptr_t begin, intptr_t end) {
  const struct pooling *p = context;
  const loops_windows *s = &p->s;
  const intptr_t channels = s->channels;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->result_height, i = row % s->result_height;
    const float *image = p->x + n * s->height * s->width * channels;
    for (intptr_t j = 0; j < s->result_width; ++j) {
      float *y = p->y + (row * s->result_width + j) * channels;
      if (s->size == 2 && window_size(s, i, j) == 4) {
        const intptr_t above = s->stride * i - s->above, left = s->stride * j - s->left;
        largest_of_four(
          image + (above * s->width + left) * channels, s->width * channels, channels, y);
        continue;
      }
      int begun = 0;
      OVER_WINDOW(s, i, j, pixel, {
        const float *x = image + pixel;
        if (begun) {
          ELEMENTWISE(c, 0, channels) y[c] = larger(y[c], x[c]);
        } else {
          memcpy(y, x, (size_t)channels * sizeof(float));
          begun = 1;
        }
      })
    }
  }
}

CLONES
static void pool_average(const void *context, intptr_t begin, intptr_t end) {
  const struct pooling *p = context;
  const loops_windows *s = &p->s;
  const intptr_t channels = s->channels;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->result_height, i = row % s->result_height;
    const float *image = p->x + n * s->height * s->width * channels;
    for (intptr_t j = 0; j < s->result_width; ++j) {
      float *y = p->y + (row * s->result_width + j) * channels;
      memset(y, 0, (size_t)channels * sizeof(float));
      OVER_WINDOW(s, i, j, pixel, {
        const float *x = image + pixel;
        ELEMENTWISE(c, 0, channels) y[c] += x[c];
      })
      const float factor = 1 / window_size(s, i, j);
      ELEMENTWISE(c, 0, channels) y[c] *= factor;
    }
  }
}

/// Adds `dy` to the first largest pixel of a window, channels `first..<first + width`.
INLINE void give_to_largest(
  const loops_windows *s, const float *image, const float *dy, intptr_t i, intptr_t j,
  intptr_t first, intptr_t width, float *dx
) {
  float best[BLOCK];
  int32_t place[BLOCK];
  int32_t tap = 0;
  OVER_WINDOW(s, i, j, pixel, {
    const float *x = image + pixel + first;
    if (tap == 0) {
      for (intptr_t c = 0; c < width; ++c) best[c] = x[c];
      for (intptr_t c = 0; c < width; ++c) place[c] = 0;
    } else {
      for (intptr_t c = 0; c < width; ++c) {
        const int larger = !(x[c] <= best[c]);
        best[c] = larger ? x[c] : best[c];
        place[c] = larger ? tap : place[c];
      }
    }
    ++tap;
  })
  tap = 0;
  OVER_WINDOW(s, i, j, pixel, {
    float *to = dx + pixel + first;
    for (intptr_t c = 0; c < width; ++c) to[c] += place[c] == tap ? dy[first + c] : 0.0f;
    ++tap;
  })
}

/// The same for a window of four pixels that no other window contains: `dx` is written, not added
/// to.
INLINE void give_to_largest_of_four(
  const float *x, const float *dy, intptr_t below, intptr_t channels, float *dx
) {
  ELEMENTWISE(c, 0, channels) {
    const float a = x[c], b = x[c + channels], d = x[c + below], e = x[c + below + channels];
    const int right = !(b <= a), last = !(e <= d);
    const float first_row = right ? b : a, second_row = last ? e : d;
    const int lower = !(second_row <= first_row);
    const float g = dy[c];
    dx[c] = !lower && !right ? g : 0.0f;
    dx[c + channels] = !lower && right ? g : 0.0f;
    dx[c + below] = lower && !last ? g : 0.0f;
    dx[c + below + channels] = lower && last ? g : 0.0f;
  }
}

/// Whole images: windows can share pixels, and an image's gradient stays in the cache while it is
/// added up.
CLONES
static void pool_maximum_gradient(const void *context, intptr_t begin, intptr_t end) {
  const struct pooling *p = context;
  const loops_windows *s = &p->s;
  const intptr_t channels = s->channels, pixels = s->height * s->width;
  const int tiled = s->size == 2 && s->stride == 2 && s->above == 0 && s->left == 0
    && 2 * s->result_height == s->height && 2 * s->result_width == s->width;
  for (intptr_t n = begin; n < end; ++n) {
    const float *image = p->x + n * pixels * channels;
    float *dx = p->y + n * pixels * channels;
    if (!tiled) memset(dx, 0, (size_t)(pixels * channels) * sizeof(float));
    for (intptr_t i = 0; i < s->result_height; ++i) {
      for (intptr_t j = 0; j < s->result_width; ++j) {
        const float *dy =
          p->dy + ((n * s->result_height + i) * s->result_width + j) * channels;
        if (tiled) {
          const intptr_t at = 2 * (i * s->width + j) * channels;
          give_to_largest_of_four(image + at, dy, s->width * channels, channels, dx + at);
          continue;
        }
        for (intptr_t first = 0; first < channels; first += BLOCK) {
          const intptr_t rest = channels - first;
          give_to_largest(s, image, dy, i, j, first, rest < BLOCK ? rest : BLOCK, dx);
        }
      }
    }
  }
}

CLONES
static void pool_average_gradient(const void *context, intptr_t begin, intptr_t end) {
  const struct pooling *p = context;
  const loops_windows *s = &p->s;
  const intptr_t channels = s->channels, pixels = s->height * s->width;
  for (intptr_t n = begin; n < end; ++n) {
    float *dx = p->y + n * pixels * channels;
    memset(dx, 0, (size_t)(pixels * channels) * sizeof(float));
    for (intptr_t i = 0; i < s->result_height; ++i) {
      for (intptr_t j = 0; j < s->result_width; ++j) {
        const float *dy =
          p->dy + ((n * s->result_height + i) * s->result_width + j) * channels;
        const float factor = 1 / window_size(s, i, j);
        OVER_WINDOW(s, i, j, pixel, {
          float *to = dx + pixel;
          ELEMENTWISE(c, 0, channels) to[c] += factor * dy[c];
        })
      }
    }
  }
}

/// The number of images, or rows, for which a second thread is worth its cost.
static intptr_t grain(const loops_windows *s, intptr_t rows) {
  return LOOPS_GRAIN_CHEAP * rows / (s->images * s->height * s->width * s->channels + 1) + 1;
}

void loops_pool_maximum(const loops_windows *s, const float *x, float *y, int threads) {
  const struct pooling p = {*s, x, NULL, y};
  const intptr_t rows = s->images * s->result_height;
  loops_over(threads, rows, 1, grain(s, rows), pool_maximum, &p);
}

void loops_pool_average(const loops_windows *s, const float *x, float *y, int threads) {
  const struct pooling p = {*s, x, NULL, y};
  const intptr_t rows = s->images * s->result_height;
  loops_over(threads, rows, 1, grain(s, rows), pool_average, &p);
}

void loops_pool_maximum_gradient(
  const loops_windows *s, const float *dy, const float *x, float *dx, int threads
) {
  const struct pooling p = {*s, x, dy, dx};
  loops_over(threads, s->images, 1, grain(s, s->images), pool_maximum_gradient, &p);
}

void loops_pool_average_gradient(
  const loops_windows *s, const float *dy, float *dx, int threads
) {
  const struct pooling p = {*s, NULL, dy, dx};
  loops_over(threads, s->images, 1, grain(s, s->images), pool_average_gradient, &p);
}
