"""Priors of codes, and the discrepancy between two batches of codes."""
import math

import numpy as np
import torch

from . import philox


def points(normals, shape):
    """Points of a two-dimensional prior from normal numbers [N, 4], as in `Sources/Graphs/Ops/ShapedPrior.swift`."""
    a, b, c, d = normals.numpy().T
    u = np.exp(-(a**2 + b**2) / 2)
    if shape == "mixture":
        turn = np.exp(2j * math.pi * np.floor(10 * u) / 10)
        z = (1.4 + 0.5 * c + 0.05j * d) * turn
    else:
        z = 3 * np.sqrt(u) * np.exp(4j * math.pi * np.sqrt(u)) + 0.05 * (c + 1j * d)
    return torch.from_numpy(np.stack([z.real, z.imag], 1))


def draws(network, code):
    """One draw per code."""
    if network.recipe.get("prior", "normal") == "normal":
        return network.normals(code.shape, philox.PRIOR)
    return points(network.normals((len(code), 4), philox.PRIOR), network.recipe["prior"])


def mean_discrepancy(x, y, kernel):
    """The unbiased estimate of the maximum mean discrepancy between x and y, each [N, L]."""
    count, width = len(x), 2 * x.shape[1]

    def compare(a, b):
        distance = (a[:, None] - b[None]).square().sum(-1)
        if kernel == "gaussian":
            return torch.exp(-distance / width)
        return sum(width * s / (width * s + distance) for s in (0.1, 0.2, 0.5, 1, 2, 5, 10))

    others = ~torch.eye(count, dtype=torch.bool)
    within = compare(x, x)[others].mean() + compare(y, y)[others].mean() if count > 1 else 0
    return within - 2 * compare(x, y).mean()
