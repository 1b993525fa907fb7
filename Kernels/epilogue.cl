// epilogue: `c ← f(c + bias + addend) · f′`, with `f′` computed from the operand, for a product
// that a library has computed.
//
// c, addend, operand: [rows, columns]; bias: [columns]. BIAS, ADDEND, ACTIVATION and DERIVATIVE
// select the steps (activations.cl); operands of other steps are not read. A work-item computes
// vectors of rows.
#include "operands.cl"
#include "loops.cl"

FLAT void epilogue(
  int rows, int columns, __global float *c, int c0 EPILOGUE_PARAMETERS) {
  FOR_CELLS(row, n, rows, columns) {
    const int i = row * columns + n;
    const floatV sum = LOAD(c + c0 + i);
    const floatV value = ae_epilogue(sum, n, i, BIAS_AT, ADDEND_AT, OPERAND_AT);
    ae_store(value, c + c0 + i, columns - n);
  }
}
