// example_loss: `loss[r] = factor · Σ error(x[r], t[n])` over the elements of row r, with `n = r /
// draws`; if MASKED, only over those with a mask other than 0.
//
// x: [rows, columns]; t, mask: [rows / draws, columns]; loss: [rows]. On a GPU a work-group
// processes a row, its work-items every LOCAL-th element, and a tree adds up their sums; on a CPU
// device a work-item processes rows one after another.
//
// Its gradient, by vectors of rows: `dx[r] = factor · mask · ∂error/∂x · dLoss[r]`, dLoss [rows].
//
// ERROR selects the error (losses.cl).
#include "losses.cl"
#include "loops.cl"

#ifndef MASKED
#define MASKED 0
#endif
#if MASKED
#define MASK_PARAMETERS , __global const float *mask, int mask0
#else
#define MASK_PARAMETERS
#endif

FLAT void example_loss(
  int rows, int columns, int draws, float factor, __global const float *xs, int x0,
  __global const float *ts, int t0, __global float *loss, int loss0 MASK_PARAMETERS) {
  TREE(tree, LOCAL);
  const int item = get_local_id(0);
#if VECTOR == 16
  for (int row = get_group_id(0); row < rows; row += get_num_groups(0)) {
#else
  const int row = get_group_id(0);
#endif
  const int target = row / draws * columns;
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  for (int n = VECTOR * item; n < columns; n += VECTOR * LOCAL) {
    floatV slope;
    const floatV x = LOAD(xs + x0 + row * columns + n), t = LOAD(ts + t0 + target + n);
    floatV error = ae_error(x, t, &slope);
#if MASKED
    error = LOAD(mask + mask0 + target + n) != 0.0f ? error : (floatV)(0.0f);
#endif
    ae_add(&sum, ae_first(error, columns - n));
  }
  const float group = ae_group_sum(ae_sum(sum.total + sum.part), item, LOCAL, tree);
  if (item == 0) loss[loss0 + row] = factor * group;
#if VECTOR == 16
  }
#endif
}

FLAT void example_loss_gradient(
  int rows, int columns, int draws, float factor, __global const float *xs, int x0,
  __global const float *ts, int t0, __global const float *dLoss, int dLoss0, __global float *dx,
  int dx0 MASK_PARAMETERS) {
  FOR_CELLS(row, n, rows, columns) {
    const int target = row / draws * columns + n;
    floatV slope;
    ae_error(LOAD(xs + x0 + row * columns + n), LOAD(ts + t0 + target), &slope);
#if MASKED
    slope = LOAD(mask + mask0 + target) != 0.0f ? slope : (floatV)(0.0f);
#endif
    ae_store(factor * dLoss[dLoss0 + row] * slope, dx + dx0 + row * columns + n, columns - n);
  }
}
