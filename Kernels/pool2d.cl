// pool2d: the largest pixel of each window or, if AVERAGE, the mean of its pixels within the image,
// by channel. Its gradient: `dx[h, w] = Σ dy` over the windows whose first largest pixel, row by
// row, is (h, w); for an average `Σ dy / size` over the windows that contain it.
//
// x, dx: [N, H, W, C]; y, dy: [N, resultHeight, resultWidth, C]. Window i begins at pixel `stride ·
// i − top`, and `… − left` along the other axis. A work-item computes vectors of channels. A
// gradient is gathered, so that no two work-items add to one element; if windows neither overlap
// nor leave pixels out, `pool2d_gradient_apart` computes the gradient of a maximum window by
// window.
#include "loops.cl"

#ifndef AVERAGE
#define AVERAGE 0
#endif

FLAT void pool2d(
  int N, int H, int W, int C, int resultHeight, int resultWidth, int size, int stride, int top,
  int left, __global const float *x, int x0, __global float *y, int y0) {
  FOR_PIXELS(n, i, j, c, N, resultHeight, resultWidth, C) {
    const int h0 = stride * i - top, w0 = stride * j - left;
    const int hEnd = min(h0 + size, H), wEnd = min(w0 + size, W);
    const int hBegin = max(h0, 0), wBegin = max(w0, 0);
    __global const float *image = x + x0 + n * H * W * C + c;
#if AVERAGE
    floatV value = (floatV)(0.0f);
#else
    floatV value = LOAD(image + (hBegin * W + wBegin) * C);
#endif
    for (int h = hBegin; h < hEnd; ++h) {
      for (int w = wBegin; w < wEnd; ++w) {
        const floatV pixel = LOAD(image + (h * W + w) * C);
#if AVERAGE
        value += pixel;
#else
        // NaN stays NaN.
        value = ((pixel <= value) | (value != value)) ? value : pixel;
#endif
      }
    }
#if AVERAGE
    value /= (float)((hEnd - hBegin) * (wEnd - wBegin));
#endif
    ae_store(value, y + y0 + ((n * resultHeight + i) * resultWidth + j) * C + c, C - c);
  }
}

FLAT void pool2d_gradient(
  int N, int H, int W, int C, int resultHeight, int resultWidth, int size, int stride, int top,
  int left, __global const float *dy, int dy0, __global const float *x, int x0, __global float *dx,
  int dx0) {
  FOR_PIXELS(n, h, w, c, N, H, W, C) {
    // The windows that contain this pixel.
    const int t = h + top, l = w + left;
    const int iBegin = t < size ? 0 : (t - size) / stride + 1;
    const int jBegin = l < size ? 0 : (l - size) / stride + 1;
    const int iEnd = min(t / stride + 1, resultHeight), jEnd = min(l / stride + 1, resultWidth);
#if !AVERAGE
    __global const float *image = x + x0 + n * H * W * C + c;
    const floatV own = LOAD(image + (h * W + w) * C);
#endif
    floatV sum = (floatV)(0.0f);
    for (int i = iBegin; i < iEnd; ++i) {
      const int h0 = stride * i - top, hBegin = max(h0, 0), hEnd = min(h0 + size, H);
      for (int j = jBegin; j < jEnd; ++j) {
        const int w0 = stride * j - left, wBegin = max(w0, 0), wEnd = min(w0 + size, W);
        const floatV d = LOAD(dy + dy0 + ((n * resultHeight + i) * resultWidth + j) * C + c);
#if AVERAGE
        sum += d / (float)((hEnd - hBegin) * (wEnd - wBegin));
#else
        // Larger than all pixels before it, and not smaller than any after it.
        intV isFirst = (intV)(-1);
        for (int k = hBegin; k < hEnd; ++k) {
          for (int m = wBegin; m < wEnd; ++m) {
            const floatV other = LOAD(image + (k * W + m) * C);
            const int isBefore = k < h || (k == h && m < w);
            isFirst = (isBefore ? other < own : other <= own) ? isFirst : (intV)(0);
          }
        }
        sum += isFirst != 0 ? d : (floatV)(0.0f);
#endif
      }
    }
    ae_store(sum, dx + dx0 + ((n * H + h) * W + w) * C + c, C - c);
  }
}

/// Windows of `size` pixels with stride `size`, which cover the image.
FLAT void pool2d_gradient_apart(
  int N, int H, int W, int C, int resultHeight, int resultWidth, int size, int stride, int top,
  int left, __global const float *dy, int dy0, __global const float *x, int x0, __global float *dx,
  int dx0) {
  FOR_PIXELS(n, i, j, c, N, resultHeight, resultWidth, C) {
    const int hBegin = max(size * i - top, 0), hEnd = min(size * (i + 1) - top, H);
    const int wBegin = max(size * j - left, 0), wEnd = min(size * (j + 1) - left, W);
    const int image = n * H * W * C + c;
    floatV largest = LOAD(x + x0 + image + (hBegin * W + wBegin) * C);
    for (int h = hBegin; h < hEnd; ++h) {
      for (int w = wBegin; w < wEnd; ++w) {
        const floatV pixel = LOAD(x + x0 + image + (h * W + w) * C);
        largest = pixel > largest ? pixel : largest;
      }
    }
    floatV d = LOAD(dy + dy0 + ((n * resultHeight + i) * resultWidth + j) * C + c);
    for (int h = hBegin; h < hEnd; ++h) {
      for (int w = wBegin; w < wEnd; ++w) {
        const int at = image + (h * W + w) * C;
        const intV isLargest = LOAD(x + x0 + at) == largest;
        ae_store(isLargest != 0 ? d : (floatV)(0.0f), dx + dx0 + at, C - c);
        // Only the first one gets the gradient.
        d = isLargest != 0 ? (floatV)(0.0f) : d;
      }
    }
  }
}
