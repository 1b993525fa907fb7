// look_up: `y[m] = codes[indices[m]]`.
//
// indices: [rows], whole numbers; codes: [count, columns]; y: [rows, columns]. A work-item copies
// vectors of rows.
#include "loops.cl"

FLAT void look_up(
  int rows, int columns, __global const float *indices, int indices0, __global const float *codes,
  int codes0, __global float *y, int y0) {
  FOR_CELLS(row, n, rows, columns) {
    const int code = (int)indices[indices0 + row];
    const floatV x = LOAD(codes + codes0 + code * columns + n);
    ae_store(x, y + y0 + row * columns + n, columns - n);
  }
}
