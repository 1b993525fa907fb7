// Matrix products that are so small that calling a library takes longer than the work.
//
// B is copied into panels of 16 columns, padded with zeros; then four rows of A at a time are
// multiplied by a panel, with their sums in registers.

#include <string.h>

#include "activations.h"

enum { PANEL = 16, ROWS = 4 };

typedef float panel_row __attribute__((vector_size(PANEL * sizeof(float))));

/// `panel[p, j] = op(B)[p, first + j]`, `[K, 16]`.
INLINE void pack(
  int transposed, const float *b, intptr_t n, intptr_t k, intptr_t first, intptr_t width,
  float *panel
) {
  memset(panel, 0, (size_t)k * PANEL * sizeof(float));
  for (intptr_t p = 0; p < k; ++p) {
    float *row = panel + p * PANEL;
    if (transposed) {
      for (intptr_t j = 0; j < width; ++j) row[j] = b[(first + j) * k + p];
    } else {
      memcpy(row, b + p * n + first, (size_t)width * sizeof(float));
    }
  }
}

/// `rows` ≤ 4 rows of C for one panel. Element (i, p) of op(A) is `a[i · step + p · stride]`.
INLINE void multiply(
  intptr_t rows, const float *a, intptr_t step, intptr_t stride, const float *panel, intptr_t k,
  float *c, intptr_t n, intptr_t width
) {
  panel_row sums[ROWS] = {0};
  for (intptr_t p = 0; p < k; ++p) {
    panel_row row;
    memcpy(&row, panel + p * PANEL, sizeof row);
    for (intptr_t i = 0; i < rows; ++i) sums[i] += a[i * step + p * stride] * row;
  }
  for (intptr_t i = 0; i < rows; ++i) {
    if (width == PANEL) {
      memcpy(c + i * n, &sums[i], sizeof sums[i]);
    } else {
      memcpy(c + i * n, &sums[i], (size_t)width * sizeof(float));
    }
  }
}

CLONES
static void multiply_panels(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a,
  const float *b, float *c
) {
  float panel[LOOPS_SMALL_PANEL + PANEL];
  const intptr_t step = transpose_a ? 1 : k, stride = transpose_a ? m : 1;
  for (intptr_t first = 0; first < n; first += PANEL) {
    const intptr_t width = n - first < PANEL ? n - first : PANEL;
    pack(transpose_b, b, n, k, first, width, panel);
    intptr_t i = 0;
    for (; i + ROWS <= m; i += ROWS) {
      multiply(ROWS, a + i * step, step, stride, panel, k, c + i * n + first, n, width);
    }
    for (; i < m; ++i) {
      multiply(1, a + i * step, step, stride, panel, k, c + i * n + first, n, width);
    }
  }
}

void loops_small_product(
  int transpose_a, int transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a,
  const float *b, float *c, const loops_epilogue *epilogue
) {
  multiply_panels(transpose_a, transpose_b, m, n, k, a, b, c);
  if (epilogue->bias || epilogue->addend || epilogue->activation || epilogue->derivative) {
    loops_finish_rows(epilogue, c, c, 0, m, n);
  }
}
