// normal: N(0, 1) by Box-Muller from the words of Philox4x32-10.
//
// Block b of a row has the counter (b, low and high half of the row's step, stream) and the seed as
// its key (draw.cl); its words (x₀, x₁, x₂, x₃) give elements 4b to 4b + 3: r cos a, r sin a for
// each pair (x, y), with `r = √(−2 log(((x >> 8) + 1) · 2⁻²⁴))` and `a = 2π · (y >> 8) · 2⁻²⁴`.
//
// y: [rows, columns]; state: the store's words. A work-item computes VECTOR blocks at a time.
#include "draw.cl"
#include "functions.cl"

FLAT void normal(
  IDS __global float *y, int y0 DRAW_PARAMETERS) {
  const ae_Draw draw = DRAW;
  FOR_BLOCKS(row, block) {
    uintV x[4];
    ae_draw(&draw, row, block, x);
    floatV drawn[4];
    for (int pair = 0; pair < 4; pair += 2) {
      const floatV u = convert_floatV((x[pair] >> 8) + 1) * 0x1p-24f;
      const floatV radius = sqrt(-2.0f * ae_log(u));
      floatV cosine;
      const floatV sine = ae_sincos2pi(convert_floatV(x[pair + 1] >> 8) * 0x1p-24f, &cosine);
      drawn[pair] = radius * cosine;
      drawn[pair + 1] = radius * sine;
    }
    const int at = row * columns - SKIP, begin = DRAW_BEGIN, end = DRAW_END;
#if VECTOR == 16
#pragma unroll
    for (int part = 0; part < 4; ++part) {
      const int e = 4 * block + 16 * part;
      if (e < end) {
        const float16 values = as_float16(ae_interleaved((const uint16 *)drawn, part));
        ae_store_from(begin - e, values, y + y0 + at + e, end - e);
      }
    }
#else
    for (int w = max(0, begin - 4 * block); w < min(4, end - 4 * block); ++w) {
      y[y0 + at + 4 * block + w] = drawn[w];
    }
#endif
  }
}
