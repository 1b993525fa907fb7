// gather: `y[r] = scale · examples[order[row · stride + r]]`, with `row` the feed's step within the
// epoch.
//
// examples: [all, columns], EXAMPLE (uchar or float); order: [all]; y: [rows, columns]; state: the
// store's words. A work-item computes vectors of rows.
#ifndef EXAMPLE
#define EXAMPLE float
#endif
#ifndef FEED
#define FEED 0
#endif

FLAT void gather(
  int rows, int columns, int stride, float scale, __global const EXAMPLE *examples,
  __global const int *order, __global const uint *state, __global float *y, int y0) {
  const int first = state[STATE_ROW(FEED)] * stride;
  FOR_CELLS(row, n, rows, columns) {
    __global const EXAMPLE *x = examples + (size_t)order[first + row] * columns + n;
    ae_store(scale * convert_floatV(LOAD(x)), y + y0 + row * columns + n, columns - n);
  }
}
