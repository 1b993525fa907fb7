// Sixteen neighbours in memory, as one value.

#ifndef CLOOPS_LANES_H
#define CLOOPS_LANES_H

#include <stdint.h>

enum { LANES = 16 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/// Lanes anywhere in memory.
typedef float loose_lanes
  __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
#define LOAD_LANES(x) (*(const loose_lanes *)(x))

typedef float half_lanes __attribute__((vector_size(LANES / 2 * sizeof(float))));
typedef float quarter_lanes __attribute__((vector_size(LANES / 4 * sizeof(float))));

/// The sum of all lanes, by halves.
#define sum_of(v)                                                                              \
  ({                                                                                           \
    const half_lanes h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)                 \
      + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);                           \
    const quarter_lanes q = __builtin_shufflevector(h, h, 0, 1, 2, 3)                          \
      + __builtin_shufflevector(h, h, 4, 5, 6, 7);                                             \
    (q[0] + q[1]) + (q[2] + q[3]);                                                             \
  })

/// A loop of few, known rounds, so that what it indexes may stay in registers.
#define EACH(p, count) _Pragma("clang loop unroll(full)") for (intptr_t p = 0; p < (count); ++p)

#endif
