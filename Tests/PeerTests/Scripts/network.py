"""A network of aegpu in NumPy, from what `aegpu export --format safetensors` wrote: the layers of config.json's recipe, the
tensors of model.safetensors. Written from `aegpu recipes format` and the model card alone."""

import json
from math import erf

import numpy as np
from safetensors.numpy import load_file

ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leakyRelu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
    "gelu": lambda x: x / 2 * (1 + np.vectorize(erf)(x / np.sqrt(2))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(x, 0),
    "tanh": np.tanh,
}
# Layers without weights.
WEIGHTLESS = "flatten reshape dropout gaussianNoise maskingNoise activation concatenate penalty repeat".split()
WEIGHTLESS += [name + rank for name in ["maxPool", "averagePool", "upsample"] for rank in ["1D", "2D"]]
sigmoid = ACTIVATIONS["sigmoid"]


def padded(x, size, stride, padding, value):
    """x [N, H, W, C] with as much around it as windows need that give ceil(H / stride) rows."""
    if padding == "valid":
        return x
    pads = [(0, 0)]
    for length, own in zip(x.shape[1:3], size):
        total = max((-(-length // stride) - 1) * stride + own - length, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, pads + [(0, 0)], constant_values=value)


def windows(x, size, stride):
    """[N, H, W, C] to [N, rows, columns, C, *size]."""
    return np.lib.stride_tricks.sliding_window_view(x, size, (1, 2))[:, ::stride, ::stride]


def convolve(x, w, stride, padding):
    x = padded(x, w.shape[:2], stride, padding, 0)
    return np.einsum("nhwckl,klco->nhwo", windows(x, w.shape[:2], stride), w, optimize=True)


def convolve_transposed(x, w, strides, padding):
    """The gradient of a convolution of `w` [K, L, out, in] by its input."""
    size, (rows, columns) = w.shape[:2], x.shape[1:3]
    made = np.einsum("nhwi,kloi->nhwklo", x, w, optimize=True)
    full = [(length - 1) * stride + own for length, stride, own in zip((rows, columns), strides, size)]
    y = np.zeros([len(x), *full, w.shape[2]])
    for i in range(rows):
        for j in range(columns):
            y[:, i * strides[0] : i * strides[0] + size[0], j * strides[1] : j * strides[1] + size[1]] += made[:, i, j]
    if padding == "valid":
        return y
    wanted = [rows * strides[0], columns * strides[1]]
    # Where windows are narrower than their stride nothing is cut, and zeros follow.
    cut = [max(own - goal, 0) // 2 for own, goal in zip(full, wanted)]
    y = y[:, cut[0] : cut[0] + wanted[0], cut[1] : cut[1] + wanted[1]]
    return np.pad(y, [(0, 0)] + [(0, goal - own) for goal, own in zip(wanted, y.shape[1:3])] + [(0, 0)])


def bilinear(x, axis, factor):
    """Values half a pixel apart, the first and last ones repeated."""
    length = x.shape[axis]
    place = np.clip((np.arange(length * factor) + 0.5) / factor - 0.5, 0, length - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, length - 1)
    share = (place - low).reshape([-1 if other == axis else 1 for other in range(x.ndim)])
    return np.take(x, low, axis) * (1 - share) + np.take(x, high, axis) * share


class Network:
    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        self.recipe, self.scale = config["recipe"], config["normalization"]
        self.input, self.code = config["input"]["shape"], config["code"]["shape"]
        self.w = {name: tensor.astype(np.float64) for name, tensor in load_file(folder / "model.safetensors").items()}

    def encode(self, x, label=None):
        scale, kind = self.scale, self.recipe.get("normalization", "unit")
        x = x.reshape(len(x), -1).astype(np.float64)
        if scale["fill"]:
            x = np.where(np.isnan(x), scale["fill"], x)
        if kind in ["mean", "standard"]:
            x = x - np.array(scale["shift"])
        if kind == "standard":
            x = x * np.array(scale["factor"])
        x = np.nan_to_num(x)
        x = self.layers("encoder", x.reshape(len(x), *self.input), label)
        latent = self.recipe.get("latent") or {}
        if "variational" in latent:
            x = x @ self.w["mean.weight"] + self.w["mean.bias"]
        if "codebook" in latent:
            codes = self.w["codebook.codes"]
            distances = (x**2).sum(-1)[..., None] - 2 * x @ codes.T + (codes**2).sum(-1)
            x = codes[distances.argmin(-1)]
        return x

    def decode(self, code, label=None):
        x = self.layers("decoder", code.reshape(len(code), *self.code), label).reshape(len(code), -1)
        if self.recipe["loss"]["reconstruction"] == "binaryCrossEntropyWithLogits":
            x = sigmoid(x)
        kind = self.recipe.get("normalization", "unit")
        if kind == "standard":
            x = x / np.array(self.scale["factor"])
        if kind in ["mean", "standard"]:
            x = x + np.array(self.scale["shift"])
        return x

    def layers(self, part, x, label):
        index, mirrors = 0, []
        if part == "decoder":
            numbered = enumerate(l for l in map(self.split, self.recipe["encoder"]) if l[0] not in WEIGHTLESS)
            mirrors = [f"encoder.{place}.weight" for place, (kind, _) in numbered if kind == "dense"]
        for layer in self.recipe[part]:
            kind, options = self.split(layer)
            tensors = {name.split(".")[2]: t for name, t in self.w.items() if name.startswith(f"{part}.{index}.")}
            if kind == "tiedDense":
                tensors["weight"] = self.w[mirrors.pop()].T
            x = getattr(self, kind)(x, tensors, options, label)
            index += kind not in WEIGHTLESS
            if isinstance(options, dict):
                x = ACTIVATIONS[options.get("activation", "identity")](x)
        return x

    @staticmethod
    def split(layer):
        return (layer, {}) if isinstance(layer, str) else next(iter(layer.items()))

    def dense(self, x, w, options, label):
        return x @ w["weight"] + w["bias"]

    tiedDense = dense

    def batchNorm(self, x, w, options, label):
        x = (x - w["runningMean"]) / np.sqrt(w["runningVariance"] + options.get("epsilon", 0.001))
        return x * w["gamma"] + w["beta"]

    def conv2D(self, x, w, options, label):
        return convolve(x, w["weight"], options.get("stride", 1), options.get("padding", "same")) + w["bias"]

    def convTranspose2D(self, x, w, options, label):
        strides = [options.get("stride", 1)] * 2
        return convolve_transposed(x, w["weight"], strides, options.get("padding", "same")) + w["bias"]

    # Sequences are images of one column.

    def conv1D(self, x, w, options, label):
        stride, padding = options.get("stride", 1), options.get("padding", "same")
        return convolve(x[:, :, None], w["weight"][:, None], stride, padding)[:, :, 0] + w["bias"]

    def convTranspose1D(self, x, w, options, label):
        strides, padding = [options.get("stride", 1), 1], options.get("padding", "same")
        return convolve_transposed(x[:, :, None], w["weight"][:, None], strides, padding)[:, :, 0] + w["bias"]

    def maxPool2D(self, x, w, options, label, size=None):
        size = size or (options["size"], options["size"])
        stride, padding = options.get("stride", options["size"]), options.get("padding", "same")
        return windows(padded(x, size, stride, padding, -np.inf), size, stride).max((-1, -2))

    def averagePool2D(self, x, w, options, label, size=None):
        size = size or (options["size"], options["size"])
        stride, padding = options.get("stride", options["size"]), options.get("padding", "same")
        present = padded(np.ones_like(x), size, stride, padding, 0)
        sums = windows(padded(x, size, stride, padding, 0), size, stride).sum((-1, -2))
        return sums / windows(present, size, stride).sum((-1, -2))

    def maxPool1D(self, x, w, options, label):
        return self.maxPool2D(x[:, :, None], w, options, label, (options["size"], 1))[:, :, 0]

    def averagePool1D(self, x, w, options, label):
        return self.averagePool2D(x[:, :, None], w, options, label, (options["size"], 1))[:, :, 0]

    def upsample2D(self, x, w, options, label):
        factor = options["factor"]
        if options.get("interpolation") == "bilinear":
            return bilinear(bilinear(x, 1, factor), 2, factor)
        return x.repeat(factor, 1).repeat(factor, 2)

    def upsample1D(self, x, w, options, label):
        return x.repeat(options["factor"], 1)

    def repeat(self, x, w, options, label):
        count = options["count"]
        return np.repeat(x[:, None], self.input[0] if count == "input" else count, 1)

    def recurrent(self, x, step, units, options):
        state, states = [np.zeros((len(x), units))] * 2, []
        for t in range(x.shape[1]):
            state = step(x[:, t], *state)
            states.append(state[0])
        return np.stack(states, 1) if options.get("returnSequences") else states[-1]

    def lstm(self, x, w, options, label):
        def step(x, h, c):
            gates = x @ w["weight"] + h @ w["recurrentWeight"] + w["bias"]
            i, f, g, o = np.split(gates, 4, 1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            return sigmoid(o) * np.tanh(c), c

        return self.recurrent(x, step, options["units"], options)

    def gru(self, x, w, options, label):
        def step(x, h, _):
            a = np.split(x @ w["weight"] + w["bias"], 3, 1)
            q = np.split(h @ w["recurrentWeight"] + w["recurrentBias"], 3, 1)
            r, z = sigmoid(a[0] + q[0]), sigmoid(a[1] + q[1])
            return (1 - z) * np.tanh(a[2] + r * q[2]) + z * h, None

        return self.recurrent(x, step, options["units"], options)

    def flatten(self, x, w, options, label):
        return x.reshape(len(x), -1)

    def reshape(self, x, w, options, label):
        shape = options["shape"]
        return x.reshape(len(x), *(self.input if shape == "input" else shape))

    def concatenate(self, x, w, options, label):
        """Appends the one-hot class to the channels of every position."""
        classes = np.eye(self.recipe["classes"])[label]
        classes = classes.reshape(len(x), *[1] * (x.ndim - 2), -1)
        return np.concatenate([x, np.broadcast_to(classes, [*x.shape[:-1], classes.shape[-1]])], -1)

    def activation(self, x, w, options, label):
        return ACTIVATIONS[options](x)

    def dropout(self, x, w, options, label):
        return x

    gaussianNoise = maskingNoise = penalty = dropout
