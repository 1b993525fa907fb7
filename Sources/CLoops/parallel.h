// How a loop over elements is shared between threads.

#ifndef CLOOPS_PARALLEL_H
#define CLOOPS_PARALLEL_H

#include <stdint.h>

#include "CLoops.h"

/// Elements `begin..<end` of a loop whose operands `context` holds.
typedef void loops_body(const void *context, intptr_t begin, intptr_t end);
/// Their part of a sum.
typedef double loops_sum_body(const void *context, intptr_t begin, intptr_t end);

/// Runs `body` over `0..<count`, one run of neighbours a thread; serially where each thread would
/// get fewer than `grain` elements. Runs begin on multiples of `unit`.
void loops_over(
  int threads, intptr_t count, intptr_t unit, intptr_t grain, loops_body *body,
  const void *context);

/// The share of a thread in a range: whole lines of 16 elements, spread evenly. The same share of
/// the same tensor goes to the same thread whatever is done to it, for it lies in that thread's
/// cache.
loops_range loops_share(loops_range all, int thread, int team);

/// Runs `body` over each of `ranges`, every thread over its share of each; serially where all of
/// them hold fewer than twice `grain` elements.
void loops_over_ranges(
  int threads, const loops_range *ranges, intptr_t count, intptr_t grain, loops_body *body,
  const void *context);

/// Adds up `body` over `0..<count`. Where the parts begin depends on `count` alone and they are
/// added in order, so that any number of threads finds the same bits.
double loops_sum_over(int threads, intptr_t count, loops_sum_body *body, const void *context);

/// How many elements, at about 0.1 ns each, a thread must get for a second one to pay: a parallel
/// region costs 0.5 µs with the threads awake (Zen 5, 2 cores).
#define LOOPS_GRAIN_CHEAP 8192
/// The same for a loop that calls exponentials and logarithms.
#define LOOPS_GRAIN_DEAR 2048

#endif
