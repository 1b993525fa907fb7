// dropout: `y[e] = keep[e] ? scale · x[e] : 0`, and its gradient, the same function of dy.
//
// Element e = 4b + w is kept if the upper 24 bits of word w of block b of Philox4x32-10 are at
// least `threshold`; counters and key are those of normal.cl.
//
// x, y: [rows, columns]; state: the store's words. A work-item draws VECTOR blocks at a time.
#include "draw.cl"

FLAT void dropout(
  IDS uint threshold, float scale, __global const float *x, int x0, __global float *y,
  int y0 DRAW_PARAMETERS) {
  const ae_Draw draw = DRAW;
  const int begin = DRAW_BEGIN, end = DRAW_END;
  FOR_BLOCKS(row, block) {
    uintV words[4];
    ae_draw(&draw, row, block, words);
    const int first = 4 * block, at = row * columns - SKIP;
#if VECTOR == 16 && SKIP == 0
    // Element 4b + w is lane b of words[w].
    const uint16 elements[4] = {
      ae_interleaved(words, 0), ae_interleaved(words, 1), ae_interleaved(words, 2),
      ae_interleaved(words, 3)};
#pragma unroll
    for (int part = 0; part < 4; ++part) {
      const int e = first + 16 * part;
      if (e < end) {
        const float16 kept = scale * vload16(0, x + x0 + at + e);
        const float16 value = (elements[part] >> 8) >= threshold ? kept : (float16)(0.0f);
        ae_store_from(begin - e, value, y + y0 + at + e, end - e);
      }
    }
#else
    const uint *lanes = (const uint *)words;
    for (int w = max(0, begin - first); w < min(4 * VECTOR, end - first); ++w) {
      const int e = at + first + w;
      const uint word = lanes[w % 4 * VECTOR + w / 4];
      y[y0 + e] = (word >> 8) >= threshold ? scale * x[x0 + e] : 0.0f;
    }
#endif
  }
}
