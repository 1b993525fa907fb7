// update: moves the parameters by their gradients, the whole flat buffer in one launch; does
// nothing once a non-finite step was noted.
//
// OPTIMIZER 0, Adam: `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w −= η · m̂ / (√v̂ + ε)`.
// OPTIMIZER 1, SGD: `w −= ηg`. 2, with momentum: `b ← μb + g`, `w −= ηb`.
// 3, Nesterov: `w −= η(g + μb)`.
//
// w, g: [count], and moment1 (m or b) and moment2 (v) where there are such; schedule: rows of (η,
// 1/(1−β₁ᵗ), 1/(1−β₂ᵗ)); state: the store's words, whose row `record` has counted up. A work-item
// updates vectors. decay1 and decay2 are β₁ (or μ) and β₂, rest1 and rest2 what they lack to 1.
#ifndef OPTIMIZER
#define OPTIMIZER 0
#endif

FLAT void update(
  int count, float decay1, float rest1, float decay2, float rest2, float epsilon,
  __global const uint *state, __global const float *schedule, __global const float *gradients,
  __global float *parameters, __global float *moment1, __global float *moment2) {
  if (state[STATE_NOTED] != 0) return;
  __global const float *row = schedule + 3 * ((int)state[STATE_ROW(0)] - 1);
  const float rate = row[0];
  FOR_VECTORS(i, count) {
    const floatV g = LOAD(gradients + i);
    floatV w = LOAD(parameters + i);
#if OPTIMIZER == 0
    const floatV m = decay1 * LOAD(moment1 + i) + rest1 * g;
    const floatV v = decay2 * LOAD(moment2 + i) + rest2 * g * g;
    ae_store(m, moment1 + i, count - i);
    ae_store(v, moment2 + i, count - i);
    w -= rate * (m * row[1]) / (sqrt(v * row[2]) + epsilon);
#elif OPTIMIZER == 1
    w -= rate * g;
#else
    const floatV b = decay1 * LOAD(moment1 + i) + g;
    ae_store(b, moment1 + i, count - i);
#if OPTIMIZER == 2
    w -= rate * b;
#else
    w -= rate * (g + decay1 * b);
#endif
#endif
    ae_store(w, parameters + i, count - i);
  }
}
