// activate: `y = f(x)`; its gradient: `dx = dy · f′`, with `f′` computed from `y`, or from `x` if
// `derivativeFrom` is input.
//
// x, y, dy, dx: [count]. A work-item computes vectors of the result. ACTIVATION and DERIVATIVE
// choose f (activations.cl).
#include "activations.cl"
#include "loops.cl"

FLAT void activate(
  IDS int count, __global const float *x, int x0, __global float *y, int y0) {
  FOR_VECTORS(i, count) { ae_store(ae_activate(LOAD(x + x0 + i)), y + y0 + i, count - i); }
}

FLAT void activate_gradient(
  IDS int count, __global const float *dy, int dy0, __global const float *y, int y0,
  __global float *dx, int dx0) {
  FOR_VECTORS(i, count) {
    const floatV slope = ae_derivative(LOAD(y + y0 + i));
    ae_store(LOAD(dy + dy0 + i) * slope, dx + dx0 + i, count - i);
  }
}
