// Sums over the rows of tall matrices.

#ifndef CLOOPS_COLUMNS_H
#define CLOOPS_COLUMNS_H

#include <stdint.h>

/// Columns per pass; in narrower matrices several rows are treated as one.
enum { COLUMNS_WIDE = 128 };

/// What is summed over `x[n, c]`, with `d = x − mean[c]`.
typedef enum {
  /// `x`
  COLUMNS_VALUES,
  /// `d²`
  COLUMNS_SQUARES,
  /// `dy`, and then `dy · d`
  COLUMNS_PRODUCTS,
} columns_terms;

/// The sums of columns `first..<first + width`, `width` ≤ 128, in `sums[0]`, and the second sums,
/// if any, in `sums[1]`. The result does not depend on the number of threads, to the last bit.
void columns_sum(
  columns_terms terms, const float *x, const float *dy, const float *mean, intptr_t rows,
  intptr_t columns, intptr_t first, intptr_t width, double sums[2][COLUMNS_WIDE], int threads);

#endif
