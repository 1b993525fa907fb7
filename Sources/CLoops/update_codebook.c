// Codebook vectors as moving averages of the rows that chose them (van den Oord et al. 2017,
// appendix A.1).

#include <stddef.h>
#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"
#include "philox.h"

/// Columns per pass.
enum { WIDE = 128 };

struct operands {
  const loops_codebook *c;
  const float *x;
  float *codes, *counts, *sums;
  /// The rows of code `k`, ascending: `order[first[k]..<first[k + 1]]`.
  const int32_t *first, *order;
  double total;
};

/// Sorts the rows by their codes. `first` has one element more than there are codes.
static void sort_rows(
  const float *indices, intptr_t rows, intptr_t count, int32_t *first, int32_t *order
) {
  memset(first, 0, (size_t)(count + 1) * sizeof *first);
  for (intptr_t m = 0; m < rows; ++m) ++first[(intptr_t)indices[m] + 1];
  for (intptr_t k = 0; k < count; ++k) first[k + 1] += first[k];
  for (intptr_t m = 0; m < rows; ++m) order[first[(intptr_t)indices[m]]++] = (int32_t)m;
  // Now each entry is the beginning of the next code's rows.
  memmove(first + 1, first, (size_t)count * sizeof *first);
  first[0] = 0;
}

CLONES
static void follow(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t columns = o->c->columns;
  const float decay = (float)o->c->decay, rest = (float)(1 - o->c->decay);
  for (intptr_t k = begin; k < end; ++k) {
    const int32_t from = o->first[k], to = o->first[k + 1];
    o->counts[k] = decay * o->counts[k] + rest * (float)(to - from);
    for (intptr_t first = 0; first < columns; first += WIDE) {
      const intptr_t width = columns - first < WIDE ? columns - first : WIDE;
      float sum[WIDE] = {0};
      for (int32_t i = from; i < to; ++i) {
        const float *x = o->x + o->order[i] * columns + first;
        for (intptr_t d = 0; d < width; ++d) sum[d] += x[d];
      }
      float *m = o->sums + k * columns + first;
      for (intptr_t d = 0; d < width; ++d) m[d] = decay * m[d] + rest * sum[d];
    }
  }
}

/// The row that the code restarts from.
static intptr_t drawn_row(const loops_codebook *c, intptr_t k) {
  uint32_t words[4] = {
    (uint32_t)(k / 4), (uint32_t)c->step, (uint32_t)(c->step >> 32), c->stream,
  };
  philox(words, (uint32_t)c->seed, (uint32_t)(c->seed >> 32));
  return (intptr_t)(((uint64_t)words[k % 4] * (uint64_t)c->rows) >> 32);
}

CLONES
static void renew(const void *context, intptr_t begin, intptr_t end) {
  const struct operands *o = context;
  const intptr_t columns = o->c->columns;
  const double fair = o->total / (double)o->c->count;
  const double smoothing = o->total / (o->total + (double)o->c->count * o->c->epsilon);
  for (intptr_t k = begin; k < end; ++k) {
    float *code = o->codes + k * columns, *m = o->sums + k * columns;
    if ((double)o->counts[k] <= o->c->restart * fair) {
      const float *x = o->x + drawn_row(o->c, k) * columns, count = (float)fair;
      o->counts[k] = count;
      for (intptr_t d = 0; d < columns; ++d) {
        code[d] = x[d];
        m[d] = count * x[d];
      }
    } else {
      const double count = ((double)o->counts[k] + o->c->epsilon) * smoothing;
      const float factor = (float)(1 / count);
      for (intptr_t d = 0; d < columns; ++d) code[d] = factor * m[d];
    }
  }
}

void loops_update_codebook(
  const loops_codebook *c, const float *x, const float *indices, float *codes, float *counts,
  float *sums, int32_t *order, int threads
) {
  int32_t *first = order + c->rows;
  sort_rows(indices, c->rows, c->count, first, order);
  struct operands operands = {c, x, codes, counts, sums, first, order, 0};
  const intptr_t grain = LOOPS_GRAIN_CHEAP / (c->columns + 1) + 1;
  // All rows are read, whatever the number of codes.
  const intptr_t each = (c->rows / c->count + 1) * c->columns;
  loops_over(threads, c->count, 1, LOOPS_GRAIN_CHEAP / (each + 1) + 1, follow, &operands);
  for (intptr_t k = 0; k < c->count; ++k) operands.total += (double)counts[k];
  loops_over(threads, c->count, 1, grain, renew, &operands);
}
