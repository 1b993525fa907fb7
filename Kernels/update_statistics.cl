// update_statistics: `s ← momentum · s + rest · measured`; does nothing after a step that was not
// finite.
//
// s (layer state), measured: [count]; rest: 1 minus momentum; state: the store's words. A work-item
// updates vectors.
#include "loops.cl"
#include "state.cl"

FLAT void update_statistics(
  IDS int count, float momentum, float rest, __global const uint *state,
  __global const float *measured, int measured0, __global float *s, int s0) {
  if (state[STATE_NOTED] != 0) return;
  FOR_VECTORS(i, count) {
    const floatV moved = momentum * LOAD(s + s0 + i) + rest * LOAD(measured + measured0 + i);
    ae_store(moved, s + s0 + i, count - i);
  }
}
