"""The networks of the suite in PyTorch, from the same files: `make(file)` is like that of networks.py."""
import torch
import torch.nn.functional as F
from torch import nn

from suite import Network

ACTIVATIONS = {None: nn.Identity, "linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "elu": nn.ELU}


class Last(nn.Module):
    """All states of a recurrent layer, or the last one."""

    def __init__(self, kind, inputs, settings):
        super().__init__()
        self.layer, self.all = kind(inputs, settings["units"], batch_first=True), settings.get("returnSequences", False)

    def forward(self, x):
        states = self.layer(x)[0]
        return states if self.all else states[:, -1]


class Repeat(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, x):
        return x[:, None].expand(-1, self.count, -1)


class L1(nn.Module):
    """Keeps its term of the loss of the last batch."""

    def __init__(self, weight):
        super().__init__()
        self.weight, self.term = weight, 0.0

    def forward(self, x):
        self.term = self.weight * x.abs().sum() / len(x)
        return x


def layer(kind, settings, channels, dimensions):
    """A layer after one of this many channels, and its own channels. Images and series are channels first here; recurrent layers and
    their dense layers want them last."""
    size, stride = settings.get("size", 1), settings.get("stride", 1)
    activation = ACTIVATIONS[settings.get("activation")]()
    if kind == "dense":
        return nn.Sequential(nn.Linear(channels, settings["units"]), activation), settings["units"]
    if kind == "activation":
        return activation, channels
    if kind == "batchNorm":
        return (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d)[dimensions - 1](channels), channels
    if kind == "dropout":
        return nn.Dropout(settings["rate"]), channels
    if kind == "penalty":
        return L1(settings["weight"]), channels
    if kind.startswith("conv"):
        transposed = "Transpose" in kind
        plain, other = {"1": (nn.Conv1d, nn.ConvTranspose1d), "2": (nn.Conv2d, nn.ConvTranspose2d)}[kind[-2]]
        made = (other if transposed else plain)(channels, settings["filters"], size, stride, padding=(size - 1) // 2)
        return nn.Sequential(made, activation), settings["filters"]
    if kind == "maxPool2D":
        return nn.MaxPool2d(size, ceil_mode=True), channels
    if kind == "upsample2D":
        return nn.Upsample(scale_factor=settings["factor"]), channels
    if kind in ("lstm", "gru"):
        return Last({"lstm": nn.LSTM, "gru": nn.GRU}[kind], channels, settings), settings["units"]
    if kind == "repeat":
        return Repeat(settings["count"]), channels
    raise KeyError(kind)


class Built(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.batch, self.rate, self.example_count = network.batch, network.rate, network.example_count
        self.kind, self.reduction, self.latent = network.loss, network.reduction, network.latent
        recurrent = network.encoder[0][0] in ("lstm", "gru")
        first_channels = not recurrent and len(network.shape) > 1
        self.shape = (network.shape[-1], *network.shape[:-1]) if first_channels else network.shape
        channels, dimensions = network.shape[-1], len(network.shape)
        encoder, channels = self.part(network.encoder, channels, dimensions)
        self.encoder = encoder
        if self.latent:
            self.heads = nn.ModuleList(nn.Linear(channels, self.latent) for _ in range(2))
            channels = self.latent
        self.decoder, _ = self.part(network.decoder, channels, dimensions)
        self.penalties = [module for module in self.modules() if isinstance(module, L1)]
        if len(self.shape) == 3:
            self.to(memory_format=torch.channels_last)

    @staticmethod
    def part(layers, channels, dimensions):
        made = []
        for kind, settings in layers:
            module, channels = layer(kind, settings, channels, dimensions)
            made.append(module)
        return nn.Sequential(*made), channels

    def loss(self, x):
        code, divergence = self.encoder(x), 0.0
        if self.latent:
            mean, log_variance = (head(code) for head in self.heads)
            code = mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
            divergence = -(1 + log_variance - mean.square() - log_variance.exp()).sum() / 2 / len(x)
        y = self.decoder(code)
        reduction = "mean" if self.reduction == "mean" else "sum"
        value = (F.binary_cross_entropy_with_logits if "Logits" in self.kind else F.mse_loss)(y, x, reduction=reduction)
        if reduction == "sum":
            value = value / len(x)
        return value + divergence + sum(penalty.term for penalty in self.penalties)


def make(file):
    return Built(Network(file))
