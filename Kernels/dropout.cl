// dropout: `y[e] = keep[e] ? scale · x[e] : 0`, and its gradient, the same function of dy.
//
// Element e = 4b + w is kept if the upper 24 bits of word w of block b of Philox4x32-10 are at
// least `threshold`; counters and key are those of normal.cl.
//
// x, y: [rows, columns]; state: the store's words. A work-item draws VECTOR blocks at a time.
#include "draw.cl"

#if VECTOR == 16
/// Stores the elements from index `first` (if it is above 0) among the first `valid`.
static void ae_store_from(int first, float16 value, __global float *p, int valid) {
  if (first <= 0) {
    ae_store(value, p, valid);
  } else {
    float lanes[16];
    vstore16(value, 0, lanes);
    for (int lane = first; lane < min(valid, 16); ++lane) p[lane] = lanes[lane];
  }
}
#endif

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
    uint16 elements[4];
    const uint16 a = words[0], b = words[1], c = words[2], d = words[3];
    elements[0] = (uint16)(
      a.s0, b.s0, c.s0, d.s0, a.s1, b.s1, c.s1, d.s1, a.s2, b.s2, c.s2, d.s2, a.s3, b.s3, c.s3,
      d.s3);
    elements[1] = (uint16)(
      a.s4, b.s4, c.s4, d.s4, a.s5, b.s5, c.s5, d.s5, a.s6, b.s6, c.s6, d.s6, a.s7, b.s7, c.s7,
      d.s7);
    elements[2] = (uint16)(
      a.s8, b.s8, c.s8, d.s8, a.s9, b.s9, c.s9, d.s9, a.sa, b.sa, c.sa, d.sa, a.sb, b.sb, c.sb,
      d.sb);
    elements[3] = (uint16)(
      a.sc, b.sc, c.sc, d.sc, a.sd, b.sd, c.sd, d.sd, a.se, b.se, c.se, d.se, a.sf, b.sf, c.sf,
      d.sf);
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
