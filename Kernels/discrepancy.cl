// discrepancy: partial sums of the maximum mean discrepancy of x and y,
// `within · Σ_{i≠j} (k(x[i], x[j]) + k(y[i], y[j])) + 2 between · Σ_{i,j} k(x[i], y[j])`.
//
// With the squared distance `d` of two points and `C = 2 units`, `k = e^(−d/C)` if GAUSSIAN, else
// `k = Σ C s / (C s + d)` over s of 0.1, 0.2, 0.5, 1, 2, 5 and 10.
//
// xt, yt: [units, rows], the points transposed, so that the distances from one point to consecutive
// others are a vector; partials: one per work-group. A group processes points, its work-items
// vectors of the other points; a tree adds up the kernels.
//
// discrepancy_weights: `weights[i, j] = within · k′(x[i], x[j])`, 0 for `i = j`, and `weights[i,
// rows + j] = between · k′(x[i], y[j])`, with the kernel's derivative k′ with respect to d: [rows,
// 2 rows]. A work-item processes vectors of j.
//
// discrepancy_gradient: `dx[i] = 4 ds · Σ_j (weights[i, j] (x[i] − x[j]) +
// weights[i, rows + j] (x[i] − y[j]))`; x, y, dx: [rows, units], ds: one element. A work-item
// computes vectors of rows.
#include "functions.cl"
#include "loops.cl"
#include "sums.cl"

#ifndef GAUSSIAN
#define GAUSSIAN 1
#endif

/// The squared distances from point `i` of `a` to point `j` of `b` and the following points.
static floatV ae_distance(
  __global const float *a, __global const float *b, int i, int j, int rows, int units) {
  floatV sum = (floatV)(0.0f);
  for (int l = 0; l < units; ++l) {
    const floatV difference = a[l * rows + i] - LOAD(b + l * rows + j);
    sum += difference * difference;
  }
  return sum;
}

#if GAUSSIAN
static floatV ae_kernel(floatV d, int units) { return ae_exp(d * (-0.5f / units)); }

static floatV ae_kernel_slope(floatV d, int units) {
  return (-0.5f / units) * ae_exp(d * (-0.5f / units));
}
#else
__constant float ae_scales[7] = {0.1f, 0.2f, 0.5f, 1.0f, 2.0f, 5.0f, 10.0f};

static floatV ae_kernel(floatV d, int units) {
  floatV sum = (floatV)(0.0f);
  for (int s = 0; s < 7; ++s) {
    const float c = 2.0f * units * ae_scales[s];
    sum += c / (c + d);
  }
  return sum;
}

static floatV ae_kernel_slope(floatV d, int units) {
  floatV sum = (floatV)(0.0f);
  for (int s = 0; s < 7; ++s) {
    const float c = 2.0f * units * ae_scales[s];
    sum -= c / ((c + d) * (c + d));
  }
  return sum;
}
#endif

FLAT void discrepancy(
  int rows, int units, float within, float between, __global const float *xt, int xt0,
  __global const float *yt, int yt0, __global float *partials, int partials0) {
  TREE(tree, LOCAL);
  ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
  for (int point = get_group_id(0); point < 2 * rows; point += get_num_groups(0)) {
    const int isOfX = point < rows, i = isOfX ? point : point - rows;
    __global const float *own = isOfX ? xt + xt0 : yt + yt0;
    for (int j = VECTOR * get_local_id(0); j < rows; j += VECTOR * LOCAL) {
      const floatV k = ae_kernel(ae_distance(own, own, i, j, rows, units), units);
      ae_add(&sum, ae_first(LANES == i - j ? (floatV)(0.0f) : within * k, rows - j));
      if (isOfX) {
        const floatV other = ae_kernel(ae_distance(own, yt + yt0, i, j, rows, units), units);
        ae_add(&sum, ae_first(2.0f * between * other, rows - j));
      }
    }
  }
  ae_write_partial(sum, 1.0f, partials + partials0 + get_group_id(0), tree);
}

FLAT void discrepancy_weights(
  int rows, int units, float within, float between, __global const float *xt, int xt0,
  __global const float *yt, int yt0, __global float *weights, int weights0) {
  FOR_CELLS(i, j, rows, rows) {
    __global float *to = weights + weights0 + 2 * i * rows + j;
    const floatV own =
      within * ae_kernel_slope(ae_distance(xt + xt0, xt + xt0, i, j, rows, units), units);
    ae_store(LANES == i - j ? (floatV)(0.0f) : own, to, rows - j);
    ae_store(
      between * ae_kernel_slope(ae_distance(xt + xt0, yt + yt0, i, j, rows, units), units),
      to + rows, rows - j);
  }
}

FLAT void discrepancy_gradient(
  int rows, int units, __global const float *weights, int weights0, __global const float *x, int x0,
  __global const float *y, int y0, __global const float *ds, int ds0, __global float *dx, int dx0) {
  const float scale = 4.0f * ds[ds0];
  FOR_CELLS(i, l, rows, units) {
    const floatV own = LOAD(x + x0 + i * units + l);
    __global const float *w = weights + weights0 + 2 * i * rows;
    ae_Sum sum = {(floatV)(0.0f), (floatV)(0.0f), 0};
    for (int j = 0; j < rows; ++j) {
      const floatV byX = w[j] * (own - LOAD(x + x0 + j * units + l));
      ae_add(&sum, byX + w[rows + j] * (own - LOAD(y + y0 + j * units + l)));
    }
    ae_store(scale * (sum.total + sum.part), dx + dx0 + i * units + l, units - l);
  }
}
