// bias: `y[r, n] = x[r, n] + b[n]`, if the bias is not fused into a product.
//
// x, y: [rows, columns]; b: [columns]. A work-item computes vectors of rows.
#include "loops.cl"

FLAT void bias(
  int rows, int columns, __global const float *x, int x0, __global const float *b, int b0,
  __global float *y, int y0) {
  FOR_CELLS(row, n, rows, columns) {
    const int i = row * columns + n;
    ae_store(LOAD(x + x0 + i) + LOAD(b + b0 + n), y + y0 + i, columns - n);
  }
}
