// Square windows over images, for the loops.

#ifndef CLOOPS_WINDOW_H
#define CLOOPS_WINDOW_H

#include "CLoops.h"
#include "functions.h"

struct span {
  intptr_t begin, end;
};

/// The pixels, of the `size` in the window that begins at `first`, that are within `0..<length`.
INLINE struct span inside(intptr_t first, intptr_t size, intptr_t length) {
  const intptr_t rest = length - first;
  return (struct span){first < 0 ? -first : 0, rest < size ? rest : size};
}

/// The windows, of `count`, that are completely within `0..<length`; empty if there are none.
INLINE struct span whole_windows(
  intptr_t count, intptr_t size, intptr_t stride, intptr_t offset, intptr_t length
) {
  const intptr_t first = (offset + stride - 1) / stride;
  const intptr_t room = length + offset - size;
  const intptr_t end = room < 0 ? 0 : room / stride + 1;
  const intptr_t begin = first < count ? first : count;
  const intptr_t last = end < count ? end : count;
  return (struct span){begin, last < begin ? begin : last};
}

/// The windows `i`, of `count`, that contain pixel `h`: those with `0 ≤ h + offset − stride · i <
/// size`.
INLINE struct span windows_over(
  intptr_t h, intptr_t count, intptr_t size, intptr_t stride, intptr_t offset
) {
  const intptr_t at = h + offset;
  const intptr_t begin = at < size ? 0 : (at - size) / stride + 1;
  const intptr_t end = at / stride + 1;
  return (struct span){begin, end < count ? end : count};
}

#endif
