"""The networks of the recipes in PyTorch, as its users would write them: `make(name)` has the recipe's batch size, the
shape of an example, and `loss(x)`, the mean loss of a batch of examples [N, ...], which is what a step trains.
"""
import pathlib

import torch
import torch.nn.functional as F
from torch import nn


class Dense(nn.Module):
    """Dense layers, `sizes[0]` to `sizes[-1]`, each with an activation, except the last if the loss takes logits."""

    def __init__(self, sizes, activations, loss, l2=0.0, batch=256, rate=1e-3, tied=False, mean=False):
        super().__init__()
        self.batch, self.rate, self.shape = batch, rate, (sizes[0],)
        self.activations, self.kind, self.l2, self.tied = activations, loss, l2, tied
        pairs = list(zip(sizes, sizes[1:]))
        kept = pairs[: len(pairs) // 2] if tied else pairs
        self.weights = nn.ParameterList(nn.Parameter(torch.empty(o, i)) for i, o in kept)
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(o)) for _, o in pairs)
        for weight in self.weights:
            nn.init.xavier_uniform_(weight)
        self.register_buffer("mean", torch.full((sizes[0],), 0.5) if mean else None)

    def forward(self, x):
        count = len(self.biases)
        for i, (bias, activation) in enumerate(zip(self.biases, self.activations)):
            mirrored = self.tied and i >= len(self.weights)
            weight = self.weights[count - 1 - i].t() if mirrored else self.weights[i]
            x = activation(F.linear(x, weight, bias))
        return x

    def loss(self, x):
        if self.mean is not None:
            x = x - self.mean
        y = self(x)
        if self.kind == "bce":
            value = F.binary_cross_entropy_with_logits(y, x)
        else:
            value = F.mse_loss(y, x, reduction="sum" if self.kind == "sse" else "mean")
        if self.l2:
            value = value + self.l2 / 2 * sum((weight * weight).sum() for weight in self.weights)
        return value


class Variational(nn.Module):
    """784, 128, a normally distributed code of 10, 128, 784; nats per example."""

    batch, rate, shape = 512, 1e-3, (784,)

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(784, 128)
        self.heads = nn.ModuleList([nn.Linear(128, 10), nn.Linear(128, 10)])
        self.decoder = nn.Sequential(nn.Linear(10, 128), nn.ReLU(), nn.Linear(128, 784))

    def loss(self, x):
        hidden = F.relu(self.encoder(x))
        mean, log_variance = (head(hidden) for head in self.heads)
        code = mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
        pixels = F.binary_cross_entropy_with_logits(self.decoder(code), x, reduction="sum")
        divergence = -(1 + log_variance - mean.square() - log_variance.exp()).sum() / 2
        return (pixels + divergence) / len(x)


class Convolutional(nn.Module):
    """28×28 to 7×7×32 and back with 3×3 convolutions; `noise` is added to the input, which is then clipped."""

    batch, rate, shape = 256, 1e-3, (1, 28, 28)

    def __init__(self, noise=0.0):
        super().__init__()
        self.noise = noise
        channels = [(1, 32), (32, 32), (32, 32), (32, 32), (32, 1)]
        self.layers = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in channels)
        self.to(memory_format=torch.channels_last)

    def loss(self, x):
        first, second, code, third, last = self.layers
        y = (x + self.noise * torch.randn_like(x)).clamp(0, 1) if self.noise else x
        y = F.max_pool2d(F.relu(first(y)), 2, ceil_mode=True)
        y = F.max_pool2d(F.relu(second(y)), 2, ceil_mode=True)
        y = F.interpolate(F.relu(code(y)), scale_factor=2)
        y = F.interpolate(F.relu(third(y)), scale_factor=2)
        return F.binary_cross_entropy_with_logits(last(y), x)


class Recurrent(nn.Module):
    """Encodes windows of 48 rows to the last state of 32 units, and decodes this state repeated at each step."""

    batch, rate, shape, steps, units = 64, 3e-3, (48, 1), 48, 32

    def __init__(self, kind):
        super().__init__()
        self.encoder = kind(1, self.units, batch_first=True)
        self.decoder = kind(self.units, self.units, batch_first=True)
        self.last = nn.Linear(self.units, 1)

    def loss(self, x):
        code = self.encoder(x)[0][:, -1:]
        states = self.decoder(code.expand(-1, self.steps, -1))[0]
        return F.mse_loss(self.last(states), x)


class SeriesConvolutional(nn.Module):
    """Encodes windows of 288 rows with convolutions of 7 rows and stride 2, with Keras's "same" padding, and decodes them."""

    batch, rate, shape = 128, 1e-3, (1, 288)

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([nn.Conv1d(1, 32, 7, stride=2), nn.Conv1d(32, 16, 7, stride=2)])
        self.up = nn.ModuleList([nn.ConvTranspose1d(16, 16, 7, stride=2), nn.ConvTranspose1d(16, 32, 7, stride=2)])
        self.last = nn.ConvTranspose1d(32, 1, 7, padding=3)

    def loss(self, x):
        first, second = self.down
        y = F.dropout(F.relu(first(F.pad(x, (2, 3)))), 0.2)
        y = F.relu(second(F.pad(y, (2, 3))))
        third, fourth = self.up
        y = F.dropout(F.relu(third(y)[:, :, 2:-3]), 0.2)
        return F.mse_loss(self.last(F.relu(fourth(y)[:, :, 2:-3])), x)


def linear(x):
    return x


def mirrored(*sizes):
    return [*sizes, *sizes[-2::-1]]


relu, elu, tanh, sigmoid = F.relu, F.elu, torch.tanh, torch.sigmoid
NETWORKS = {
    "simple": lambda: Dense([784, 32, 784], [relu, linear], "bce"),
    "deep": lambda: Dense(mirrored(784, 128, 64, 32), [relu] * 5 + [linear], "bce"),
    "dense": lambda: Dense(
        mirrored(784, 256, 128, 20), [relu, relu, linear, relu, relu, linear], "bce", batch=512),
    "latent2d": lambda: Dense(
        mirrored(784, 128, 64, 10, 2), [sigmoid] * 3 + [linear] + [sigmoid] * 4, "mse"),
    "stacked": lambda: Dense(mirrored(784, 300, 150), [elu] * 3 + [linear], "mse", l2=1e-3, batch=150),
    "tied": lambda: Dense(
        mirrored(784, 300, 150), [elu] * 3 + [linear], "mse", l2=1e-3, batch=150, rate=1e-2, tied=True),
    "tied-tanh": lambda: Dense(
        mirrored(784, 256, 256, 64, 32), [tanh] * 8, "sse", batch=20, tied=True, mean=True),
    "linear-pca": lambda: Dense([3, 2, 3], [linear] * 2, "mse", batch=100, rate=1e-2),
    "vae": Variational,
    "conv": Convolutional,
    "denoising": lambda: Convolutional(noise=0.5),
    "series-lstm": lambda: Recurrent(nn.LSTM),
    "series-gru": lambda: Recurrent(nn.GRU),
    "series-conv": SeriesConvolutional,
}  # fmt: skip


def make(name):
    """The recipe's network, or that of a file of the suite. Raises `KeyError` if there is none."""
    if name.endswith(".yaml"):
        import torch_suite

        return torch_suite.make(pathlib.Path(name))
    return NETWORKS[name]()
