// The few functions of HDF5 that tell where the numbers of a data set lie, or read them, of a library that
// is loaded when it is asked for. No header of HDF5 is needed to build this.

#ifndef CHDF5_H
#define CHDF5_H

#include <stdint.h>

enum { CHDF5_LARGEST_RANK = 32, CHDF5_LARGEST_NAME = 1024 };

typedef struct {
  /// The sizes, outermost first.
  int rank;
  uint64_t shape[CHDF5_LARGEST_RANK];
  /// Whether the numbers are floats (1), integers (0), or something else (-1).
  int is_float;
  int is_signed, is_little_endian;
  /// Bytes of a number, and bits of a float's exponent.
  int size, exponent_bits;
  /// The first number's byte in the file; -1 if they do not lie one after the other.
  int64_t offset;
} chdf5_array;

/// Loads the library.
/// - Returns: `NULL`, or why that failed; the text stays valid.
const char *chdf5_load(void);

/// The data sets in the root group: how many, and the name of one, at most `CHDF5_LARGEST_NAME` bytes.
/// - Returns: -1 if the file cannot be opened.
int chdf5_count(const char *path);
int chdf5_name(const char *path, int index, char *name);

/// Describes a data set.
/// - Returns: 0; -1 if the file cannot be opened, -2 if it has no such data set.
int chdf5_describe(const char *path, const char *name, chdf5_array *array);

/// A data set that is read by the library, whose numbers may lie in chunks, compressed.
typedef struct chdf5_rows chdf5_rows;

/// - Returns: `NULL` if it cannot be opened.
chdf5_rows *chdf5_open_rows(const char *path, const char *name);
/// Reads whole rows as they are in the file.
/// - Returns: 0, or -1 if that fails.
int chdf5_read_rows(chdf5_rows *rows, uint64_t first, uint64_t count, void *bytes);
void chdf5_close_rows(chdf5_rows *rows);

#endif
