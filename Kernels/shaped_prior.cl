// shaped_prior: points of a two-dimensional prior from normal numbers (a, b, c, d), with `u =
// exp(−(a² + b²) / 2)`, which is uniform.
//
// SWISS_ROLL 0, ten normal densities on a circle: with `k = ⌊10 u⌋` of 10 turns, `r = 1.4 + 0.5 c` and
// `s = 0.05 d`, `(r cos − s sin, r sin + s cos)`. 1, a spiral: with `t = √u` and 2t turns,
// `(3t cos + 0.05 c, 3t sin + 0.05 d)`.
//
// z: [rows, 4]; y: [rows, 2]. A work-item computes single points.
#include "loops.cl"

#ifndef SWISS_ROLL
#define SWISS_ROLL 0
#endif

FLAT void shaped_prior(
  int rows, __global const float *z, int z0, __global float *y, int y0) {
  for (int row = get_global_id(0); row < rows; row += get_global_size(0)) {
    __global const float *from = z + z0 + 4 * row;
    const float u = exp(-0.5f * (from[0] * from[0] + from[1] * from[1]));
#if SWISS_ROLL
    const float t = sqrt(u);
    const float turns = 2.0f * t;
    y[y0 + 2 * row] = 3.0f * t * cospi(2.0f * turns) + 0.05f * from[2];
    y[y0 + 2 * row + 1] = 3.0f * t * sinpi(2.0f * turns) + 0.05f * from[3];
#else
    const float turns = min(floor(10.0f * u), 9.0f) / 10.0f;
    const float c = cospi(2.0f * turns), s = sinpi(2.0f * turns);
    const float outwards = 1.4f + 0.5f * from[2], across = 0.05f * from[3];
    y[y0 + 2 * row] = outwards * c - across * s;
    y[y0 + 2 * row + 1] = outwards * s + across * c;
#endif
  }
}
