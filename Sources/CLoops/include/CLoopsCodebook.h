#ifndef CLOOPS_CODEBOOK_H
#define CLOOPS_CODEBOOK_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Codebooks (codebook.c, update_codebook.c): `count` codes of `columns` numbers. Indices are whole
// numbers in float, from 0 to `count − 1`.

/// `indices[m] = argmin_k ‖codes[k]‖² − 2 scores[m, k]`, the first of equal ones; scores `[rows, count]`.
/// `norms`: memory for `count` numbers.
void loops_nearest(
  const float *scores, const float *codes, float *norms, float *indices, intptr_t rows,
  intptr_t count, intptr_t columns, int threads);

/// `y[m] = codes[indices[m]]`
void loops_look_up(
  const float *indices, const float *codes, float *y, intptr_t rows, intptr_t columns,
  int threads);

/// `exp(−Σ p log p)` with the frequencies `p` of the indices. `counts`: memory for `count` numbers.
void loops_perplexity(
  const float *indices, float *counts, float *perplexity, intptr_t rows, intptr_t count);

typedef struct {
  double decay, epsilon, restart;
  uint64_t seed, step;
  uint32_t stream;
  intptr_t rows, count, columns;
} loops_codebook;

/// With the number `n[k]` and the sum `s[k]` of the rows with index `k`: `counts ← decay · counts + (1 − decay) n`,
/// `sums` likewise by `s`, and, with `T = Σ counts`, `codes[k] = sums[k] / (T (counts[k] + ε) / (T +
/// count · ε))`. If `counts[k] ≤ restart · T / count`, the code becomes the row
/// `⌊rows · word k / 2³²⌋`, its count `T / count`.
/// - `x`: `[rows, columns]`; `order`: memory for `rows + count + 1` numbers. The result does not depend on
///   the number of threads, to the last bit.
void loops_update_codebook(
  const loops_codebook *settings, const float *x, const float *indices, float *codes,
  float *counts, float *sums, int32_t *order, int threads);

#pragma clang assume_nonnull end

#endif
