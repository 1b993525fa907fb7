// concatenate: joins the columns of two tensors, `y[r] = (a[r], b[r / repeats])`. columns: some of
// the columns, `y[r, c] = x[r, first + c]`.
//
// a: [rows, A]; b: [rows / repeats, B]; y: [rows, A + B]. x: [rows, C]; its result: [rows, count]. A
// work-item copies vectors of rows.
#include "loops.cl"

FLAT void concatenate(
  IDS int rows, int A, int B, int repeats, __global const float *a, int a0, __global const float *b,
  int b0, __global float *y, int y0) {
  FOR_CELLS(row, n, rows, A) {
    ae_store(LOAD(a + a0 + row * A + n), y + y0 + row * (A + B) + n, A - n);
  }
  FOR_CELLS(line, c, rows, B) {
    ae_store(LOAD(b + b0 + line / repeats * B + c), y + y0 + line * (A + B) + A + c, B - c);
  }
}

FLAT void columns(
  IDS int rows, int C, int first, int count, __global const float *x, int x0, __global float *y,
  int y0) {
  FOR_CELLS(row, n, rows, count) {
    ae_store(LOAD(x + x0 + row * C + first + n), y + y0 + row * count + n, count - n);
  }
}
