#!/usr/bin/env python3
"""Measures training examples per second of a network in PyTorch, in each of its modes: a recipe's, or one of the suite.

  python3 Tools/peers/torch_peer.py dense --batch-size 512 --device cuda
  python3 Tools/peers/torch_peer.py Sources/NetworkSuite/rgb-32.yaml

Modes: eager, torch.compile, and on CUDA torch.compile with CUDA graphs; in float32, and on CUDA also with TF32 products. The
examples (random bytes) and the epoch's order are on the device, Adam is the fused implementation, all batches are full, losses are
read at the end of a window. Prints one line of JSON; a mode that fails has its error in place of its numbers.
"""
import argparse
import json
import math
import statistics
import time

import torch

from aegpu_rate import example_count
from networks import make


def ways(device):
    """The modes to measure: name, mode of torch.compile (None: eager), TF32."""
    modes = [("eager", None), ("compile", "default")]
    if device == "cuda":
        modes.append(("compile with CUDA graphs", "reduce-overhead"))
    found = [(f"PyTorch {name}", mode, False) for name, mode in modes]
    if device == "cuda":
        found += [(f"PyTorch {name}, TF32", mode, True) for name, mode in modes]
    return found


class Training:
    """The training of a network on a device; `window()` measures some steps."""

    def __init__(self, recipe, batch, device, seconds, mode, tf32):
        self.batch, self.device, self.tf32 = batch, device, tf32
        torch.manual_seed(1)
        self.choose_precision()
        network = make(recipe).to(device)
        count = getattr(network, "example_count", None) or example_count(recipe)
        self.images = torch.randint(256, (count, *network.shape), dtype=torch.uint8, device=device)
        self.steps_per_epoch = len(self.images) // batch

        def loss(images, rows):
            return network.loss(images[rows].float() / 255)

        self.loss = loss if mode is None else torch.compile(loss, mode=mode, dynamic=False)
        self.optimizer = torch.optim.Adam(network.parameters(), lr=network.rate, fused=True)
        self.run(3)  # compiles
        self.steps = 1
        while (took := self.seconds(self.steps)) < seconds / 4:
            self.steps *= 2
        self.steps = math.ceil(self.steps * seconds / took)

    def choose_precision(self):
        torch.set_float32_matmul_precision("high" if self.tf32 else "highest")
        torch.backends.cudnn.allow_tf32 = self.tf32

    def run(self, steps):
        """Trains this number of steps."""
        losses = []
        for step in range(steps):
            place = step % self.steps_per_epoch
            if place == 0:
                order = torch.randperm(len(self.images), device=self.device)
            rows = order[place * self.batch : (place + 1) * self.batch]
            loss = self.loss(self.images, rows)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach().clone())
        value = torch.stack(losses).mean().item()  # waits for the device
        if value != value:
            raise ArithmeticError("the loss is not a number")

    def seconds(self, steps):
        start = time.perf_counter()
        self.run(steps)
        return time.perf_counter() - start

    def window(self):
        """Examples per second."""
        self.choose_precision()
        return self.steps * self.batch / self.seconds(self.steps)


def trainings(recipe, batch, device, seconds):
    """By mode: a training that is ready for timing windows of this many seconds, or the error of its preparation."""
    torch._dynamo.reset()
    found = {}
    for name, mode, tf32 in ways(device):
        try:
            found[name] = Training(recipe, batch, device, seconds, mode, tf32)
        except Exception as error:  # whatever a framework throws: the others go on
            found[name] = describe(error)
    return found


def describe(error):
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:200]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=["cpu", "cuda"])
    parser.add_argument("--windows", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="shortest length of a timing window")
    arguments = parser.parse_args()
    batch = arguments.batch_size or make(arguments.recipe).batch
    running = trainings(arguments.recipe, batch, arguments.device, arguments.seconds)
    rates = {name: [] for name in running}
    for _ in range(arguments.windows):
        for name, training in running.items():
            if isinstance(training, Training):
                rates[name].append(training.window())
    record = {"recipe": arguments.recipe, "batchSize": batch, "device": arguments.device, "torch": torch.__version__}
    record["samplesPerSecond"] = {
        name: statistics.median(rates[name]) if rates[name] else running[name] for name in running
    }
    print(json.dumps(record))


if __name__ == "__main__":
    main()
