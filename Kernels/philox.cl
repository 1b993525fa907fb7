// Random numbers that are functions of a counter and a key.
#include "vectors.cl"

/// Philox4x32-10 (Salmon et al. 2011): ten rounds on the counter `x[0…3]`, in place.
static void ae_philox(uintV *x, uint key0, uint key1) {
  for (int round = 0; round < 10; ++round) {
    const uintV aHigh = mul_hi(x[0], (uintV)(0xD2511F53u));
    const uintV aLow = x[0] * 0xD2511F53u;
    const uintV bHigh = mul_hi(x[2], (uintV)(0xCD9E8D57u));
    const uintV bLow = x[2] * 0xCD9E8D57u;
    x[0] = bHigh ^ x[1] ^ key0;
    x[1] = bLow;
    x[2] = aHigh ^ x[3] ^ key1;
    x[3] = aLow;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}
