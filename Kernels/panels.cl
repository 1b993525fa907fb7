// Panels of 32 columns on CPU devices, and their register tiles.
//
// WIDE: there are panels of more than 16 columns. NARROW: the last panel has at most 16 columns and
// gets tiles of that width. Code for cases that do not occur is not compiled.

#ifndef WIDE
#define WIDE 1
#endif
#ifndef NARROW
#define NARROW 1
#endif
#if WIDE && NARROW
#define IS_WIDE(columns) ((columns) > 16)
#else
#define IS_WIDE(columns) WIDE
#endif

/// Loops over a tile's vectors have a constant bound, or they would not be unrolled; `vectors` is a
/// constant if the tile function is inlined.
#define EACH_VECTOR(j) _Pragma("unroll") for (int j = 0; j < 2; ++j) if (j < vectors)
