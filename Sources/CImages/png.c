#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImages.h"

struct images_png {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, position;
  uint32_t height;
  char *error;
};

static void fail(png_structp png, png_const_charp reason) {
  images_png *self = png_get_error_ptr(png);
  snprintf(self->error, IMAGES_ERROR_SIZE, "%s", reason);
  longjmp(png_jmpbuf(png), 1);
}

static void warn(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static void give(png_structp png, png_bytep to, size_t count) {
  images_png *self = png_get_io_ptr(png);
  if (count > self->count - self->position) png_error(png, "a truncated file");
  memcpy(to, self->bytes + self->position, count);
  self->position += count;
}

images_png *images_png_open(
    const uint8_t *bytes, size_t count, images_png_header *header, char *error) {
  images_png *self = calloc(1, sizeof *self);
  snprintf(error, IMAGES_ERROR_SIZE, "%s", "no memory for libpng");
  if (!self) return NULL;
  self->bytes = bytes;
  self->count = count;
  self->error = error;
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, fail, warn);
  self->info = self->png ? png_create_info_struct(self->png) : NULL;
  if (!self->info || setjmp(png_jmpbuf(self->png))) {
    images_png_close(self);
    return NULL;
  }
  png_structp png = self->png;
  png_set_read_fn(png, self, give);
  // The caller checks the size.
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_read_info(png, self->info);
  header->width = png_get_image_width(png, self->info);
  header->height = self->height = png_get_image_height(png, self->info);
  header->is_gray = !(png_get_color_type(png, self->info) & PNG_COLOR_MASK_COLOR);
  header->is_interlaced = png_get_interlace_type(png, self->info) != PNG_INTERLACE_NONE;
  header->is_deep = png_get_bit_depth(png, self->info) == 16;
  header->exif = NULL;
  header->exif_count = 0;
#ifdef PNG_eXIf_SUPPORTED
  png_uint_32 exif_count = 0;
  png_bytep exif = NULL;
  if (png_get_eXIf_1(png, self->info, &exif_count, &exif)) {
    header->exif = exif;
    header->exif_count = exif_count;
  }
#endif
  return self;
}

int images_png_start(images_png *self, char *error) {
  self->error = error;
  if (setjmp(png_jmpbuf(self->png))) return 0;
  png_structp png = self->png;
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, self->info);
  return 1;
}

int images_png_row(images_png *self, uint8_t *row, char *error) {
  self->error = error;
  if (setjmp(png_jmpbuf(self->png))) return 0;
  png_read_row(self->png, row, NULL);
  return 1;
}

int images_png_all(images_png *self, uint8_t *pixels, char *error) {
  self->error = error;
  size_t size = png_get_rowbytes(self->png, self->info);
  if (setjmp(png_jmpbuf(self->png))) return 0;
  for (int pass = 0; pass < 7; pass++) {
    for (uint32_t row = 0; row < self->height; row++) {
      png_read_row(self->png, pixels + row * size, NULL);
    }
  }
  return 1;
}

void images_png_close(images_png *self) {
  if (!self) return;
  png_destroy_read_struct(&self->png, &self->info, NULL);
  free(self);
}
