// gate: 1 if a row of the training feed's log allows an update, else 0, `low < Σ weights[c] ·
// log[row][COLUMN + c] < high`.
//
// log: [rows, COLUMNS]; state: the store's words; `record` has incremented its row in the LAST
// phase; y: one element, written by the first work-item.
#include "loops.cl"
#include "state.cl"

#ifndef COLUMNS
#define COLUMNS 1
#define COLUMN 0
#define WEIGHTS 1.0f
#define COUNT 1
#endif
#ifndef LAST
#define LAST 1
#endif

__constant float gateWeights[COUNT] = {WEIGHTS};

FLAT void gate(
  float low, float high, __global const uint *state, __global const float *log, __global float *y,
  int y0) {
  if (get_global_id(0) == 0) {
    // Row 0 occurs when the kernel is compiled before any step.
    const int row = max((int)state[STATE_ROW(0)] - LAST, 0);
    float sum = 0.0f;
    for (int c = 0; c < COUNT; ++c) sum += gateWeights[c] * log[row * COLUMNS + COLUMN + c];
    y[y0] = low < sum && sum < high ? 1.0f : 0.0f;
  }
}
