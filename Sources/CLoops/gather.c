// A batch of examples: `y[n, i] = scale · examples[order[n], i]`.

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

struct operands {
  float scale;
  const void *examples;
  const int32_t *order;
  float *y;
  intptr_t columns;
};

CLONES
static void gather_bytes(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t columns = o->columns;
  const float scale = o->scale;
  for (intptr_t n = begin; n < end; ++n) {
    const uint8_t *x = (const uint8_t *)o->examples + o->order[n] * columns;
    float *y = o->y + n * columns;
    ELEMENTWISE(i, 0, columns) y[i] = scale * (float)x[i];
  }
}

CLONES
static void gather_floats(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t columns = o->columns;
  const float scale = o->scale;
  for (intptr_t n = begin; n < end; ++n) {
    const float *x = (const float *)o->examples + o->order[n] * columns;
    float *y = o->y + n * columns;
    ELEMENTWISE(i, 0, columns) y[i] = scale * x[i];
  }
}

static void gather(
  loops_body *body, const struct operands *operands, intptr_t rows, int threads
) {
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (operands->columns + 1) + 1, body, operands);
}

void loops_gather_bytes(
  float scale, const uint8_t *examples, const int32_t *order, float *y, intptr_t rows,
  intptr_t columns, int threads
) {
  const struct operands operands = {scale, examples, order, y, columns};
  gather(gather_bytes, &operands, rows, threads);
}

void loops_gather_floats(
  float scale, const float *examples, const int32_t *order, float *y, intptr_t rows,
  intptr_t columns, int threads
) {
  const struct operands operands = {scale, examples, order, y, columns};
  gather(gather_floats, &operands, rows, threads);
}
