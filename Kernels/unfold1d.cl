// unfold1d: the steps of each window as one row, `y[n, i, k · C + c] = x[n, stride · i + k −
// offset, c]`, 0 outside the sequence. fold1d: its adjoint, `x[n, t, c] = Σ y[n, i, k · C + c]`
// over all i and k with `stride · i + k − offset = t`.
//
// x: [N, T, C]; y: [N, count, size · C]. A work-item computes vectors of rows; a sum is gathered,
// so that no two work-items add to one element.
#include "loops.cl"

/// Elements from `at` of a sequence of `count`, 0 outside it.
static floatV ae_steps(__global const float *x, int at, int count) {
#if VECTOR == 16
  if (at >= 0) {
    const floatV value = LOAD(x + at);
    return at + LANES < count ? value : (floatV)(0.0f);
  }
  float lanes[16];
  for (int lane = 0; lane < 16; ++lane) {
    lanes[lane] = at + lane >= 0 && at + lane < count ? x[at + lane] : 0.0f;
  }
  return vload16(0, lanes);
#else
  return at >= 0 && at < count ? x[at] : 0.0f;
#endif
}

FLAT void unfold1d(
  int N, int T, int C, int size, int stride, int offset, int count, __global const float *x, int x0,
  __global float *y, int y0) {
  FOR_CELLS(row, e, N * count, size * C) {
    const int n = row / count, i = row - n * count;
    const floatV value = ae_steps(x + x0 + n * T * C, (stride * i - offset) * C + e, T * C);
    ae_store(value, y + y0 + row * size * C + e, size * C - e);
  }
}

FLAT void fold1d(
  int N, int T, int C, int size, int stride, int offset, int count, __global const float *y, int y0,
  __global float *x, int x0) {
  FOR_CELLS(row, c, N * T, C) {
    const int n = row / T, at = row - n * T + offset;
    // The windows that contain this step; if the stride is 0, all or none.
    int begin = 0, end = at < 0 ? 0 : count;
    if (stride == 0) {
      end = at < size ? end : 0;
    } else if (at >= 0) {
      begin = at < size ? 0 : (at - size) / stride + 1;
      end = min(at / stride + 1, count);
    }
    floatV sum = (floatV)(0.0f);
    for (int i = begin; i < end; ++i) {
      sum += LOAD(y + y0 + ((n * count + i) * size + at - stride * i) * C + c);
    }
    ae_store(sum, x + x0 + row * C + c, C - c);
  }
}
