"""The contents of a golden run's file."""
import math
import platform

import numpy as np
import torch

from .losses import losses
from .network import Network
from .phases import ask_for_weights, train_phases
from .runs import RUNS
from .updates import train

MARGIN = 1e-4  # from everything that a jumping derivative depends on to where it jumps


def tensors(weights):
    return {
        name: {"shape": list(value.shape), "values": [float(v) for v in np.asarray(value.detach()).reshape(-1)]}
        for name, value in weights.items()
    }


def golden(name):
    recipe = {**RUNS[name], "batchSize": 5, "seed": 7}
    count, features, steps = 17, math.prod(recipe["input"]), 10
    i, j = np.mgrid[0:count, 0:features]
    pixels = (i * 37 + j * 91 + i * j * 13) % 256
    examples = torch.from_numpy(pixels / 255).reshape(count, *recipe["input"])
    if recipe.get("normalization") == "mean":
        examples = examples - examples.mean(0)
    network = Network(recipe)
    phased = "phases" in recipe
    first = next(network.batches(examples[:1], 1))
    (ask_for_weights if phased else losses)(network, first)  # asks for every weight
    network.state, network.margin = {}, math.inf
    initial = tensors({key: value.clone() for key, value in network.weights.items()})
    sizes, reports, noises, gradients = (train_phases if phased else train)(network, examples, steps)
    assert sizes == [5, 5, 5, 2, 5, 5, 5, 2, 5, 5]
    # float32 must not fall on the other side of a relu's kink, or find another pixel the largest
    assert network.margin > MARGIN, f"{name}: {network.margin} is too near to another derivative"
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    record = {"name": name, "versions": versions, "recipe": recipe, "exampleCount": count, "steps": steps}
    record["pixels"] = pixels.tolist()
    if "classes" in recipe:
        record["labels"] = [index % recipe["classes"] for index in range(count)]
    if noises:
        record["noise"] = [noise.tolist() for noise in noises]
    record["losses"] = reports
    record["initialWeights"] = initial
    record["gradients"] = tensors(gradients)
    record["weights"] = tensors(network.weights)
    record["state"] = tensors(network.state)
    return record
