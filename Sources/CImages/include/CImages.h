// Images through libraries that Swift cannot call directly: libpng reports errors with longjmp;
// libwebp and libtiff are optional, loaded with dlopen if the system has them.
//
// Pixels are RGBA, 8 bits per channel, row-major, not premultiplied unless stated otherwise.
// Functions that can fail return 0 on failure; `error` then holds the reason, cut to its size.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { IMAGES_ERROR_SIZE = 256 };

// PNG, row by row. The bytes must stay valid until `images_png_close`.
typedef struct images_png images_png;

typedef struct {
  uint32_t width, height;
  int is_gray;        // shades of gray, with or without transparency
  int is_interlaced;  // all rows can only be read together
  int is_deep;        // 16 bits per channel, converted to 8: value · 255 / 65535, rounded
  const uint8_t *exif;  // a TIFF header and the data after it, or null
  size_t exif_count;
} images_png_header;

images_png *images_png_open(
    const uint8_t *bytes, size_t count, images_png_header *header, char *error);
// Must be called once before the first row; allocates memory for some rows.
int images_png_start(images_png *png, char *error);
// The next row, 4 · width bytes; colour chunks (gAMA, sRGB, iCCP) are ignored.
int images_png_row(images_png *png, uint8_t *row, char *error);
// All rows, 4 · width · height bytes.
int images_png_all(images_png *png, uint8_t *pixels, char *error);
void images_png_close(images_png *png);

// WebP, the first frame's pixels whole. `images_webp_pixels` are freed by `images_webp_free`.
int images_webp_exists(void);
int images_webp_size(const uint8_t *bytes, size_t count, int *width, int *height);
uint8_t *images_webp_pixels(const uint8_t *bytes, size_t count);
void images_webp_free(uint8_t *pixels);

// TIFF, the first page whole.
typedef struct images_tiff images_tiff;

typedef struct {
  uint32_t width, height;
  int is_gray, is_deep;
  int is_premultiplied;  // colours are multiplied by the opacity
  int orientation;  // 1 to 8, as in EXIF
  int has_more_pages;
} images_tiff_header;

int images_tiff_exists(void);
images_tiff *images_tiff_open(
    const uint8_t *bytes, size_t count, images_tiff_header *header, char *error);
// As stored, whatever the orientation.
int images_tiff_pixels(images_tiff *tiff, uint8_t *pixels, char *error);
void images_tiff_close(images_tiff *tiff);
