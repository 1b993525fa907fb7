// record: ends a phase of a step. Adds up the partial sums of each part of the loss, writes them to
// the log's row, stores step and PHASE if a part or a gradient is not finite, and increments row
// and step in the LAST phase.
//
// arena: partial sums of part p at PART_OFFSETS[p], PART_COUNTS[p] of them; log: [rows, COLUMNS],
// the parts from COLUMN; gradients: [count], checked if CHECKED; squares: partial sums of their
// squares, one per work-group, if SQUARED, for an update that clips by norm; state: the store's
// words.
//
// A work-item checks vectors of the gradients; each group sums the parts, by the same tree, and the
// last group writes them: then no other group reads the counters any more. Whether numbers are
// finite is checked by the bits of the exponent, which the compiler cannot optimise away.
#include "loops.cl"
#include "state.cl"
#include "sums.cl"

#ifndef PARTS
#define PARTS 1
#define PART_OFFSETS 0
#define PART_COUNTS 1
#endif
#ifndef COLUMNS
#define COLUMNS PARTS
#define COLUMN 0
#endif
#ifndef PHASE
#define PHASE 0
#endif
#ifndef LAST
#define LAST 1
#endif
#ifndef CHECKED
#define CHECKED 1
#endif
#ifndef SQUARED
#define SQUARED 0
#endif
#ifndef FEED
#define FEED 0
#endif
#define MAGNITUDE 0x7fffffffu
#define INFINITE 0x7f800000u

#if PARTS > 0
__constant int ae_partOffsets[PARTS] = {PART_OFFSETS};
__constant int ae_partCounts[PARTS] = {PART_COUNTS};
#endif

/// The magnitudes of the first `valid` elements, as words; 0 for the others.
static uintV ae_magnitudes(floatV x, int valid) {
  const uintV bits = as_uintV(x) & MAGNITUDE;
  return valid >= VECTOR ? bits : LANES < valid ? bits : (uintV)(0);
}

/// Checks a gradient that is not in the flat buffer. x: [count].
FLAT void look_through(
  IDS int count, __global const float *x, int x0, __global volatile uint *state) {
  uintV magnitude = (uintV)(0);
  FOR_VECTORS(i, count) {
    magnitude = max(magnitude, ae_magnitudes(LOAD(x + x0 + i), count - i));
  }
  if (ae_max(magnitude) >= INFINITE) atomic_or(state + STATE_BAD, 1u);
}

/// Memory of a work-group; called as a function, it has one work-item.
#if CALLED
#define SHARED
#else
#define SHARED __local
#endif

FLAT void record(
  IDS int count, __global const float *gradients, int gradients0, __global const float *arena,
  __global float *log, __global volatile uint *state, __global float *squares, int squares0) {
  const int item = get_local_id(0);
  uint largest = 0;
#if CHECKED
  uintV magnitude = (uintV)(0);
#if SQUARED
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
#endif
  FOR_VECTORS(i, count) {
    const floatV g = LOAD(gradients + gradients0 + i);
    magnitude = max(magnitude, ae_magnitudes(g, count - i));
#if SQUARED
    ae_add(&sum, ae_first(g * g, count - i));
#endif
  }
#if SQUARED
  TREE(tree, LOCAL);
  ae_write_partial(sum, 1.0f, squares + squares0 + get_group_id(0), tree);
#endif
  largest = ae_max(magnitude);
#endif

#if PARTS > 0
  SHARED float sums[PARTS][LOCAL];
  for (int p = 0; p < PARTS; ++p) {
    float sum = 0.0f;
    for (int i = item; i < ae_partCounts[p]; i += LOCAL) sum += arena[ae_partOffsets[p] + i];
    sums[p][item] = sum;
  }
#endif
  SHARED uint groupLargest[LOCAL];
  groupLargest[item] = largest;
#if LOCAL > 1
  for (int middle = LOCAL / 2; middle > 0; middle /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < middle) {
      groupLargest[item] = max(groupLargest[item], groupLargest[item + middle]);
#if PARTS > 0
      for (int p = 0; p < PARTS; ++p) sums[p][item] += sums[p][item + middle];
#endif
    }
  }
#endif

  if (item == 0) {
#if CHECKED
    if (groupLargest[0] >= INFINITE) atomic_or(state + STATE_BAD, 1u);
#if PARTS > 0
    for (int p = 0; p < PARTS; ++p) {
      if ((as_uint(sums[p][0]) & MAGNITUDE) >= INFINITE) atomic_or(state + STATE_BAD, 1u);
    }
#endif
#endif
    mem_fence(CLK_GLOBAL_MEM_FENCE);
    if (atomic_inc(state + STATE_DONE) == get_num_groups(0) - 1) {
      const uint row = state[STATE_ROW(FEED)];
#if PARTS > 0
      for (int p = 0; p < PARTS; ++p) log[row * COLUMNS + COLUMN + p] = sums[p][0];
#endif
      const uint low = state[STATE_STEP_LOW(FEED)];
      if (atomic_xchg(state + STATE_BAD, 0u) != 0 && state[STATE_NOTED] == 0) {
        state[STATE_NOTED_LOW] = low;
        state[STATE_NOTED_HIGH] = state[STATE_STEP_HIGH(FEED)];
        state[STATE_NOTED] = PHASE + 1;
      }
#if LAST
      state[STATE_ROW(FEED)] = row + 1;
      state[STATE_STEP_LOW(FEED)] = low + 1;
      if (low + 1 == 0) state[STATE_STEP_HIGH(FEED)] += 1;
#endif
      atomic_xchg(state + STATE_DONE, 0u);
    }
  }
}
