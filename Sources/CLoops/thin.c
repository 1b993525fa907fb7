// Convolutions between images of one channel and images of many; oneDNN pads the one channel to
// sixteen.

#include <string.h>

#include "functions.h"
#include "lanes.h"
#include "parallel.h"
#include "window.h"

enum { PIXELS = 8, TAPS = 8 };

#define LOAD_ONE(x) (*(x))

struct contraction {
  loops_windows s;
  const float *x, *w;
  float *y;
  const loops_epilogue *epilogue;
};

/// `pixels` ≤ 8 neighbouring pixels of `y` in row `i`, from the window's columns within the image.
INLINE void contract(
  const struct contraction *v, const float *image, intptr_t i, intptr_t j, intptr_t pixels,
  struct span columns, float *y
) {
  const loops_windows *s = &v->s;
  const intptr_t channels = s->channels, step = s->stride * channels;
  const intptr_t above = s->stride * i - s->above, left = s->stride * j - s->left;
  const struct span rows = inside(above, s->size, s->height);
  lanes sums[PIXELS] = {0};
  float rests[PIXELS] = {0};
  // What the next row of windows reads first. The access pattern below prevents the processor's own
  // prefetching, so without this it waits for memory (27 ns per pixel of 32 channels, 11 ns with
  // this; Zen 5, 25 MB of images).
  const float *next = image + ((above + s->size) * s->width + left) * channels;
  const intptr_t ahead = above + s->size < s->height ? pixels * step : 0;
  for (intptr_t c = 0; c < ahead; c += LANES) __builtin_prefetch(next + c);
  for (intptr_t k = rows.begin; k < rows.end; ++k) {
    for (intptr_t l = columns.begin; l < columns.end; ++l) {
      const float *x = image + ((above + k) * s->width + left + l) * channels;
      const float *w = v->w + (k * s->size + l) * channels;
      intptr_t c = 0;
      for (; c + LANES <= channels; c += LANES) {
        const lanes weights = LOAD_LANES(w + c);
        EACH(p, pixels) sums[p] += LOAD_LANES(x + p * step + c) * weights;
      }
      for (; c < channels; ++c) {
        EACH(p, pixels) rests[p] += x[p * step + c] * w[c];
      }
    }
  }
  EACH(p, pixels) y[p] = sum_of(sums[p]) + rests[p];
}

/// Rows `[n, i]` of `y`, which has one channel.
CLONES
static void contract_rows(const void *context, intptr_t begin, intptr_t end) {
  const struct contraction *v = context;
  const loops_windows *s = &v->s;
  const struct span whole =
    whole_windows(s->result_width, s->size, s->stride, s->left, s->width);
  const struct span all = {0, s->size};
  for (intptr_t row = begin; row < end; ++row) {
    const intptr_t n = row / s->result_height, i = row % s->result_height;
    const float *image = v->x + n * s->height * s->width * s->channels;
    float *y = v->y + row * s->result_width;
    const int blocked = whole.end - whole.begin >= PIXELS;
    for (intptr_t j = 0; j < s->result_width;) {
      if (blocked && j >= whole.begin && j < whole.end) {
        // The last block begins earlier, and computes some pixels again.
        const intptr_t at = j + PIXELS <= whole.end ? j : whole.end - PIXELS;
        contract(v, image, i, at, PIXELS, all, y + at);
        j = at + PIXELS;
      } else {
        contract(v, image, i, j, 1, inside(s->stride * j - s->left, s->size, s->width), y + j);
        j += 1;
      }
    }
  }
  const intptr_t pixels = s->result_width;
  loops_finish_rows(v->epilogue, v->y, v->y, begin * pixels, (end - begin) * pixels, 1);
}

void loops_convolve_to_one(
  const loops_windows *s, const float *x, const float *w, float *y, const loops_epilogue *epilogue,
  int threads
) {
  const struct contraction v = {*s, x, w, y, epilogue};
  const intptr_t per_row = s->result_width * s->size * s->size * s->channels / LANES + 1;
  loops_over(
    threads, s->images * s->result_height, 1, 4 * LOOPS_GRAIN_CHEAP / per_row + 1, contract_rows,
    &v);
}

struct correlation {
  loops_windows s;
  /// The images with many channels, `[…, count]`, and the images with one channel.
  intptr_t count;
  const float *wide, *thin;
  /// Whether `x` has many channels.
  int x_is_wide;
  /// `[parts, size, size, count]`
  float *partial;
  intptr_t parts;
};

/// The part of row `i` of an image's windows in taps `first..<first + taps` of row `k` of the
/// window, channels `c..<c + LANES` (or one channel, without vectors).
#define CORRELATE_ROW(type, LOAD)                                                              \
  for (intptr_t j = 0; j < s->result_width; ++j) {                                             \
    const intptr_t left = s->stride * j - s->left + first;                                     \
    if (left >= 0 && left + taps <= s->width) {                                                \
      if (x_is_wide) {                                                                         \
        const float t = thin[j];                                                               \
        for (intptr_t l = 0; l < taps; ++l) sums[l] += LOAD(wide + (left + l) * count) * t;    \
      } else {                                                                                 \
        const type d = LOAD(wide + j * count);                                                 \
        for (intptr_t l = 0; l < taps; ++l) sums[l] += d * thin[left + l];                     \
      }                                                                                        \
    } else {                                                                                   \
      for (intptr_t l = 0; l < taps; ++l) {                                                    \
        if (left + l < 0 || left + l >= s->width) continue;                                    \
        sums[l] += x_is_wide ? LOAD(wide + (left + l) * count) * thin[j]                       \
                             : LOAD(wide + j * count) * thin[left + l];                        \
      }                                                                                        \
    }                                                                                          \
  }

/// One image's part of `taps` neighbouring taps in row `k` of the window, for one range of
/// channels.
#define CORRELATE_IMAGE(name, type, LOAD)                                                      \
  INLINE void name(                                                                            \
    const struct correlation *v, int x_is_wide, intptr_t n, intptr_t k, intptr_t first,        \
    intptr_t taps, intptr_t c, float *partial                                                  \
  ) {                                                                                          \
    const loops_windows *s = &v->s;                                                            \
    const intptr_t count = v->count;                                                           \
    type sums[TAPS] = {0};                                                                     \
    for (intptr_t i = 0; i < s->result_height; ++i) {                                          \
      const intptr_t h = s->stride * i - s->above + k;                                         \
      if (h < 0 || h >= s->height) continue;                                                   \
      const intptr_t in = (n * s->height + h) * s->width;                                      \
      const intptr_t out = (n * s->result_height + i) * s->result_width;                       \
      const float *wide = v->wide + (x_is_wide ? in : out) * count + c;                        \
      const float *thin = v->thin + (x_is_wide ? out : in);                                    \
      CORRELATE_ROW(type, LOAD)                                                                \
    }                                                                                          \
    for (intptr_t l = 0; l < taps; ++l) {                                                      \
      float *to = partial + (k * s->size + first + l) * count + c;                             \
      const type sum = LOAD(to) + sums[l];                                                     \
      memcpy(to, &sum, sizeof sum);                                                            \
    }                                                                                          \
  }

CORRELATE_IMAGE(correlate_lanes, lanes, LOAD_LANES)
CORRELATE_IMAGE(correlate_one, float, LOAD_ONE)

INLINE void correlate_image(
  const struct correlation *v, int x_is_wide, intptr_t n, intptr_t k, intptr_t first,
  intptr_t taps, float *partial
) {
  intptr_t c = 0;
  for (; c + LANES <= v->count; c += LANES) {
    correlate_lanes(v, x_is_wide, n, k, first, taps, c, partial);
  }
  for (; c < v->count; ++c) correlate_one(v, x_is_wide, n, k, first, taps, c, partial);
}

/// Parts of the images; each image is summed separately, so that sums stay short.
CLONES
static void correlate(const void *context, intptr_t begin, intptr_t end) {
  const struct correlation *v = context;
  const intptr_t size = v->s.size, elements = size * size * v->count;
  for (intptr_t part = begin; part < end; ++part) {
    float *partial = v->partial + part * elements;
    memset(partial, 0, (size_t)elements * sizeof(float));
    const intptr_t next = v->s.images * (part + 1) / v->parts;
    for (intptr_t n = v->s.images * part / v->parts; n < next; ++n) {
      for (intptr_t k = 0; k < size; ++k) {
        for (intptr_t first = 0; first < size; first += TAPS) {
          const intptr_t rest = size - first, taps = rest < TAPS ? rest : TAPS;
#define CORRELATE(wide, taps) correlate_image(v, wide, n, k, first, taps, partial)
          if (taps == 3) {
            if (v->x_is_wide) CORRELATE(1, 3); else CORRELATE(0, 3);
          } else {
            if (v->x_is_wide) CORRELATE(1, taps); else CORRELATE(0, taps);
          }
        }
      }
    }
  }
}

intptr_t loops_correlation_parts(const loops_windows *s) {
  return s->images < 32 ? s->images : 32;
}

void loops_correlate(
  const loops_windows *s, intptr_t count, const float *wide, const float *thin, int x_is_wide,
  float *partial, float *dw, int threads
) {
  const intptr_t parts = loops_correlation_parts(s), elements = s->size * s->size * count;
  const struct correlation v = {*s, count, wide, thin, x_is_wide, partial, parts};
  const intptr_t work = s->images * s->result_height * s->result_width * elements / LANES;
  const intptr_t per_part = work / (parts > 0 ? parts : 1) + 1;
  loops_over(threads, parts, 1, LOOPS_GRAIN_CHEAP / per_part + 1, correlate, &v);
  for (intptr_t i = 0; i < elements; ++i) {
    double sum = 0;
    for (intptr_t part = 0; part < parts; ++part) sum += (double)partial[part * elements + i];
    dw[i] = (float)sum;
  }
}
