#!/usr/bin/env python3
"""Computes the mean training loss of a recipe's first steps in PyTorch with float64, to compare with `aegpu train`.

  python Tools/parity.py --recipe dense --weights INIT.safetensors
  Tools/aegpu train dense --init-from INIT.safetensors --no-shuffle --limit 10240 --epochs 1 --seed 1

Both use the first steps × batch images of Fashion-MNIST in order, with the same initial weights; the VAE's noise is
the program's Philox normal numbers. Needs the packages of golden.py, and safetensors==0.8.0.
Prints one line of JSON.
"""
import argparse
import gzip
import json
import math
import pathlib
import struct

import numpy as np
import torch
from safetensors.numpy import load_file

from goldens.losses import losses
from goldens.network import Network
from goldens.runs import ADAM, LOGITS, layers, loss
from goldens.updates import train

RECIPES = {
    "dense": dict(
        input=[784], encoder=layers((256, "relu"), (128, "relu"), (20, "identity")),
        decoder=layers((128, "relu"), (256, "relu"), (784, "identity")), loss=loss(LOGITS)),
    "vae": dict(
        input=[784], encoder=layers((128, "relu")), latent={"variational": {"units": 10}},
        decoder=layers((128, "relu"), (784, "identity")), loss=loss(LOGITS, "batchMean")),
}  # fmt: skip


def images(folder, count):
    """The first images as [count, 784] from 0 to 1. IDX: magic 2051, count, height, width, bytes."""
    path = folder / "train-images-idx3-ubyte.gz"
    with gzip.open(path) if path.exists() else open(path.with_suffix(""), "rb") as file:
        magic, available, height, width = struct.unpack(">4I", file.read(16))
        if magic != 2051 or available < count:
            raise SystemExit(f"{path}: expected {count} images, found {available} (magic {magic})")
        pixels = np.frombuffer(file.read(count * height * width), np.uint8)
    return torch.from_numpy(pixels.reshape(count, -1) / 255)


def load_weights(network, path):
    """Replaces the network's weights."""
    weights = load_file(path)
    expected = {name: tuple(value.shape) for name, value in network.weights.items()}
    found = {name: value.shape for name, value in weights.items()}
    if found != expected:
        raise SystemExit(f"{path}: expected {expected}, found {found}")
    for name in expected:
        network.weights[name] = torch.tensor(weights[name], dtype=torch.float64, requires_grad=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", choices=RECIPES, required=True)
    parser.add_argument("--weights", type=pathlib.Path, required=True, help="initial weights, safetensors")
    parser.add_argument("--data-dir", type=pathlib.Path, default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    run = {**RECIPES[arguments.recipe], "optimizer": ADAM, "batchSize": arguments.batch_size, "seed": arguments.seed}
    examples = images(arguments.data_dir, arguments.steps * arguments.batch_size)
    network = Network(run)
    losses(network, examples[:1])  # asks for every weight
    load_weights(network, arguments.weights)
    sizes, reports, _, _ = train(network, examples, arguments.steps)
    record = {"recipe": arguments.recipe, "steps": arguments.steps, "batchSize": arguments.batch_size}
    if "latent" in run:
        record["seed"] = arguments.seed
    for part in reports[0]:  # example-weighted means
        record[part] = math.fsum(n * step[part] for n, step in zip(sizes, reports)) / sum(sizes)
    record |= {"firstLoss": reports[0]["loss"], "lastLoss": reports[-1]["loss"], "torch": torch.__version__}
    print(json.dumps(record))


if __name__ == "__main__":
    main()
