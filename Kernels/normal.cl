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
    // Element 4b + w is lane b of drawn[w].
    const float *lanes = (const float *)drawn;
    const int valid = min(DRAW_END - 4 * block, 4 * VECTOR);
    const int at = y0 + row * columns + 4 * block - SKIP;
    for (int e = max(0, DRAW_BEGIN - 4 * block); e < valid; ++e) y[at + e] = lanes[e % 4 * VECTOR + e / 4];
  }
}
