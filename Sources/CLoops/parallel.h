// How a loop over elements is divided among threads.

#ifndef CLOOPS_PARALLEL_H
#define CLOOPS_PARALLEL_H

#include <stdint.h>

#include "CLoops.h"

/// Elements `begin..<end` of a loop with the operands in `context`.
typedef void loops_body(const void *context, intptr_t begin, intptr_t end);
/// Their part of a sum.
typedef double loops_sum_body(const void *context, intptr_t begin, intptr_t end);

/// Runs `body` over `0..<count`, one contiguous range per thread; serially if each thread would get
/// fewer than `grain` elements. Ranges begin at multiples of `unit`.
void loops_over(
  int threads, intptr_t count, intptr_t unit, intptr_t grain, loops_body *body,
  const void *context);

/// A thread's part of a range: whole lines of 16 elements, spread evenly. Every function gives the
/// same part of a tensor to the same thread, because it is in that thread's cache.
loops_range loops_share(loops_range all, int thread, int team);

/// Runs `body` over each of `ranges`, each thread over its part of each; serially if they have
/// fewer than twice `grain` elements together.
void loops_over_ranges(
  int threads, const loops_range *ranges, intptr_t count, intptr_t grain, loops_body *body,
  const void *context);

/// Adds up `body` over `0..<count`. The parts depend only on `count` and are added in order, so the
/// result does not depend on the number of threads, to the last bit.
double loops_sum_over(int threads, intptr_t count, loops_sum_body *body, const void *context);

/// The smallest number of elements per thread, at about 0.1 ns each, for which a second thread is
/// worth its cost: a parallel region costs 0.5 µs if the threads are awake (Zen 5, 2 cores).
#define LOOPS_GRAIN_CHEAP 8192
/// The same for a loop with exponentials and logarithms.
#define LOOPS_GRAIN_DEAR 2048

#endif
