// transpose: `y[c, r] = x[r, c]`, x [rows, columns]. A work-item computes vectors of rows of y.
#include "loops.cl"

FLAT void transpose(
  int rows, int columns, __global const float *x, int x0, __global float *y, int y0) {
  FOR_CELLS(c, r, columns, rows) {
    float lanes[VECTOR];
    for (int lane = 0; lane < min(VECTOR, rows - r); ++lane) {
      lanes[lane] = x[x0 + (r + lane) * columns + c];
    }
    ae_store(LOAD(lanes), y + y0 + c * rows + r, rows - r);
  }
}
