#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImages.h"

// As much of libtiff's interface as is used, the same in versions 3.9 to 4.7.
typedef intptr_t (*transfer)(void *, void *, intptr_t);
typedef void (*handler)(const char *, const char *, va_list);

static struct {
  void *(*open)(const char *, const char *, void *, transfer, transfer,
                uint64_t (*)(void *, uint64_t, int), int (*)(void *), uint64_t (*)(void *),
                int (*)(void *, void **, uint64_t *), void (*)(void *, void *, uint64_t));
  void (*close)(void *);
  int (*field)(void *, uint32_t, ...);
  int (*pixels)(void *, uint32_t, uint32_t, uint32_t *, int, int);
  int (*is_last)(void *);
  handler (*set_error)(handler);
  handler (*set_warning)(handler);
} tiff;

struct images_tiff {
  void *file;
  const uint8_t *bytes;
  uint64_t count, position;
  images_tiff_header header;
};

static _Thread_local char last_error[IMAGES_ERROR_SIZE];

static void keep_error(const char *module, const char *format, va_list arguments) {
  (void)module;
  vsnprintf(last_error, sizeof last_error, format, arguments);
}

static intptr_t give(void *handle, void *to, intptr_t count) {
  images_tiff *self = handle;
  uint64_t left = self->position < self->count ? self->count - self->position : 0;
  size_t given = (uint64_t)count < left ? (size_t)count : (size_t)left;
  memcpy(to, self->bytes + self->position, given);
  self->position += given;
  return (intptr_t)given;
}

static intptr_t refuse(void *handle, void *from, intptr_t count) {
  (void)handle, (void)from, (void)count;
  return -1;
}

static uint64_t seek(void *handle, uint64_t offset, int from) {
  images_tiff *self = handle;
  self->position =
      offset + (from == SEEK_CUR ? self->position : from == SEEK_END ? self->count : 0);
  return self->position;
}

static int leave(void *handle) {
  (void)handle;
  return 0;
}

static uint64_t size(void *handle) { return ((images_tiff *)handle)->count; }

static int map(void *handle, void **to, uint64_t *count) {
  (void)handle, (void)to, (void)count;
  return 0;
}

static void unmap(void *handle, void *from, uint64_t count) {
  (void)handle, (void)from, (void)count;
}

int images_tiff_exists(void) {
  static int found = -1;
  if (found >= 0) return found;
  void *library = dlopen("libtiff.so.6", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libtiff.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library) return found = 0;
  *(void **)&tiff.open = dlsym(library, "TIFFClientOpen");
  *(void **)&tiff.close = dlsym(library, "TIFFClose");
  *(void **)&tiff.field = dlsym(library, "TIFFGetFieldDefaulted");
  *(void **)&tiff.pixels = dlsym(library, "TIFFReadRGBAImageOriented");
  *(void **)&tiff.is_last = dlsym(library, "TIFFLastDirectory");
  *(void **)&tiff.set_error = dlsym(library, "TIFFSetErrorHandler");
  *(void **)&tiff.set_warning = dlsym(library, "TIFFSetWarningHandler");
  found = tiff.open && tiff.close && tiff.field && tiff.pixels && tiff.is_last && tiff.set_error &&
          tiff.set_warning;
  if (found) {
    tiff.set_error(keep_error);
    tiff.set_warning(NULL);
  }
  return found;
}

images_tiff *images_tiff_open(
    const uint8_t *bytes, size_t count, images_tiff_header *header, char *error) {
  images_tiff *self = calloc(1, sizeof *self);
  snprintf(error, IMAGES_ERROR_SIZE, "%s", "no libtiff");
  if (!self || !images_tiff_exists()) {
    free(self);
    return NULL;
  }
  self->bytes = bytes;
  self->count = count;
  snprintf(last_error, sizeof last_error, "%s", "no TIFF");
  self->file = tiff.open("", "rm", self, give, refuse, seek, leave, size, map, unmap);
  if (!self->file) {
    snprintf(error, IMAGES_ERROR_SIZE, "%s", last_error);
    free(self);
    return NULL;
  }
  uint16_t photometric = 2, orientation = 1, bits = 8;
  tiff.field(self->file, 256, &header->width);
  tiff.field(self->file, 257, &header->height);
  tiff.field(self->file, 258, &bits);
  tiff.field(self->file, 262, &photometric);
  tiff.field(self->file, 274, &orientation);
  uint16_t extra_count = 0, *extra = NULL;
  int has_extra = tiff.field(self->file, 338, &extra_count, &extra) && extra_count > 0;
  header->is_gray = photometric <= 1;
  // libtiff premultiplies colours, but leaves shades of gray as they are stored.
  header->is_premultiplied = !(header->is_gray && has_extra && extra[0] != 1);
  header->is_deep = bits > 8;
  header->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  header->has_more_pages = !tiff.is_last(self->file);
  self->header = *header;
  return self;
}

int images_tiff_pixels(images_tiff *self, uint8_t *pixels, char *error) {
  snprintf(last_error, sizeof last_error, "%s", "pixels that cannot be decoded");
  // libtiff mirrors the image from the file's orientation to the requested one, but does not rotate
  // it. Requesting the file's orientation returns the pixels as they are stored, R in the lowest
  // byte of each word.
  if (tiff.pixels(self->file, self->header.width, self->header.height, (uint32_t *)pixels,
                  self->header.orientation, 1)) {
    return 1;
  }
  snprintf(error, IMAGES_ERROR_SIZE, "%s", last_error);
  return 0;
}

void images_tiff_close(images_tiff *self) {
  if (!self) return;
  tiff.close(self->file);
  free(self);
}
