// Sums over the rows of a matrix.

#include <stddef.h>
#include <string.h>

#include "CLoops.h"
#include "columns.h"
#include "functions.h"
#include "parallel.h"

struct matrix {
  const float *x;
  float *s;
  intptr_t rows, columns;
};

/// Columns per pass; their sums stay in registers.
enum { WIDE = COLUMNS_WIDE, NARROW = 16 };

INLINE void sum_block(const struct matrix *m, intptr_t first, intptr_t width) {
  float sums[WIDE] = {0};
  const float *x = m->x + first;
  for (intptr_t i = 0; i < m->rows; ++i) {
    for (intptr_t j = 0; j < width; ++j) sums[j] += x[j];
    x += m->columns;
  }
  memcpy(m->s + first, sums, (size_t)width * sizeof(float));
}

CLONES
static void sum_columns(const void *context, intptr_t begin, intptr_t end) {
  const struct matrix *m = context;
  intptr_t first = begin;
  for (; first + WIDE <= end; first += WIDE) sum_block(m, first, WIDE);
  for (; first + NARROW <= end; first += NARROW) sum_block(m, first, NARROW);
  if (first < end) sum_block(m, first, end - first);
}

/// Parts of the rows, each with separate sums; and the number of rows that are added in float
/// before their sum is added in double.
enum { PARTS = 64, SHORT = 256 };

struct tall {
  columns_terms terms;
  const float *x, *dy, *mean;
  intptr_t rows, columns, first, width;
  /// Matrix rows that are treated as one row: as many as fit.
  intptr_t together;
  int parts;
  double (*partial)[2][WIDE];
};

/// Adds `count` rows, each of `together` rows of the matrix, to sums of their `together · width`
/// columns.
INLINE void add_rows(
  const struct tall *t, columns_terms terms, intptr_t row, intptr_t count, intptr_t length,
  const float *mean, double sums[2][WIDE]
) {
  float a[WIDE] = {0}, b[WIDE] = {0};
  const intptr_t step = t->together * t->columns;
  const float *x = t->x + row * t->columns + t->first;
  const float *dy = terms == COLUMNS_PRODUCTS ? t->dy + row * t->columns + t->first : x;
  for (intptr_t i = 0; i < count; ++i) {
    for (intptr_t j = 0; j < length; ++j) {
      if (terms == COLUMNS_VALUES) {
        a[j] += x[j];
      } else if (terms == COLUMNS_SQUARES) {
        const float d = x[j] - mean[j];
        a[j] += d * d;
      } else {
        a[j] += dy[j];
        b[j] += dy[j] * (x[j] - mean[j]);
      }
    }
    x += step;
    dy += step;
  }
  for (intptr_t j = 0; j < length; ++j) {
    sums[0][j % t->width] += (double)a[j];
    if (terms == COLUMNS_PRODUCTS) sums[1][j % t->width] += (double)b[j];
  }
}

INLINE void add_part(
  const struct tall *t, columns_terms terms, intptr_t row, intptr_t end, double sums[2][WIDE]
) {
  float mean[WIDE] = {0};
  const intptr_t length = t->together * t->width;
  for (intptr_t j = 0; t->mean && j < length; ++j) mean[j] = t->mean[t->first + j % t->width];
  while (end - row >= t->together) {
    const intptr_t left = (end - row) / t->together, count = left < SHORT ? left : SHORT;
    if (length == WIDE) {
      add_rows(t, terms, row, count, WIDE, mean, sums);
    } else {
      add_rows(t, terms, row, count, length, mean, sums);
    }
    row += count * t->together;
  }
  for (; row < end; ++row) add_rows(t, terms, row, 1, t->width, mean, sums);
}

CLONES
static void sum_parts(const void *context, intptr_t begin, intptr_t end) {
  const struct tall *t = context;
  for (intptr_t part = begin; part < end; ++part) {
    double sums[2][WIDE] = {0};
    const intptr_t row = t->rows * part / t->parts, next = t->rows * (part + 1) / t->parts;
    switch (t->terms) {
    case COLUMNS_VALUES: add_part(t, COLUMNS_VALUES, row, next, sums); break;
    case COLUMNS_SQUARES: add_part(t, COLUMNS_SQUARES, row, next, sums); break;
    case COLUMNS_PRODUCTS: add_part(t, COLUMNS_PRODUCTS, row, next, sums); break;
    }
    memcpy(t->partial[part], sums, sizeof sums);
  }
}

void columns_sum(
  columns_terms terms, const float *x, const float *dy, const float *mean, intptr_t rows,
  intptr_t columns, intptr_t first, intptr_t width, double sums[2][WIDE], int threads
) {
  double partial[PARTS][2][WIDE];
  const intptr_t wanted = rows * width / LOOPS_GRAIN_CHEAP + 1;
  const int parts = wanted < PARTS ? (int)wanted : PARTS;
  const struct tall tall = {
    terms, x, dy, mean, rows, columns, first, width, width == columns ? WIDE / width : 1, parts,
    partial,
  };
  loops_over(threads, parts, 1, 1, sum_parts, &tall);
  for (int two = 0; two < 2; ++two) {
    for (intptr_t j = 0; j < width; ++j) {
      double sum = 0;
      for (int part = 0; part < parts; ++part) sum += partial[part][two][j];
      sums[two][j] = sum;
    }
  }
}

/// The number of rows above which a narrow matrix is split by rows, not by columns.
enum { TALL = 2048 };

void loops_column_sum(const float *x, float *s, intptr_t rows, intptr_t columns, int threads) {
  if (rows >= TALL && columns <= WIDE) {
    double sums[2][WIDE];
    columns_sum(COLUMNS_VALUES, x, NULL, NULL, rows, columns, 0, columns, sums, threads);
    for (intptr_t j = 0; j < columns; ++j) s[j] = (float)sums[0][j];
    return;
  }
  const struct matrix matrix = {x, s, rows, columns};
  const intptr_t per_row = rows > 0 ? LOOPS_GRAIN_CHEAP / rows + 1 : columns + 1;
  loops_over(threads, columns, NARROW, per_row < NARROW ? NARROW : per_row, sum_columns, &matrix);
}
