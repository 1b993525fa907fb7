#!/usr/bin/env python3
"""Measures training examples per second of a network of the suite in JAX.

  python3 Tools/peers/jax_peer.py Sources/NetworkSuite/rgb-32.yaml

Modes: one dispatch a step, and a whole window of steps in one dispatch (lax.scan), except for convolutions, which XLA compiles badly
within a loop. The examples (random bytes) and the order are on the device, the state is donated, losses are read at the end of a window.
"""
import argparse
import json
import math
import pathlib
import statistics
import time

import jax
import jax.numpy as jnp
import numpy
from jax import lax

from suite import Network

jax.config.update("jax_default_prng_impl", "rbg")  # threefry is slow where there is no accelerator
ACTIVATIONS = {
    None: lambda x: x, "linear": lambda x: x, "relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "elu": jax.nn.elu}  # fmt: skip
ORDERS = {1: ("NWC", "WIO", "NWC"), 2: ("NHWC", "HWIO", "NHWC")}


class Builder:
    """Initial weights of layers, one by one, and what they do: `apply(parameters, x, key)` returns the result and a term of the loss."""

    def __init__(self):
        self.random = numpy.random.default_rng(1)
        self.parameters = []

    def weight(self, *shape):
        limit = math.sqrt(6 / (math.prod(shape[:-1]) + shape[-1]))
        self.parameters.append(self.random.uniform(-limit, limit, shape).astype(numpy.float32))
        return len(self.parameters) - 1

    def constant(self, value, *shape):
        self.parameters.append(numpy.full(shape, value, numpy.float32))
        return len(self.parameters) - 1

    def affine(self, inputs, units):
        weight, bias = self.weight(inputs, units), self.constant(0, units)
        return lambda p, x: x @ p[weight] + p[bias]

    def layer(self, kind, settings, channels):
        activation = ACTIVATIONS[settings.get("activation")]
        stride = settings.get("stride", 1)
        if kind == "dense":
            affine = self.affine(channels, settings["units"])
            return (lambda p, x, key: (activation(affine(p, x)), 0.0)), settings["units"]
        if kind == "activation":
            return (lambda p, x, key: (activation(x), 0.0)), channels
        if kind == "batchNorm":
            scale, shift = self.constant(1, channels), self.constant(0, channels)

            def normalize(p, x, key):
                axes = tuple(range(x.ndim - 1))
                mean = x.mean(axes)
                variance = jnp.square(x - mean).mean(axes)
                return (x - mean) * lax.rsqrt(variance + 1e-3) * p[scale] + p[shift], 0.0

            return normalize, channels
        if kind == "dropout":
            keep = 1 - settings["rate"]
            return (lambda p, x, key: (jnp.where(jax.random.bernoulli(key, keep, x.shape), x / keep, 0), 0.0)), channels
        if kind == "penalty":
            return (lambda p, x, key: (x, settings["weight"] * jnp.abs(x).sum() / len(x))), channels
        if kind.startswith("conv"):
            dimensions, size, filters = int(kind[-2]), settings["size"], settings["filters"]
            weight, bias = self.weight(*[size] * dimensions, channels, filters), self.constant(0, filters)
            transform = lax.conv_transpose if "Transpose" in kind else lax.conv_general_dilated
            order = ORDERS[dimensions]
            return (
                lambda p, x, key: (
                    activation(transform(x, p[weight], [stride] * dimensions, "SAME", dimension_numbers=order) + p[bias]), 0.0)
            ), filters  # fmt: skip
        if kind == "maxPool2D":
            size = settings["size"]

            def pool(p, x, key):
                batch, height, width, depth = x.shape
                return x.reshape(batch, height // size, size, width // size, size, depth).max((2, 4)), 0.0

            return pool, channels
        if kind == "upsample2D":
            factor = settings["factor"]
            return (lambda p, x, key: (x.repeat(factor, 1).repeat(factor, 2), 0.0)), channels
        if kind == "repeat":
            count = settings["count"]
            return (lambda p, x, key: (jnp.broadcast_to(x[:, None], (len(x), count, x.shape[-1])), 0.0)), channels
        return self.recurrent(kind, settings, channels)

    def recurrent(self, kind, settings, channels):
        units = settings["units"]
        gates = {"lstm": 4, "gru": 3}[kind]
        affine = self.affine(channels, gates * units)
        weight, bias = self.weight(units, gates * units), self.constant(0, gates * units)

        def apply(p, x, key):
            inputs = jnp.swapaxes(affine(p, x), 0, 1)  # one product for all steps
            zero = jnp.zeros((len(x), units))

            def lstm(state, own):
                h, c = state
                i, f, g, o = jnp.split(own + h @ p[weight] + p[bias], 4, -1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                h = jax.nn.sigmoid(o) * jnp.tanh(c)
                return (h, c), h

            def gru(state, own):
                (h,) = state
                before = h @ p[weight] + p[bias]
                z = jax.nn.sigmoid(own[:, :units] + before[:, :units])
                r = jax.nn.sigmoid(own[:, units : 2 * units] + before[:, units : 2 * units])
                h = z * h + (1 - z) * jnp.tanh(own[:, 2 * units :] + r * before[:, 2 * units :])
                return (h,), h

            last, states = lax.scan(*((lstm, (zero, zero)) if kind == "lstm" else (gru, (zero,))), inputs)
            return (jnp.swapaxes(states, 0, 1) if settings.get("returnSequences") else last[0]), 0.0

        return apply, units


class Model:
    """`parameters`, and `loss(parameters, x, key)`, the mean loss of a batch."""

    def __init__(self, network):
        builder = Builder()
        encoder, channels = self.part(builder, network.encoder, network.shape[-1])
        heads = []
        if network.latent:
            heads = [builder.affine(channels, network.latent) for _ in range(2)]
            channels = network.latent
        decoder, _ = self.part(builder, network.decoder, channels)
        self.parameters = [jnp.asarray(parameter) for parameter in builder.parameters]

        def loss(p, x, key):
            total, y = 0.0, x
            for place, apply in enumerate(encoder):
                y, term = apply(p, y, jax.random.fold_in(key, place))
                total += term
            if heads:
                mean, log_variance = (head(p, y) for head in heads)
                y = mean + jax.random.normal(key, mean.shape) * jnp.exp(log_variance / 2)
                total += -(1 + log_variance - jnp.square(mean) - jnp.exp(log_variance)).sum() / 2 / len(x)
            for place, apply in enumerate(decoder, len(encoder)):
                y, term = apply(p, y, jax.random.fold_in(key, place))
                total += term
            if "Logits" in network.loss:
                errors = jnp.maximum(y, 0) - y * x + jnp.log1p(jnp.exp(-jnp.abs(y)))
            else:
                errors = jnp.square(y - x)
            return total + (errors.mean() if network.reduction == "mean" else errors.sum() / len(x))

        self.loss = loss

    @staticmethod
    def part(builder, layers, channels):
        made = []
        for kind, settings in layers:
            apply, channels = builder.layer(kind, settings, channels)
            made.append(apply)
        return made, channels


class Training:
    """The training of a network; `window()` measures some steps."""

    def __init__(self, network, batch, seconds, scans):
        model = Model(network)
        self.batch, self.scans, count = batch, scans, network.example_count
        random = numpy.random.default_rng(1)
        self.images = jnp.asarray(random.integers(0, 256, (count, *network.shape), dtype=numpy.uint8))
        self.random, self.count = random, count

        def step(state, rows, images):
            p, first, second, number, key = state
            key, own = jax.random.split(key)
            loss, gradients = jax.value_and_grad(model.loss)(p, images[rows].astype(jnp.float32) / 255, own)
            number += 1
            rate = network.rate * jnp.sqrt(1 - 0.999**number) / (1 - 0.9**number)
            first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients)]
            second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradients)]
            p = [w - rate * m / (jnp.sqrt(v) + 1e-8) for w, m, v in zip(p, first, second)]
            return (p, first, second, number, key), loss

        self.one = jax.jit(step, donate_argnums=0)
        self.many = jax.jit(
            lambda state, order, images: lax.scan(lambda state, rows: step(state, rows, images), state, order), donate_argnums=0)  # fmt: skip
        zeros = [[jnp.zeros_like(parameter) for parameter in model.parameters] for _ in range(2)]
        self.state = (model.parameters, *zeros, jnp.float32(0), jax.random.key(1))
        self.steps = 1
        self.run(1)  # compiles
        while (took := self.seconds()) < seconds / 4:
            self.steps *= 2
            self.run(self.steps)
        self.steps = math.ceil(self.steps * seconds / took)
        self.run(self.steps)

    def run(self, steps):
        """Trains this number of steps."""
        rounds = -(-steps * self.batch // self.count)
        order = numpy.concatenate([self.random.permutation(self.count) for _ in range(rounds)])[: steps * self.batch]
        order = jnp.asarray(order.reshape(steps, self.batch).astype(numpy.int32))
        if self.scans:
            self.state, losses = self.many(self.state, order, self.images)
        else:
            losses = []
            for rows in order:
                self.state, loss = self.one(self.state, rows, self.images)
                losses.append(loss)
        value = float(jnp.stack(losses).mean())  # waits
        if value != value:
            raise ArithmeticError("the loss is not a number")

    def seconds(self):
        start = time.perf_counter()
        self.run(self.steps)
        return time.perf_counter() - start

    def window(self):
        """Examples per second."""
        return self.steps * self.batch / self.seconds()


def trainings(file, batch, seconds):
    """By mode: a training that is ready for timing windows of this many seconds, or the error of its preparation."""
    network, found = Network(file), {}
    convolves = any("2D" in kind for kind, _ in network.encoder)
    for name, scans in [("JAX", False)] + ([] if convolves else [("JAX scan", True)]):
        try:
            found[name] = Training(network, batch or network.batch, seconds, scans)
        except Exception as error:  # whatever a framework throws: the others go on
            found[name] = f"{type(error).__name__}: {str(error).strip().splitlines()[:1]}"[:200]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--windows", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="shortest length of a timing window")
    arguments = parser.parse_args()
    running = trainings(arguments.file, arguments.batch_size, arguments.seconds)
    rates = {
        name: training if isinstance(training, str) else statistics.median(training.window() for _ in range(arguments.windows))
        for name, training in running.items()
    }
    print(json.dumps({"network": arguments.file.stem, "jax": jax.__version__, "samplesPerSecond": rates}))


if __name__ == "__main__":
    main()
