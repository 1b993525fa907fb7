// epilogue: `c ← f(c + bias + addend) · f′, read off the operand`, for a product that a library has computed.
//
// c, addend, operand: [rows, columns]; bias: [columns]. BIAS, ADDEND, ACTIVATION and DERIVATIVE say
// what is done (activations.cl); an operand that is not asked for is not read. A work-item computes
// vectors of rows.
#include "activations.cl"
#include "loops.cl"

FLAT void epilogue(
  int rows, int columns, __global float *c, int c0, __global const float *bias, int bias0,
  __global const float *addend, int addend0, __global const float *operand, int operand0) {
  FOR_CELLS(row, n, rows, columns) {
    const int i = row * columns + n;
    const floatV sum = LOAD(c + c0 + i);
    const floatV value = ae_epilogue(
      sum, n, i, bias + bias0, addend + addend0, operand + operand0);
    ae_store(value, c + c0 + i, columns - n);
  }
}
