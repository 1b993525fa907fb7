// conv2d_weight_gradient_finish: `dw = epilogue(Σ sums[share])`, the second launch of
// conv2d_weight_gradient.cl.
//
// rows: K K C, with `segment` in each row of a window; size: the size of one part, whose layout
// that file describes, NARROW or not. A work-item computes vectors of rows.
#include "operands.cl"
#include "loops.cl"

#ifndef NARROW
#define NARROW 0
#endif

FLAT void conv2d_weight_gradient_finish(
  int shares, int size, int rows, int segment, int rowEnd, int outputEnd, int O,
  __global const float *sums, int sums0, __global float *dw, int dw0 EPILOGUE_PARAMETERS) {
  FOR_CELLS(weight, o, rows, O) {
    const int k = weight / segment, m = weight - k * segment;
    floatV sum = (floatV)(0.0f);
#if NARROW
    float lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; ++lane) lanes[lane] = 0.0f;
    for (int lane = 0; lane < min(VECTOR, O - o); ++lane) {
      const int at = ((o + lane) * (rows / segment) + k) * rowEnd + m;
      for (int share = 0; share < shares; ++share) lanes[lane] += sums[sums0 + share * size + at];
    }
    sum = LOAD(lanes);
#else
    const int at = (k * rowEnd + m) * outputEnd + o;
    for (int share = 0; share < shares; ++share) sum += LOAD(sums + sums0 + share * size + at);
#endif
    const int index = weight * O + o;
    const floatV value = ae_epilogue(sum, o, index, BIAS_AT, ADDEND_AT, OPERAND_AT);
    ae_store(value, dw + dw0 + index, O - o);
  }
}
