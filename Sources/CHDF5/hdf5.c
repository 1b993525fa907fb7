// HDF5's functions by name, of version 1.10 and later, in which handles have 64 bits.

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "CHDF5.h"

typedef int64_t handle;

static struct {
  int (*open)(void);
  int (*quiet)(handle, void *, void *);
  handle (*file_open)(const char *, unsigned, handle);
  int (*file_close)(handle);
  handle (*group_open)(handle, const char *, handle);
  int (*group_close)(handle);
  int (*group_count)(handle, uint64_t *);
  intptr_t (*group_name)(handle, uint64_t, char *, size_t);
  int (*group_type)(handle, uint64_t);
  handle (*set_open)(handle, const char *, handle);
  int (*set_close)(handle);
  handle (*set_space)(handle);
  handle (*set_type)(handle);
  uint64_t (*set_offset)(handle);
  int (*set_read)(handle, handle, handle, handle, handle, void *);
  int (*space_rank)(handle);
  int (*space_shape)(handle, uint64_t *, uint64_t *);
  handle (*space_create)(int, const uint64_t *, const uint64_t *);
  int (*space_select)(
    handle, int, const uint64_t *, const uint64_t *, const uint64_t *, const uint64_t *);
  int (*space_close)(handle);
  int (*type_class)(handle);
  size_t (*type_size)(handle);
  int (*type_order)(handle);
  int (*type_sign)(handle);
  int (*type_fields)(handle, size_t *, size_t *, size_t *, size_t *, size_t *);
  int (*type_close)(handle);
} hdf5;

static const char *missing(const char *name) {
  const char *reason = dlerror();
  return reason ? reason : name;
}

/// Sets `field`, or returns why it has no such function.
#define FIND(field, name)                             \
  do {                                                \
    *(void **)&(field) = dlsym(library, name);        \
    if (!(field)) return missing(name);               \
  } while (0)

const char *chdf5_load(void) {
  if (hdf5.open) return NULL;
  // The names of Debian and Ubuntu, of Fedora and Arch, and of the development files.
  const char *const names[] = {
    "libhdf5_serial.so.103", "libhdf5_serial.so.310", "libhdf5.so.103", "libhdf5.so.200",
    "libhdf5.so.310", "libhdf5_serial.so", "libhdf5.so",
  };
  void *library = NULL;
  for (size_t i = 0; !library && i < sizeof names / sizeof *names; ++i) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!library) return missing("no library");
  FIND(hdf5.quiet, "H5Eset_auto2");
  FIND(hdf5.file_open, "H5Fopen");
  FIND(hdf5.file_close, "H5Fclose");
  FIND(hdf5.group_open, "H5Gopen2");
  FIND(hdf5.group_close, "H5Gclose");
  FIND(hdf5.group_count, "H5Gget_num_objs");
  FIND(hdf5.group_name, "H5Gget_objname_by_idx");
  FIND(hdf5.group_type, "H5Gget_objtype_by_idx");
  FIND(hdf5.set_open, "H5Dopen2");
  FIND(hdf5.set_close, "H5Dclose");
  FIND(hdf5.set_space, "H5Dget_space");
  FIND(hdf5.set_type, "H5Dget_type");
  FIND(hdf5.set_offset, "H5Dget_offset");
  FIND(hdf5.set_read, "H5Dread");
  FIND(hdf5.space_create, "H5Screate_simple");
  FIND(hdf5.space_select, "H5Sselect_hyperslab");
  FIND(hdf5.space_rank, "H5Sget_simple_extent_ndims");
  FIND(hdf5.space_shape, "H5Sget_simple_extent_dims");
  FIND(hdf5.space_close, "H5Sclose");
  FIND(hdf5.type_class, "H5Tget_class");
  FIND(hdf5.type_size, "H5Tget_size");
  FIND(hdf5.type_order, "H5Tget_order");
  FIND(hdf5.type_sign, "H5Tget_sign");
  FIND(hdf5.type_fields, "H5Tget_fields");
  FIND(hdf5.type_close, "H5Tclose");
  FIND(hdf5.open, "H5open");
  hdf5.open();
  // Its errors are told by the caller.
  hdf5.quiet(0, NULL, NULL);
  return NULL;
}

/// What `H5Gget_objtype_by_idx` says of a data set.
enum { DATA_SET = 1 };

/// The name of a data set of the root group, or how many there are if `name` is `NULL`.
static int look(const char *path, int index, char *name) {
  const handle file = hdf5.file_open(path, 0, 0);
  if (file < 0) return -1;
  int found = 0;
  const handle root = hdf5.group_open(file, "/", 0);
  uint64_t count = 0;
  if (root >= 0 && hdf5.group_count(root, &count) >= 0) {
    for (uint64_t i = 0; i < count; ++i) {
      if (hdf5.group_type(root, i) != DATA_SET) continue;
      if (name && found == index) hdf5.group_name(root, i, name, CHDF5_LARGEST_NAME);
      ++found;
    }
    hdf5.group_close(root);
  }
  hdf5.file_close(file);
  return found;
}

int chdf5_count(const char *path) { return look(path, 0, NULL); }

int chdf5_name(const char *path, int index, char *name) {
  name[0] = 0;
  return look(path, index, name);
}

int chdf5_describe(const char *path, const char *name, chdf5_array *array) {
  memset(array, 0, sizeof *array);
  const handle file = hdf5.file_open(path, 0, 0);
  if (file < 0) return -1;
  const handle set = hdf5.set_open(file, name, 0);
  if (set < 0) {
    hdf5.file_close(file);
    return -2;
  }
  const handle space = hdf5.set_space(set), type = hdf5.set_type(set);
  array->rank = hdf5.space_rank(space);
  if (array->rank > 0 && array->rank <= CHDF5_LARGEST_RANK) {
    hdf5.space_shape(space, array->shape, NULL);
  } else {
    array->rank = 0;
  }
  // Classes: 0 integers, 1 floats.
  const int kind = hdf5.type_class(type);
  array->is_float = kind == 0 || kind == 1 ? kind : -1;
  array->size = (int)hdf5.type_size(type);
  array->is_little_endian = hdf5.type_order(type) == 0;
  array->is_signed = kind == 1 || (kind == 0 && hdf5.type_sign(type) != 0);
  if (kind == 1) {
    size_t sign, exponent, exponent_bits = 0, mantissa, mantissa_bits;
    hdf5.type_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits);
    array->exponent_bits = (int)exponent_bits;
  }
  const uint64_t offset = hdf5.set_offset(set);
  array->offset = offset > INT64_MAX ? -1 : (int64_t)offset;
  hdf5.type_close(type);
  hdf5.space_close(space);
  hdf5.set_close(set);
  hdf5.file_close(file);
  return 0;
}

struct chdf5_rows {
  handle file, set, type, space;
  int rank;
  uint64_t shape[CHDF5_LARGEST_RANK];
};

chdf5_rows *chdf5_open_rows(const char *path, const char *name) {
  chdf5_rows *rows = calloc(1, sizeof *rows);
  if (!rows) return NULL;
  rows->file = hdf5.file_open(path, 0, 0);
  rows->set = rows->file < 0 ? -1 : hdf5.set_open(rows->file, name, 0);
  rows->type = rows->set < 0 ? -1 : hdf5.set_type(rows->set);
  rows->space = rows->set < 0 ? -1 : hdf5.set_space(rows->set);
  rows->rank = rows->space < 0 ? -1 : hdf5.space_rank(rows->space);
  if (rows->rank > 0 && rows->rank <= CHDF5_LARGEST_RANK) {
    hdf5.space_shape(rows->space, rows->shape, NULL);
    return rows;
  }
  chdf5_close_rows(rows);
  return NULL;
}

int chdf5_read_rows(chdf5_rows *rows, uint64_t first, uint64_t count, void *bytes) {
  uint64_t start[CHDF5_LARGEST_RANK] = {first}, size[CHDF5_LARGEST_RANK];
  memcpy(size, rows->shape, sizeof size);
  size[0] = count;
  // 0: this selection in place of the one before.
  if (hdf5.space_select(rows->space, 0, start, NULL, size, NULL) < 0) return -1;
  const handle memory = hdf5.space_create(rows->rank, size, NULL);
  if (memory < 0) return -1;
  // Numbers stay as they are in the file.
  const int status = hdf5.set_read(rows->set, rows->type, memory, rows->space, 0, bytes);
  hdf5.space_close(memory);
  return status < 0 ? -1 : 0;
}

void chdf5_close_rows(chdf5_rows *rows) {
  if (rows->space >= 0) hdf5.space_close(rows->space);
  if (rows->type >= 0) hdf5.type_close(rows->type);
  if (rows->set >= 0) hdf5.set_close(rows->set);
  if (rows->file >= 0) hdf5.file_close(rows->file);
  free(rows);
}
