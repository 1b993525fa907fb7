// The nearest codes of vectors, and the perplexity of their use in a batch.

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CLoops.h"
#include "functions.h"
#include "lanes.h"
#include "parallel.h"

typedef int32_t integer_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));

struct search {
  const float *scores, *codes;
  float *norms, *indices;
  intptr_t count, columns;
};

CLONES
static void square_codes(const void *context, intptr_t begin, intptr_t end) {
  const struct search *o = context;
  for (intptr_t k = begin; k < end; ++k) {
    const float *code = o->codes + k * o->columns;
    float sum = 0;
    ELEMENTWISE(d, 0, o->columns) {
#pragma clang fp reassociate(on)
      sum += code[d] * code[d];
    }
    o->norms[k] = sum;
  }
}

/// Lane `l` of `best` and `at`: the smallest distance among codes `l`, `l + 16`, …, and the first
/// code that has it.
INLINE intptr_t first_least(const float *best, const int32_t *at) {
  intptr_t lane = 0;
  for (intptr_t l = 1; l < LANES; ++l) {
    if (best[l] < best[lane] || (best[l] == best[lane] && at[l] < at[lane])) lane = l;
  }
  return lane;
}

CLONES
static void find_nearest(const void *context, intptr_t begin, intptr_t end) {
  const struct search *o = context;
  const intptr_t whole = o->count / LANES * LANES;
  for (intptr_t m = begin; m < end; ++m) {
    const float *scores = o->scores + m * o->count;
    lanes best;
    integer_lanes at, k;
    for (int l = 0; l < LANES; ++l) {
      best[l] = INFINITY;
      at[l] = 0;
      k[l] = l;
    }
    for (intptr_t first = 0; first < whole; first += LANES) {
      const lanes distance = LOAD_LANES(o->norms + first) - 2 * LOAD_LANES(scores + first);
      const integer_lanes nearer = distance < best;
      best = (lanes)(((integer_lanes)distance & nearer) | ((integer_lanes)best & ~nearer));
      at = (k & nearer) | (at & ~nearer);
      k += LANES;
    }
    float distances[LANES];
    int32_t places[LANES];
    memcpy(distances, &best, sizeof best);
    memcpy(places, &at, sizeof at);
    const intptr_t lane = first_least(distances, places);
    float least = distances[lane];
    intptr_t index = places[lane];
    for (intptr_t rest = whole; rest < o->count; ++rest) {
      const float distance = o->norms[rest] - 2 * scores[rest];
      if (distance < least) {
        least = distance;
        index = rest;
      }
    }
    o->indices[m] = (float)index;
  }
}

void loops_nearest(
  const float *scores, const float *codes, float *norms, float *indices, intptr_t rows,
  intptr_t count, intptr_t columns, int threads
) {
  const struct search search = {scores, codes, norms, indices, count, columns};
  loops_over(threads, count, 1, LOOPS_GRAIN_CHEAP / (columns + 1) + 1, square_codes, &search);
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (count + 1) + 1, find_nearest, &search);
}

struct look_up {
  const float *indices, *codes;
  float *y;
  intptr_t columns;
};

static void copy_codes(const void *context, intptr_t begin, intptr_t end) {
  const struct look_up *o = context;
  for (intptr_t m = begin; m < end; ++m) {
    const float *code = o->codes + (intptr_t)o->indices[m] * o->columns;
    memcpy(o->y + m * o->columns, code, (size_t)o->columns * sizeof(float));
  }
}

void loops_look_up(
  const float *indices, const float *codes, float *y, intptr_t rows, intptr_t columns, int threads
) {
  const struct look_up operands = {indices, codes, y, columns};
  loops_over(threads, rows, 1, LOOPS_GRAIN_CHEAP / (columns + 1) + 1, copy_codes, &operands);
}

void loops_perplexity(
  const float *indices, float *counts, float *perplexity, intptr_t rows, intptr_t count
) {
  memset(counts, 0, (size_t)count * sizeof(float));
  for (intptr_t m = 0; m < rows; ++m) counts[(intptr_t)indices[m]] += 1;
  double entropy = 0;
  for (intptr_t k = 0; k < count; ++k) {
    const double share = (double)counts[k] / (double)rows;
    if (counts[k] > 0) entropy -= share * log(share);
  }
  *perplexity = (float)exp(entropy);
}
