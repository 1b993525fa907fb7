// update: updates the parameters of a phase from their gradients, its whole part of the flat buffer
// in one launch; does nothing after a step that was not finite.
//
// OPTIMIZER 0, Adam: `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w −= η · m̂ / (√v̂ + ε)`.
// OPTIMIZER 1, SGD: `w −= ηg`. 2, with momentum: `b ← μb + g`, `w −= ηb`. 3, Nesterov: `w −= η(g +
// μb)`. 4, AdamW: Adam, and `w −= η · decay · w` for weights with decay. 5, RMSprop: `v ← ρv +
// (1−ρ)g²`, `w −= η · g / (√v + ε)`. 6, with momentum: `b ← μb + g / (√v + ε)`, `w −= ηb`. CLIPPING
// 1: each gradient is first clipped to ±limit; 2: `g ← g · limit / max(√norm2, limit)`.
//
// w, g: [count], and, for optimizers that have them, moment1 (m, b or RMSprop's v) and moment2 (v
// or RMSprop's b); schedule: rows of (η, 1/(1−β₁ᵗ), 1/(1−β₂ᵗ)) for each of PHASES; norm2: `Σ g²`
// and, if GATED, the result of `gate`; state: the store's words; `record` has incremented its row
// in the LAST phase. A work-item updates vectors. decay1 and decay2 are β₁ (or μ) and β₂ (or ρ),
// rest1 and rest2 are 1 minus these. RUN_ENDS: the ends of the runs of parameters with and without
// decay, alternating; the first run decays if FIRST_DECAYS.
#include "loops.cl"
#include "state.cl"

#ifndef OPTIMIZER
#define OPTIMIZER 0
#endif
#ifndef CLIPPING
#define CLIPPING 0
#endif
#ifndef GATED
#define GATED 0
#endif
#ifndef PHASES
#define PHASES 1
#define PHASE 0
#endif
#ifndef LAST
#define LAST 1
#endif
#ifndef RUN_ENDS
#define RUN_ENDS 0x7fffffff
#define FIRST_DECAYS 1
#endif

#if OPTIMIZER == 4
__constant int ae_runEnds[] = {RUN_ENDS};
#endif

FLAT void update(
  IDS int count, float decay1, float rest1, float decay2, float rest2, float epsilon, float decay,
  float limit, __global const uint *state, __global const float *schedule,
  __global const float *gradients, int gradients0, __global float *parameters, int parameters0,
  __global float *moment1, __global float *moment2, __global const float *norm2, int norm0) {
  if (state[STATE_NOTED] != 0) return;
#if GATED
  if (norm2[norm0 + 1] == 0.0f) return;
#endif
  // Row 0 occurs when the kernel is compiled before any step.
  const int place = max((int)state[STATE_ROW(0)] - LAST, 0);
  __global const float *row = schedule + 3 * (place * PHASES + PHASE);
  gradients += gradients0;
  parameters += parameters0;
  const float rate = row[0];
#if CLIPPING == 2
  const float norm = sqrt(norm2[norm0]);
  const float clip = limit / (norm > limit ? norm : limit);
#endif
#if OPTIMIZER == 4
  int run = 0;
#endif
  FOR_VECTORS(i, count) {
    floatV g = LOAD(gradients + i);
#if CLIPPING == 1
    g = g > limit ? (floatV)(limit) : g;
    g = g < -limit ? (floatV)(-limit) : g;
#elif CLIPPING == 2
    g *= clip;
#endif
    floatV w = LOAD(parameters + i);
#if OPTIMIZER == 0 || OPTIMIZER == 4
    const floatV m = decay1 * LOAD(moment1 + i) + rest1 * g;
    const floatV v = decay2 * LOAD(moment2 + i) + rest2 * g * g;
    ae_store(m, moment1 + i, count - i);
    ae_store(v, moment2 + i, count - i);
    floatV step = (m * row[1]) / (sqrt(v * row[2]) + epsilon);
#if OPTIMIZER == 4
    // Parameters begin at whole vectors.
    while (i >= ae_runEnds[run]) ++run;
    if ((run & 1) != FIRST_DECAYS) step += decay * w;
#endif
    w -= rate * step;
#elif OPTIMIZER == 1
    w -= rate * g;
#elif OPTIMIZER >= 5
    const floatV v = decay2 * LOAD(moment1 + i) + rest2 * g * g;
    ae_store(v, moment1 + i, count - i);
    floatV step = g / (sqrt(v) + epsilon);
#if OPTIMIZER == 6
    step += decay1 * LOAD(moment2 + i);
    ae_store(step, moment2 + i, count - i);
#endif
    w -= rate * step;
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
