// A 3×3 convolution of images of one channel with fused 2×2 max pooling, and its weight gradient.
// The large images between the two are never written: one byte stores which of the four pixels is
// the maximum, and only that pixel has a gradient.
//
// 28×28 to 32 channels, batch 256, 2 threads of Zen 5: 0.4 ms (2.8 ms in two passes), gradient 0.4
// ms (3.1 ms); to measure: `aegpu train conv --device cpu --epochs 4 --limit 6000`, 256 /
// examples/s.

#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "lanes.h"
#include "parallel.h"

/// The side of the window, the side of the patch that the four windows of a pooled pixel cover, and
/// the largest frame.
enum { SIZE = 3, PATCH = SIZE + 1, FRAME = 4096 };

typedef int32_t places __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef uint8_t bytes __attribute__((vector_size(LANES), aligned(1), may_alias));

struct pooled {
  loops_windows s;
  intptr_t outputs;
  const float *x, *w, *bias;
  int relu;
  float *y;
  uint8_t *winners;
  const float *dy;
  /// `[parts, SIZE, SIZE, outputs]`
  float *partial;
  intptr_t parts;
};

INLINE intptr_t frame_width(const loops_windows *s) { return s->result_width + SIZE - 1; }

int loops_pools_convolution(const loops_windows *s, intptr_t outputs) {
  return s->size == SIZE && s->stride == 1 && s->channels == 1 && outputs % LANES == 0
    && s->result_height % 2 == 0 && s->result_width % 2 == 0
    && (s->result_height + SIZE - 1) * frame_width(s) <= FRAME;
}

/// Copies an image into a frame of zeros, so that the first window begins at the frame's first
/// element.
INLINE void fill_frame(const loops_windows *s, const float *image, float *frame) {
  const intptr_t width = frame_width(s), height = s->result_height + SIZE - 1;
  memset(frame, 0, (size_t)(height * width) * sizeof(float));
  const intptr_t columns = s->width < width - s->left ? s->width : width - s->left;
  for (intptr_t h = 0; h < s->height && h + s->above < height; ++h) {
    memcpy(
      frame + (h + s->above) * width + s->left, image + h * s->width,
      (size_t)columns * sizeof(float));
  }
}

/// For each lane `a` if `first`, else `b`. (Not every compiler target accepts such vectors as
/// arguments of functions.)
#define CHOSEN(first, a, b) (lanes)(((first) & (places)(a)) | (~(first) & (places)(b)))

/// For each lane whether the first of two is kept: the larger, the first of equal ones, and NaN.
#define KEEPS(a, b) (((b) <= (a)) | ((a) != (a)))

/// Sixteen channels of one pooled pixel, from the pixels in its windows.
INLINE void convolve_cell(
  const lanes weights[SIZE * SIZE], const lanes *bias, int relu, const float *from, intptr_t width,
  float *y, uint8_t *winners
) {
  lanes sums[4] = {0};
  EACH(a, PATCH) {
    EACH(b, PATCH) {
      const float x = from[a * width + b];
      EACH(p, 4) {
        const intptr_t k = a - p / 2, l = b - p % 2;
        if (k >= 0 && k < SIZE && l >= 0 && l < SIZE) sums[p] += weights[k * SIZE + l] * x;
      }
    }
  }
  EACH(p, 4) {
    sums[p] += *bias;
    if (relu) sums[p] = (lanes)((places)sums[p] & ~(sums[p] <= 0.0f));
  }
  const places left = KEEPS(sums[0], sums[1]), lower_left = KEEPS(sums[2], sums[3]);
  const lanes first = CHOSEN(left, sums[0], sums[1]);
  const lanes last = CHOSEN(lower_left, sums[2], sums[3]);
  const places upper = KEEPS(first, last);
  *(loose_lanes *)y = CHOSEN(upper, first, last);
  const places place = (upper & (~left & 1)) | (~upper & (2 | (~lower_left & 1)));
  *(bytes *)winners = __builtin_convertvector(place, bytes);
}

CLONES
static void convolve_images(const void *context, intptr_t begin, intptr_t end) {
  const struct pooled *v = context;
  const loops_windows *s = &v->s;
  const intptr_t width = frame_width(s);
  const intptr_t height = s->result_height / 2, across = s->result_width / 2;
  float frame[FRAME];
  for (intptr_t n = begin; n < end; ++n) {
    fill_frame(s, v->x + n * s->height * s->width, frame);
    for (intptr_t i = 0; i < height; ++i) {
      for (intptr_t c = 0; c < v->outputs; c += LANES) {
        lanes weights[SIZE * SIZE];
        EACH(t, SIZE * SIZE) weights[t] = LOAD_LANES(v->w + t * v->outputs + c);
        const lanes none = {0}, bias = v->bias ? LOAD_LANES(v->bias + c) : none;
        for (intptr_t j = 0; j < across; ++j) {
          const intptr_t at = ((n * height + i) * across + j) * v->outputs + c;
          convolve_cell(
            weights, &bias, v->relu, frame + 2 * i * width + 2 * j, width, v->y + at,
            v->winners + at);
        }
      }
    }
  }
}

/// One image's part of sixteen channels of the weight gradient.
INLINE void correlate_frame(
  const struct pooled *v, const float *frame, intptr_t n, intptr_t c, float *partial
) {
  const intptr_t width = frame_width(&v->s);
  const intptr_t height = v->s.result_height / 2, across = v->s.result_width / 2;
  lanes sums[SIZE * SIZE] = {0};
  for (intptr_t i = 0; i < height; ++i) {
    for (intptr_t j = 0; j < across; ++j) {
      const intptr_t at = ((n * height + i) * across + j) * v->outputs + c;
      const places dy = (places)LOAD_LANES(v->dy + at);
      const places place = __builtin_convertvector(*(const bytes *)(v->winners + at), places);
      const float *from = frame + 2 * i * width + 2 * j;
      EACH(p, 4) {
        const lanes own = (lanes)(dy & (place == (int32_t)p));
        EACH(t, SIZE * SIZE) {
          sums[t] += own * from[(p / 2 + t / SIZE) * width + p % 2 + t % SIZE];
        }
      }
    }
  }
  EACH(t, SIZE * SIZE) {
    float *to = partial + t * v->outputs + c;
    *(loose_lanes *)to = LOAD_LANES(to) + sums[t];
  }
}

/// Parts of the images; each image is summed separately, so that sums stay short.
CLONES
static void correlate_parts(const void *context, intptr_t begin, intptr_t end) {
  const struct pooled *v = context;
  const loops_windows *s = &v->s;
  const intptr_t elements = SIZE * SIZE * v->outputs;
  float frame[FRAME];
  for (intptr_t part = begin; part < end; ++part) {
    float *partial = v->partial + part * elements;
    memset(partial, 0, (size_t)elements * sizeof(float));
    const intptr_t next = s->images * (part + 1) / v->parts;
    for (intptr_t n = s->images * part / v->parts; n < next; ++n) {
      fill_frame(s, v->x + n * s->height * s->width, frame);
      for (intptr_t c = 0; c < v->outputs; c += LANES) correlate_frame(v, frame, n, c, partial);
    }
  }
}

/// The number of images, or parts, for which a second thread is worth its cost.
static intptr_t grain(const struct pooled *v, intptr_t count) {
  const intptr_t results = v->s.images * v->s.result_height * v->s.result_width;
  return LOOPS_GRAIN_CHEAP * count / (results * SIZE * SIZE * v->outputs / LANES + 1) + 1;
}

void loops_convolve_pooled(
  const loops_windows *s, intptr_t outputs, const float *x, const float *w, const float *bias,
  int relu, float *y, uint8_t *winners, int threads
) {
  const struct pooled v = {
    .s = *s, .outputs = outputs, .x = x, .w = w, .bias = bias, .relu = relu, .y = y,
    .winners = winners,
  };
  loops_over(threads, s->images, 1, grain(&v, s->images), convolve_images, &v);
}

void loops_convolve_pooled_weight_gradient(
  const loops_windows *s, intptr_t outputs, const float *x, const float *dy,
  const uint8_t *winners, float *partial, float *dw, int threads
) {
  const intptr_t parts = loops_correlation_parts(s);
  const struct pooled v = {
    .s = *s, .outputs = outputs, .x = x, .winners = (uint8_t *)winners, .dy = dy,
    .partial = partial, .parts = parts,
  };
  loops_over(threads, parts, 1, grain(&v, parts), correlate_parts, &v);
  for (intptr_t i = 0; i < SIZE * SIZE * outputs; ++i) {
    double sum = 0;
    for (intptr_t part = 0; part < parts; ++part) {
      sum += (double)partial[part * SIZE * SIZE * outputs + i];
    }
    dw[i] = (float)sum;
  }
}
