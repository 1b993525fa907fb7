#include <dlfcn.h>
#include <stdlib.h>

#include "CImages.h"

typedef int (*get_info)(const uint8_t *, size_t, int *, int *);
typedef uint8_t *(*decode)(const uint8_t *, size_t, int *, int *);
typedef void (*release)(void *);

static void *library(void) {
  void *found = dlopen("libwebp.so.7", RTLD_NOW | RTLD_LOCAL);
  return found ? found : dlopen("libwebp.so.6", RTLD_NOW | RTLD_LOCAL);
}

int images_webp_exists(void) { return library() != NULL; }

int images_webp_size(const uint8_t *bytes, size_t count, int *width, int *height) {
  void *webp = library();
  get_info info = webp ? (get_info)dlsym(webp, "WebPGetInfo") : NULL;
  return info && info(bytes, count, width, height);
}

uint8_t *images_webp_pixels(const uint8_t *bytes, size_t count) {
  void *webp = library();
  decode rgba = webp ? (decode)dlsym(webp, "WebPDecodeRGBA") : NULL;
  int width, height;
  return rgba ? rgba(bytes, count, &width, &height) : NULL;
}

void images_webp_free(uint8_t *pixels) {
  void *webp = library();
  // Libraries before 0.5 have no function for it: theirs is malloc.
  release own = webp ? (release)dlsym(webp, "WebPFree") : NULL;
  (own ? own : free)(pixels);
}
