// Random numbers that are functions of a counter and a key.
#include "vectors.cl"

/// Philox4x32-10 (Salmon et al. 2011): ten rounds on the counter `x[0…3]`, in place.
#if VECTOR == 16
/// A CPU multiplies 32-bit numbers to 64-bit ones by one instruction, where PoCL compiles `mul_hi` to
/// several times as many. Only the lower halves of the numbers here have a meaning.
static void ae_philox(uint16 *x, uint key0, uint key1) {
  ulong16 a = convert_ulong16(x[0]), b = convert_ulong16(x[1]);
  ulong16 c = convert_ulong16(x[2]), d = convert_ulong16(x[3]);
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const ulong16 first = (a & 0xffffffffu) * 0xD2511F53u;
    const ulong16 second = (c & 0xffffffffu) * 0xCD9E8D57u;
    a = second >> 32 ^ b ^ key0;
    b = second;
    c = first >> 32 ^ d ^ key1;
    d = first;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  x[0] = convert_uint16(a);
  x[1] = convert_uint16(b);
  x[2] = convert_uint16(c);
  x[3] = convert_uint16(d);
}
#else
static void ae_philox(uint *x, uint key0, uint key1) {
  for (int round = 0; round < 10; ++round) {
    const uint aHigh = mul_hi(x[0], 0xD2511F53u), aLow = x[0] * 0xD2511F53u;
    const uint bHigh = mul_hi(x[2], 0xCD9E8D57u), bLow = x[2] * 0xCD9E8D57u;
    x[0] = bHigh ^ x[1] ^ key0;
    x[1] = bLow;
    x[2] = aHigh ^ x[3] ^ key1;
    x[3] = aLow;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}
#endif
