// Whether all elements of vectors are finite.

#include <stddef.h>

#include "CLoops.h"
#include "functions.h"
#include "parallel.h"

/// Whether any exponent has all bits set; exact, without comparisons of floats.
CLONES
static int any_not_finite(const float *x, intptr_t begin, intptr_t end) {
  int32_t found = 0;
  for (intptr_t i = begin; i < end; ++i) {
    found |= (bits_of(x[i]) & 0x7fffffff) >= 0x7f800000;
  }
  return found;
}

struct search {
  const loops_span *spans;
  intptr_t count;
  int found;
};

static void search_shares(void *context) {
  struct search *s = context;
  const int team = loops_team(), thread = loops_thread();
  for (intptr_t i = 0; i < s->count; ++i) {
    const loops_range share = loops_share((loops_range){0, s->spans[i].count}, thread, team);
    if (any_not_finite(s->spans[i].x, share.begin, share.end)) {
      __atomic_store_n(&s->found, 1, __ATOMIC_RELAXED);
    }
  }
}

int loops_all_finite(const loops_span *spans, intptr_t count, int threads) {
  struct search search = {spans, count, 0};
  intptr_t elements = 0;
  for (intptr_t i = 0; i < count; ++i) elements += spans[i].count;
  loops_parallel(elements < 2 * LOOPS_GRAIN_CHEAP ? 1 : threads, search_shares, &search);
  return !search.found;
}
