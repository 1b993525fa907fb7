// Panels of 32 columns on CPU devices, and the register tiles that they take.
//
// WIDE says that there are panels of more than 16 columns, NARROW that the last one has at most 16
// and gets tiles of that width: what is not there need not be compiled.

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

/// Loops over a tile's vectors run to a constant bound, or they would not be unrolled; `vectors` is
/// a constant where a tile is inlined.
#define EACH_VECTOR(j) _Pragma("unroll") for (int j = 0; j < 2; ++j) if (j < vectors)
