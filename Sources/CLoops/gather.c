// A batch of examples, `y[n, i] = (scale · examples[order[n], i] − shift[i]) · factor[i]`, and the
// inverse. Each window of a series begins at one row and continues over the following rows.

#include <stddef.h>
#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  float scale;
  const void *examples;
  const int32_t *order;
  const float *shift, *factor;
  loops_part part;
  float *y;
  intptr_t columns;
  /// Elements from one row of the examples to the next: `columns`, except for windows.
  intptr_t row_size;
};

/// The distance, in rows, of the prefetch. Examples can be anywhere in memory; without a prefetch
/// each row waits for its first cache lines: 256 of 60,000 rows of 784 bytes take 40 µs without it,
/// 12 µs with it (Zen 5, 2 threads).
enum { AHEAD = 4, LINE = 64 };

/// Prefetches example `n + AHEAD`, if this thread will read it.
INLINE void prefetch(const struct operands *o, size_t width, intptr_t n, intptr_t end) {
  if (n + AHEAD >= end) return;
  const intptr_t byte_count = o->columns * (intptr_t)width;
  const char *x = (const char *)o->examples + o->order[n + AHEAD] * o->row_size * (intptr_t)width;
  for (intptr_t at = 0; at < byte_count; at += LINE) __builtin_prefetch(x + at);
}

/// One example; its features are shifted and scaled if shift and factor are given.
#define GATHER_ROW(o, x, y, value)                                                                  \
  {                                                                                            \
    const float scale = (o)->scale, *shift = (o)->shift, *factor = (o)->factor;                \
    if (shift && factor) {                                                                     \
      ELEMENTWISE(i, 0, (o)->columns) y[i] = (scale * value(x[i]) - shift[i]) * factor[i];     \
    } else if (shift) {                                                                        \
      ELEMENTWISE(i, 0, (o)->columns) y[i] = scale * value(x[i]) - shift[i];                   \
    } else if (factor) {                                                                       \
      ELEMENTWISE(i, 0, (o)->columns) y[i] = scale * value(x[i]) * factor[i];                  \
    } else {                                                                                   \
      ELEMENTWISE(i, 0, (o)->columns) y[i] = scale * value(x[i]);                              \
    }                                                                                          \
  }

/// Elements of examples. The compiler knows binary16 of x86 and Arm.
typedef struct { _Float16 value; } loops_float16;
typedef struct { uint16_t bits; } loops_bfloat16;

/// A number in an example, as float.
INLINE float from_float16(loops_float16 x) { return (float)x.value; }
INLINE float from_bfloat16(loops_bfloat16 x) {
  const uint32_t bits = (uint32_t)x.bits << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
INLINE float from_byte(uint8_t x) { return (float)x; }
INLINE float from_float(float x) { return x; }

/// Gathers examples of one type; `value` makes a float of an element.
#define GATHER(name, type, value)                                                              \
  CLONES                                                                                       \
  static void name(const void *context, intptr_t begin, intptr_t end) {                        \
    const struct operands *o = context;                                                        \
    for (intptr_t n = begin; n < end; ++n) {                                                   \
      prefetch(o, sizeof(type), n, end);                                                       \
      const type *x = (const type *)o->examples + o->order[n] * o->row_size;                   \
      float *y = o->y + n * o->columns;                                                        \
      if (o->part == LOOPS_PRESENCE) {                                                         \
        ELEMENTWISE(i, 0, o->columns) y[i] = value(x[i]) == value(x[i]) ? 1.0f : 0.0f;         \
        continue;                                                                              \
      }                                                                                        \
      GATHER_ROW(o, x, y, value)                                                               \
      if (o->part == LOOPS_FILLED) {                                                           \
        ELEMENTWISE(i, 0, o->columns) y[i] = value(x[i]) == value(x[i]) ? y[i] : 0.0f;         \
      }                                                                                        \
    }                                                                                          \
  }

GATHER(gather_bytes, uint8_t, from_byte)
GATHER(gather_floats, float, from_float)
GATHER(gather_float16, loops_float16, from_float16)
GATHER(gather_bfloat16, loops_bfloat16, from_bfloat16)

/// `y = x / factor + shift`
CLONES
static void denormalize(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  for (intptr_t n = begin; n < end; ++n) {
    const float *x = (const float *)o->examples + n * o->columns;
    float *y = o->y + n * o->columns;
    const float *shift = o->shift, *factor = o->factor;
    if (shift && factor) {
      ELEMENTWISE(i, 0, o->columns) y[i] = x[i] / factor[i] + shift[i];
    } else if (factor) {
      ELEMENTWISE(i, 0, o->columns) y[i] = x[i] / factor[i];
    } else if (shift) {
      ELEMENTWISE(i, 0, o->columns) y[i] = x[i] + shift[i];
    } else {
      ELEMENTWISE(i, 0, o->columns) y[i] = x[i];
    }
  }
}

static void gather(
  loops_body *body, const struct operands *operands, intptr_t rows, int threads
) {
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (operands->columns + 1) + 1, body, operands);
}

void loops_gather(
  loops_element element, float scale, const void *examples, const int32_t *order,
  const float *shift, const float *factor, loops_part part, float *y, intptr_t rows,
  intptr_t columns, intptr_t row_size, int threads
) {
  static loops_body *const bodies[] = {
    [LOOPS_BYTE] = gather_bytes, [LOOPS_FLOAT] = gather_floats, [LOOPS_FLOAT16] = gather_float16,
    [LOOPS_BFLOAT16] = gather_bfloat16,
  };
  const struct operands operands = {scale, examples, order, shift, factor, part, y, columns,
                                    row_size};
  gather(bodies[element], &operands, rows, threads);
}

void loops_denormalize(
  const float *x, const float *shift, const float *factor, float *y, intptr_t rows,
  intptr_t columns, int threads
) {
  const struct operands operands = {0, x, NULL, shift, factor, LOOPS_VALUES, y, columns, columns};
  gather(denormalize, &operands, rows, threads);
}
