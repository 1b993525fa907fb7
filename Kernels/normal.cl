// normal: N(0, 1) by Box-Muller on the words of Philox4x32-10.
//
// Block b has the counter (b, low and high half of the feed's step, stream) and the seed as its
// key; its words (x₀, x₁, x₂, x₃) give elements 4b to 4b + 3: r cos a, r sin a of each pair (x, y),
// with `r = √(−2 log(((x >> 8) + 1) · 2⁻²⁴))` and `a = 2π · (y >> 8) · 2⁻²⁴`.
//
// y: [count]; state: the store's words. A work-item computes VECTOR blocks at a time.
#include "functions.cl"
#include "loops.cl"
#include "philox.cl"
#include "state.cl"

#ifndef FEED
#define FEED 0
#endif

FLAT void normal(
  int count, uint key0, uint key1, uint stream, __global const uint *state, __global float *y,
  int y0) {
  const uint low = state[STATE_STEP_LOW(FEED)], high = state[STATE_STEP_HIGH(FEED)];
  FOR_VECTORS(block, (count - 1) / 4 + 1) {
    uintV x[4] = {convert_uintV(block + LANES), (uintV)(low), (uintV)(high), (uintV)(stream)};
    ae_philox(x, key0, key1);
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
    const int valid = min(count - 4 * block, 4 * VECTOR);
    for (int e = 0; e < valid; ++e) y[y0 + 4 * block + e] = lanes[e % 4 * VECTOR + e / 4];
  }
}
