"""Codes that stand for vectors (van den Oord et al. 2017); `Sources/Graphs/Ops/UpdateCodebook.swift` says how they
follow them."""
import numpy as np
import torch
import torch.nn.functional as F

from . import philox


class Quantized:
    """Vectors x, their codebook vectors, and the decoder's input: the codebook vectors with the gradient of x."""

    def __init__(self, x, codes, indices):
        self.x, self.codes = x, codes
        self.code = x + (codes - x).detach()
        shares = np.bincount(indices) / len(indices)
        shares = shares[shares > 0]
        self.perplexity = torch.tensor(np.exp(-np.sum(shares * np.log(shares))))

    def distance(self, reduction):
        error = F.mse_loss(self.x, self.codes, reduction="mean" if reduction == "mean" else "sum")
        return error / (len(self.x) if reduction == "batchMean" else 1)


def nearest(network, rows, codes):
    """→ indices; records the distance to the second nearest, different codebook vector."""
    distances = torch.cdist(rows, codes) ** 2
    indices = distances.argmin(1)
    best = codes[indices]
    differ = (codes[None] != best[:, None]).any(2)
    gaps = torch.where(differ, distances - distances.min(1, keepdim=True).values, torch.inf)
    network.keep_away(gaps)
    # The first of equal codebook vectors.
    alike = (codes[None] == best[:, None]).all(2)
    return alike.to(torch.int64).argmax(1)


def quantize(network, x, codes, commitment, decay=0.99, epsilon=1e-5, restart=0.05):
    count, size = codes, x.shape[-1]
    rows = x.detach().reshape(-1, size)
    state = network.state
    if "codebook.codes" not in state:
        for name, shape in (("codes", (count, size)), ("counts", (count,)), ("sums", (count, size))):
            state[f"codebook.{name}"] = torch.zeros(shape, dtype=torch.float64)
    table = state["codebook.codes"]
    indices = nearest(network, rows, table)
    found = Quantized(x, table[indices].reshape(x.shape), indices.numpy())

    chosen = F.one_hot(indices, count).to(torch.float64)
    counts = decay * state["codebook.counts"] + (1 - decay) * chosen.sum(0)
    sums = decay * state["codebook.sums"] + (1 - decay) * chosen.T @ rows
    total = counts.sum()
    limit = restart * total / count
    network.keep_away(counts - limit)
    words = philox.words(network.recipe["seed"], philox.CODEBOOK, network.step + 1, count)
    table = sums / ((counts + epsilon) / (total + count * epsilon) * total)[:, None]
    for k in range(count):
        if counts[k] <= limit:
            table[k] = rows[int(words[k]) * len(rows) >> 32]
            counts[k] = total / count
            sums[k] = counts[k] * table[k]
    state["codebook.codes"], state["codebook.counts"], state["codebook.sums"] = table, counts, sums
    return found
