// scheduled: the value of a ramp at this step, `y = values[row][column]`.
//
// values: [rows, columns], after the `begin` elements of the schedules; state: the store's words;
// y: one element, written by the first work-item.
#include "loops.cl"
#include "state.cl"

FLAT void scheduled(
  int begin, int columns, int column, __global const uint *state, __global const float *schedule,
  __global float *y, int y0) {
  if (get_global_id(0) == 0) {
    y[y0] = schedule[begin + (int)state[STATE_ROW(0)] * columns + column];
  }
}
