// The epilogue of a matrix product: `c + bias`, `c + addend`, `f(c)`, `c · f′`, row by row.

#include <stddef.h>
#include <string.h>

#include "activations.h"
#include "parallel.h"

/// One row `c` from the sums `x`, while it is in the cache: the first pass adds and applies the
/// activation, the second multiplies by a derivative.
INLINE void finish_row(
  const loops_epilogue *e, const float *x, float *c, const float *addend, const float *read,
  intptr_t columns
) {
  const float *bias = e->bias;
#define BIAS(f) ELEMENTWISE(j, 0, columns) c[j] = activated(f, x[j] + bias[j])
#define ADDEND(f) ELEMENTWISE(j, 0, columns) c[j] = activated(f, x[j] + addend[j])
#define BOTH(f) ELEMENTWISE(j, 0, columns) c[j] = activated(f, x[j] + bias[j] + addend[j])
#define NEITHER(f) ELEMENTWISE(j, 0, columns) c[j] = activated(f, x[j])
#define DERIVE(f) ELEMENTWISE(j, 0, columns) c[j] = derived(f, x[j], read[j])
  if (bias && addend) {
    SWITCH_ACTIVATION(e->activation, BOTH)
    x = c;
  } else if (bias) {
    SWITCH_ACTIVATION(e->activation, BIAS)
    x = c;
  } else if (addend) {
    SWITCH_ACTIVATION(e->activation, ADDEND)
    x = c;
  } else if (e->activation != LOOPS_IDENTITY || (e->derivative == LOOPS_IDENTITY && x != c)) {
    SWITCH_ACTIVATION(e->activation, NEITHER)
    x = c;
  }
  if (e->derivative != LOOPS_IDENTITY) SWITCH_ACTIVATION(e->derivative, DERIVE)
}

/// The number of columns below which several rows are processed together.
enum { NARROW = 64 };

CLONES
void loops_finish_rows(
  const loops_epilogue *epilogue, const float *x, float *y, intptr_t first, intptr_t rows,
  intptr_t columns
) {
  loops_epilogue e = *epilogue;
  float repeated[2 * NARROW];
  intptr_t together = rows;
  if (e.bias) {
    together = columns < NARROW ? 2 * NARROW / columns : 1;
    if (together > rows) together = rows;
    for (intptr_t i = 0; together > 1 && i < together; ++i) {
      memcpy(repeated + i * columns, epilogue->bias, (size_t)columns * sizeof(float));
    }
    if (together > 1) e.bias = repeated;
  }
  for (intptr_t i = 0; i < rows; i += together) {
    const intptr_t at = (first + i) * columns, left = rows - i;
    finish_row(
      &e, x + at, y + at, e.addend ? e.addend + at : NULL, e.read ? e.read + at : NULL,
      (left < together ? left : together) * columns);
  }
}

struct matrix {
  const loops_epilogue *epilogue;
  const float *x;
  float *y;
  intptr_t columns;
};

static void finish(const void *context, intptr_t begin, intptr_t end) {
  const struct matrix *m = context;
  loops_finish_rows(m->epilogue, m->x, m->y, begin, end - begin, m->columns);
}

void loops_finish_product(
  const loops_epilogue *epilogue, const float *x, float *y, intptr_t rows, intptr_t columns,
  int threads
) {
  const struct matrix matrix = {epilogue, x, y, columns};
  const intptr_t value = grains_of(epilogue->activation).value;
  const intptr_t derivative = grains_of(epilogue->derivative).derivative;
  const intptr_t elements = value < derivative ? value : derivative;
  const intptr_t grain = columns > 0 ? (elements + columns - 1) / columns : 1;
  loops_over(threads, rows, 1, grain, finish, &matrix);
}
