// Philox4x32-10 (Salmon et al., *Parallel Random Numbers: As Easy as 1, 2, 3*, 2011).

#ifndef CLOOPS_PHILOX_H
#define CLOOPS_PHILOX_H

#include "functions.h"

/// Ten rounds on the counter `x`.
INLINE void philox(uint32_t x[4], uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = (uint64_t)x[0] * 0xD2511F53u;
    const uint64_t b = (uint64_t)x[2] * 0xCD9E8D57u;
    x[0] = (uint32_t)(b >> 32) ^ x[1] ^ key0;
    x[1] = (uint32_t)b;
    x[2] = (uint32_t)(a >> 32) ^ x[3] ^ key1;
    x[3] = (uint32_t)a;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

#endif
