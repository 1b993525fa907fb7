// product_slices: `C = epilogue(Σ_s partials[s])`, the second launch of a product with a sliced K.
//
// partials: [slices, M, N]; with COLUMN_SUMS, [slices, M + 1, N], where the last row of each slice
// is its part of the column sums, which are written to sums: [N]. c: [M, N]; bias: [N]; addend,
// operand: [M, N]. Slices are added in order. A work-item computes vectors of rows.
#include "operands.cl"
#include "loops.cl"


FLAT void product_slices(
  int M, int N, int slices, __global const float *partials, int partials0, __global float *c,
  int c0 EPILOGUE_PARAMETERS COLUMN_SUM_PARAMETERS) {
  const int rows = M + COLUMN_SUMS, size = rows * N;
  FOR_CELLS(row, n, rows, N) {
    const int i = row * N + n;
    floatV sum = (floatV)(0.0f);
    for (int slice = 0; slice < slices; ++slice) {
      sum += LOAD(partials + partials0 + slice * size + i);
    }
#if COLUMN_SUMS
    if (row == M) {
      ae_store(sum, sums + sums0 + n, N - n);
      continue;
    }
#endif
    const floatV value = ae_epilogue(sum, n, i, BIAS_AT, ADDEND_AT, OPERAND_AT);
    ae_store(value, c + c0 + i, N - n);
  }
}
