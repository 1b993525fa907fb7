// Treats denormal numbers (below 1.2·10⁻³⁸) as zeros: many processors are slow with them.

#ifndef CLOOPS_DENORMALS_H
#define CLOOPS_DENORMALS_H

#include <stdint.h>

#include "functions.h"

#if defined(__x86_64__)
/// The processor's previous mode.
typedef uint32_t denormals_mode;

/// From here this thread reads denormal numbers as zeros and writes zeros in place of them.
INLINE denormals_mode flush_denormals(void) {
  const denormals_mode before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040);
  return before;
}

/// Restores the previous mode.
INLINE void restore_denormals(denormals_mode before) { __builtin_ia32_ldmxcsr(before); }
#elif defined(__aarch64__)
typedef uint64_t denormals_mode;

INLINE denormals_mode flush_denormals(void) {
  const denormals_mode before = __builtin_arm_rsr64("fpcr");
  __builtin_arm_wsr64("fpcr", before | 1 << 24);
  return before;
}

INLINE void restore_denormals(denormals_mode before) { __builtin_arm_wsr64("fpcr", before); }
#else
typedef int denormals_mode;

INLINE denormals_mode flush_denormals(void) { return 0; }
INLINE void restore_denormals(denormals_mode before) { (void)before; }
#endif

#endif
