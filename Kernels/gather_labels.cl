// gather_labels: `y[r, c] = 1` if `labels[order[row · stride + START + r]] = c`, else 0, where `row` is the
// feed's step within the epoch.
//
// labels, order: [all]; y: [rows, classes]; state: the store's words. A work-item writes rows.
#include "loops.cl"
#include "state.cl"

#ifndef FEED
#define FEED 0
#endif

/// The place of a rank's rows in the batch.
#ifndef START
#define START 0
#endif

FLAT void gather_labels(
  IDS int rows, int classes, int stride, __global const int *labels, __global const int *order,
  __global const uint *state, __global float *y, int y0) {
  const int first = state[STATE_ROW(FEED)] * stride + START;
  FOR_CELLS(row, n, rows, 1) {
    const int label = labels[order[first + row]];
    for (int c = 0; c < classes; ++c) y[y0 + row * classes + c] = c == label ? 1.0f : 0.0f;
  }
}
