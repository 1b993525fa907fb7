"""The random numbers of Sources/Randoms: functions of seed, stream, step and element.

Philox4x32-10 (Salmon et al., 2011). Key: the seed's low and high word. Counter: element / 4, the step's low and
high word, the stream. Element e is word e % 4 of block e / 4.
"""
import math

import numpy as np

INPUT_NOISE, LATENT, PRIOR, CODEBOOK = 2, 3, 11, 13
DROPOUT, NOISE = 0x20000, 0x30000  # of a layer that draws: plus its number


def philox4x32(counter, key):
    """counter: [count, 4], key: two words; result: [count, 4]."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    c = [np.asarray(counter, np.uint64)[:, i] for i in range(4)]
    k = [int(key[0]), int(key[1])]
    for _ in range(10):
        a = c[0] * np.uint64(0xD2511F53)
        b = c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> half) ^ c[1] ^ np.uint64(k[0]), b & low, (a >> half) ^ c[3] ^ np.uint64(k[1]), a & low]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(c, axis=1)


def words(seed, stream, step, count):
    """The random words of elements 0 ..< 4 ⌈count / 4⌉ of a stream at a step."""
    blocks = (count + 3) // 4
    counter = np.zeros((blocks, 4), np.uint64)
    counter[:, 0] = np.arange(blocks)
    counter[:, 1:] = [step & 0xFFFFFFFF, step >> 32, stream]
    return philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32)).reshape(-1)


def upper_bits(seed, stream, step, count):
    """The upper 24 bits of elements 0 ..< 4 ⌈count / 4⌉ of a stream at a step, as float64."""
    return (words(seed, stream, step, count) >> np.uint64(8)).astype(np.float64)


def uniforms(seed, stream, step, count):
    """Elements 0 ..< count of a stream at a step, in [0, 1)."""
    return upper_bits(seed, stream, step, count)[:count] * 2.0**-24


def normals(seed, stream, step, count):
    """Elements 0 ..< count of a stream at a step: Box-Muller on words (0, 1), then (2, 3)."""
    pairs = upper_bits(seed, stream, step, count).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log((pairs[:, 0] + 1) * 2.0**-24))
    angle = 2 * math.pi * pairs[:, 1] * 2.0**-24
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)[:count]


def check_philox():
    """Random123's kat_vectors, philox4x32-10."""
    ones = 0xFFFFFFFF
    for counter, key, answer in (
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ones,) * 4, (ones,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
         (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ):  # fmt: skip
        found = tuple(int(word) for word in philox4x32([counter], key)[0])
        assert found == answer, f"philox4x32: expected {answer}, received {found}"
