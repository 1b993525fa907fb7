"""A recipe's network: its weights, layers and random draws."""
import math

import numpy as np
import torch
import torch.nn.functional as F

from . import codebooks, images, philox, sequences

ACTIVATIONS = {
    "identity": lambda x: x, "relu": F.relu, "leakyRelu": F.leaky_relu, "elu": F.elu, "selu": F.selu,
    "gelu": F.gelu, "silu": F.silu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softplus": F.softplus,
}  # fmt: skip
BENT = ("relu", "leakyRelu", "selu")  # their derivative jumps at 0
WITHOUT_WEIGHTS = (
    "activation", "averagePool1D", "averagePool2D", "concatenate", "dropout", "flatten", "gaussianNoise", "maskingNoise",
    "maxPool1D", "maxPool2D", "penalty", "repeat", "reshape", "upsample1D", "upsample2D",
)  # fmt: skip


def formula(shape, index):
    """Element k of tensor t: 0.9 sin(1.3 k + t), as float32; a window's weights half as large. Biases too,
    so that they are seen to count."""
    k = np.arange(math.prod(shape), dtype=np.float64)
    return ((0.45 if len(shape) > 2 else 0.9) * np.sin(1.3 * k + index)).astype(np.float32).reshape(shape)


class Network:
    """`weights`: name → float64 leaf tensor, dense weights [I, O], windows [K, K, C, O]. They are made as the
    first batch asks for them; `state` is what batch normalisation keeps, `step` what draws are numbered by."""

    def __init__(self, recipe):
        self.recipe = recipe
        self.weights, self.state = {}, {}
        self.step, self.drawing = 0, 0
        self.steps_per_epoch = 4
        self.label = None  # of a batch: 1 at the class of each example and 0 elsewhere
        self.margin = math.inf  # the nearest that anything came to where a derivative jumps

    def batches(self, examples, steps):
        """The examples of each step in order, epoch after epoch, with the smaller last batch."""
        size, start = self.recipe["batchSize"], 0
        self.steps_per_epoch = -(-len(examples) // size)
        classes = self.recipe.get("classes")
        for self.step in range(steps):
            x = examples[start : start + size]
            if classes:
                labels = torch.arange(start, start + len(x)) % classes
                self.label = F.one_hot(labels, classes).double()
            yield x
            start = start + len(x) if start + len(x) < len(examples) else 0

    def at(self, value):
        """A number, or a number that changes linearly over some epochs."""
        if not isinstance(value, dict):
            return value
        start = value.get("from", 0)
        return start + (value["to"] - start) * min(self.step / (value["epochs"] * self.steps_per_epoch), 1)

    # --- helpers of layers ------------------------------------------------------------------------------

    def weight(self, name, *shape):
        if name not in self.weights:
            value = formula(shape, len(self.weights))
            self.weights[name] = torch.tensor(value, dtype=torch.float64, requires_grad=True)
        return self.weights[name]

    def keep_away(self, distances):
        """Records how close these are to 0, where a derivative is discontinuous."""
        self.margin = min(self.margin, distances.detach().abs().min().item())

    def activate(self, x, name):
        if name in BENT:
            self.keep_away(x)
        return ACTIVATIONS[name](x)

    def normals(self, shape, stream):
        drawn = philox.normals(self.recipe["seed"], stream, self.step, math.prod(shape))
        return torch.from_numpy(drawn).reshape(shape)

    def kept(self, shape, stream, rate):
        """1 for an element that is kept, 0 for one that is set to 0."""
        drawn = philox.uniforms(self.recipe["seed"], stream, self.step, math.prod(shape))
        return torch.from_numpy((drawn >= rate).astype(np.float64)).reshape(shape)

    def drawing_layer(self):
        """The index of a layer among those that draw random numbers."""
        self.drawing += 1
        return self.drawing - 1

    # --- layers -----------------------------------------------------------------------------------------

    def dense(self, x, name, units):
        weight = self.weight(f"{name}.weight", x.shape[-1], units)
        return weight, x @ weight + self.weight(f"{name}.bias", units)

    def convolve_steps(self, x, name, settings, transposed):
        size, filters, channels = settings["size"], settings["filters"], x.shape[2]
        ends = (filters, channels) if transposed else (channels, filters)
        weight = self.weight(f"{name}.weight", size, *ends)
        run = sequences.transposed_convolution if transposed else sequences.convolution
        return run(x, weight, images.Window(settings, stride=1)) + self.weight(f"{name}.bias", filters)

    def recurrent(self, x, name, kind, units, returnSequences=False):
        columns = sequences.GATES[kind] * units
        weights = [
            self.weight(f"{name}.weight", x.shape[2], columns), self.weight(f"{name}.recurrentWeight", units, columns),
            self.weight(f"{name}.bias", columns),
        ]  # fmt: skip
        if kind == "gru":
            weights.append(self.weight(f"{name}.recurrentBias", columns))
        states = sequences.recurrent(x, kind, units, *weights)
        return states if returnSequences else states[:, -1]

    def convolve(self, x, name, settings, transposed):
        size, filters, channels = settings["size"], settings["filters"], x.shape[3]
        ends = (filters, channels) if transposed else (channels, filters)
        weight = self.weight(f"{name}.weight", size, size, *ends)
        run = images.transposed_convolution if transposed else images.convolution
        return run(x, weight, images.Window(settings, stride=1)) + self.weight(f"{name}.bias", filters)

    def max_pool(self, x, settings):
        pool = images.max_pool if x.ndim == 4 else sequences.max_pool
        y, distance = pool(x, images.Window(settings, stride=settings["size"]))
        self.margin = min(self.margin, distance)
        return y

    def batch_norm(self, x, name, momentum=0.99, epsilon=1e-3):
        rows = x.reshape(-1, x.shape[-1])
        mean, variance = rows.mean(0), rows.var(0, unbiased=False)
        for part, first, found in (("runningMean", 0, mean), ("runningVariance", 1, variance)):
            before = self.state.get(f"{name}.{part}", torch.full_like(found, first))
            self.state[f"{name}.{part}"] = momentum * before + (1 - momentum) * found.detach()
        gamma = self.weight(f"{name}.gamma", x.shape[-1])
        return gamma * (x - mean) / torch.sqrt(variance + epsilon) + self.weight(f"{name}.beta", x.shape[-1])

    def layer(self, x, name, kind, settings, mirrored):
        if kind == "dense":
            weight, y = self.dense(x, name, settings["units"])
            mirrored.append(weight)
            return y
        if kind == "tiedDense":
            weight = mirrored.pop()
            return x @ weight.T + self.weight(f"{name}.bias", len(weight))
        if kind in ("conv2D", "convTranspose2D"):
            return self.convolve(x, name, settings, kind == "convTranspose2D")
        if kind == "batchNorm":
            return self.batch_norm(x, name, **settings)
        if kind in ("conv1D", "convTranspose1D"):
            return self.convolve_steps(x, name, settings, kind == "convTranspose1D")
        if kind in ("lstm", "gru"):
            return self.recurrent(x, name, kind, **settings)
        if kind in ("maxPool1D", "maxPool2D"):
            return self.max_pool(x, settings)
        if kind == "averagePool2D":
            return images.average_pool(x, images.Window(settings, stride=settings["size"]))
        if kind == "averagePool1D":
            return sequences.average_pool(x, images.Window(settings, stride=settings["size"]))
        if kind == "upsample1D":
            return x.repeat_interleave(settings["factor"], 1)
        if kind == "repeat":
            return x.unsqueeze(1).repeat(1, settings["count"], 1)
        if kind == "upsample2D":
            return images.upsample(x, **settings)
        if kind == "flatten":
            return x.flatten(1)
        if kind == "reshape":
            return x.reshape(-1, *settings["shape"])
        if kind == "dropout":
            rate = settings["rate"]
            return x * self.kept(x.shape, philox.DROPOUT + self.drawing_layer(), rate) / (1 - rate)
        if kind == "maskingNoise":
            return x * self.kept(x.shape, philox.DROPOUT + self.drawing_layer(), settings["rate"])
        if kind == "gaussianNoise":
            return x + self.at(settings["deviation"]) * self.normals(x.shape, philox.NOISE + self.drawing_layer())
        if kind == "concatenate":
            places = self.label.reshape(len(x), *[1] * (x.ndim - 2), -1)
            return torch.cat([x, places.expand(*x.shape[:-1], -1)], -1)
        if kind == "penalty":
            self.terms.append((settings, x))
            return x
        assert kind == "activation", kind
        return x

    def side(self, x, side, mirrored):
        """`mirrored`: the encoder's dense weights; an encoder layer appends its own, a tied layer removes the last."""
        return self.layers(x, side, self.recipe[side], mirrored)

    def layers(self, x, part, layers, mirrored):
        index = 0
        for layer in layers:
            ((kind, settings),) = layer.items()
            x = self.layer(x, f"{part}.{index}", kind, settings, mirrored)
            activation = "identity"
            if kind not in ("concatenate", "penalty"):
                activation = settings if kind == "activation" else settings.get("activation", "identity")
            x = self.activate(x, activation)
            index += kind not in WITHOUT_WEIGHTS
        return x

    def corrupted(self, x):
        """The input of the encoder."""
        if "corruption" not in self.recipe:
            return x
        ((kind, settings),) = self.recipe["corruption"].items()
        if kind == "masking":
            return x * self.kept(x.shape, philox.INPUT_NOISE, settings["rate"])
        noise = settings.get("mean", 0) + self.at(settings["deviation"]) * self.normals(x.shape, philox.INPUT_NOISE)
        return (x + noise).clamp(0, 1) if settings.get("clip", True) else x + noise

    def run(self, x):
        """→ the reconstruction, the code, and a variational code's mean, logarithm of the variance and normals; of each
        as many rows an example as there are samples."""
        mirrored, latent, self.drawing, self.terms = [], None, 0, []
        code = self.side(self.corrupted(x), "encoder", mirrored)
        self.quantized = None
        if "codebook" in self.recipe.get("latent", {}):
            self.quantized = codebooks.quantize(self, code, **self.recipe["latent"]["codebook"])
            code = self.quantized.code
        elif "latent" in self.recipe:
            size = self.recipe["latent"]["variational"]["units"]
            _, mean = self.dense(code, "mean", size)
            _, log_variance = self.dense(code, "logVariance", size)
            samples = self.recipe["latent"]["variational"].get("samples", 1)
            drawn = self.normals((len(x), samples * size), philox.LATENT).reshape(-1, size)
            mean, log_variance = (part.repeat_interleave(samples, 0) for part in (mean, log_variance))
            latent = mean, log_variance, drawn
            code = mean + torch.exp(0.5 * log_variance) * latent[2]
        return self.side(code, "decoder", mirrored), code, latent
