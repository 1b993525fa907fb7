// Images of `factor` times the height and width, and the adjoint.

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct upsampling {
  loops_upsampling s;
  const float *x;
  float *y;
};

/// The position of a new pixel between old ones along one axis.
struct place {
  intptr_t below, above;
  float weight_below, weight_above;
};

/// New pixel `i` is at `(2i + 1 − factor) / 2factor`, in whole numbers until the last division.
INLINE struct place place_of(intptr_t i, intptr_t factor, intptr_t length) {
  const intptr_t twice = 2 * factor, at = 2 * i + 1 - factor + twice;
  const intptr_t below = at / twice - 1;
  const float share = (float)(at % twice) / (float)twice;
  return (struct place){
    below < 0 ? 0 : below, below + 1 < length ? below + 1 : length - 1, 1.0f - share, share,
  };
}

/// The weight of old pixel `h` in new pixel `i`.
INLINE float weight_of(intptr_t i, intptr_t h, intptr_t factor, intptr_t length) {
  const struct place place = place_of(i, factor, length);
  return (place.below == h ? place.weight_below : 0.0f)
    + (place.above == h ? place.weight_above : 0.0f);
}

/// Old rows `[n, h]`, each to `factor` new ones.
static void repeat(const void *context, intptr_t begin, intptr_t end) {
  const struct upsampling *u = context;
  const loops_upsampling *s = &u->s;
  const size_t pixel = (size_t)s->channels * sizeof(float);
  const intptr_t length = s->width * s->factor * s->channels;
  for (intptr_t row = begin; row < end; ++row) {
    const float *x = u->x + row * s->width * s->channels;
    float *y = u->y + row * s->factor * length;
    float *to = y;
    for (intptr_t w = 0; w < s->width; ++w) {
      for (intptr_t k = 0; k < s->factor; ++k) {
        memcpy(to, x + w * s->channels, pixel);
        to += s->channels;
      }
    }
    for (intptr_t k = 1; k < s->factor; ++k) {
      memcpy(y + k * length, y, (size_t)length * sizeof(float));
    }
  }
}

/// Old rows `[n, h]`: each pixel is the sum of the new pixels computed from it.
CLONES
static void sum_repeated(const void *context, intptr_t begin, intptr_t end) {
  const struct upsampling *u = context;
  const loops_upsampling *s = &u->s;
  const intptr_t channels = s->channels, length = s->width * s->factor * channels;
  for (intptr_t row = begin; row < end; ++row) {
    const float *dy = u->x + row * s->factor * length;
    for (intptr_t w = 0; w < s->width; ++w) {
      float *dx = u->y + (row * s->width + w) * channels;
      const float *from = dy + w * s->factor * channels;
      if (s->factor == 2) {
        const float *under = from + length;
        ELEMENTWISE(c, 0, channels) {
          dx[c] = (from[c] + from[c + channels]) + (under[c] + under[c + channels]);
        }
        continue;
      }
      memset(dx, 0, (size_t)channels * sizeof(float));
      for (intptr_t k = 0; k < s->factor; ++k) {
        for (intptr_t l = 0; l < s->factor; ++l) {
          const float *one = from + k * length + l * channels;
          ELEMENTWISE(c, 0, channels) dx[c] += one[c];
        }
      }
    }
  }
}

/// New rows `[n, i]`.
CLONES
static void interpolate(const void *context, intptr_t begin, intptr_t end) {
  const struct upsampling *u = context;
  const loops_upsampling *s = &u->s;
  const intptr_t channels = s->channels, height = s->height * s->factor;
  for (intptr_t row = begin; row < end; ++row) {
    const struct place v = place_of(row % height, s->factor, s->height);
    const float *image = u->x + row / height * s->height * s->width * channels;
    const float *upper = image + v.below * s->width * channels;
    const float *lower = image + v.above * s->width * channels;
    for (intptr_t j = 0; j < s->width * s->factor; ++j) {
      const struct place h = place_of(j, s->factor, s->width);
      const intptr_t left = h.below * channels, right = h.above * channels;
      float *y = u->y + (row * s->width * s->factor + j) * channels;
      ELEMENTWISE(c, 0, channels) {
        const float a = h.weight_below * upper[left + c] + h.weight_above * upper[right + c];
        const float b = h.weight_below * lower[left + c] + h.weight_above * lower[right + c];
        y[c] = v.weight_below * a + v.weight_above * b;
      }
    }
  }
}

/// The new pixels that may depend on old pixel `h`.
INLINE intptr_t first_taker(intptr_t h, intptr_t factor) {
  return h > 0 ? (h - 1) * factor : 0;
}
INLINE intptr_t end_of_takers(intptr_t h, intptr_t factor, intptr_t length) {
  return (h + 2 < length ? h + 2 : length) * factor;
}

/// Old rows `[n, h]`.
CLONES
static void sum_interpolated(const void *context, intptr_t begin, intptr_t end) {
  const struct upsampling *u = context;
  const loops_upsampling *s = &u->s;
  const intptr_t channels = s->channels, factor = s->factor, width = s->width * factor;
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->height, h = row % s->height;
    const float *image = u->x + n * s->height * factor * width * channels;
    for (intptr_t w = 0; w < s->width; ++w) {
      float *dx = u->y + (row * s->width + w) * channels;
      memset(dx, 0, (size_t)channels * sizeof(float));
      for (intptr_t i = first_taker(h, factor); i < end_of_takers(h, factor, s->height); ++i) {
        const float down = weight_of(i, h, factor, s->height);
        if (down == 0.0f) continue;
        for (intptr_t j = first_taker(w, factor); j < end_of_takers(w, factor, s->width); ++j) {
          const float weight = down * weight_of(j, w, factor, s->width);
          if (weight == 0.0f) continue;
          const float *dy = image + (i * width + j) * channels;
          ELEMENTWISE(c, 0, channels) dx[c] += weight * dy[c];
        }
      }
    }
  }
}

static void over_rows(
  const loops_upsampling *s, intptr_t rows, loops_body *body, const float *x, float *y, int threads
) {
  const struct upsampling u = {*s, x, y};
  const intptr_t elements =
    s->images * s->height * s->width * s->factor * s->factor * s->channels;
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP * rows / (elements + 1) + 1, body, &u);
}

void loops_upsample(const loops_upsampling *s, const float *x, float *y, int threads) {
  if (s->bilinear) {
    over_rows(s, s->images * s->height * s->factor, interpolate, x, y, threads);
  } else {
    over_rows(s, s->images * s->height, repeat, x, y, threads);
  }
}

void loops_upsample_gradient(const loops_upsampling *s, const float *dy, float *dx, int threads) {
  over_rows(
    s, s->images * s->height, s->bilinear ? sum_interpolated : sum_repeated, dy, dx, threads);
}
