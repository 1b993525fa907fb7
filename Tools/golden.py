#!/usr/bin/env python3
"""Makes the golden training runs of Tests/TrainingTests/Golden with PyTorch in float64.

  python3 -m venv .build/golden && .build/golden/bin/pip install torch==2.13.0 numpy==2.4.6
  .build/golden/bin/python Tools/golden.py            writes the files
  .build/golden/bin/python Tools/golden.py --check    compares with the files that are there

Nothing here comes from the Swift code: derivatives are PyTorch's, updates are torch.optim's, and the
noise is drawn by the Philox4x32-10 below, which is held to Random123's known answers. A file says all
that a test needs to repeat its run:

  name, versions                          what this is, and what made it
  recipe                                  the fields of a recipe file that say what is trained and how;
                                          examples are taken in order, each epoch's last batch is smaller
  exampleCount, steps                     how much of it
  pixels                                  [exampleCount][features], 0 to 255
  noise                                   variational: for each step the normals, flat over [N, latent]
  losses                                  for each step, before its update: the loss and its parts as they
                                          are reported, a sum per example
  initialWeights, gradients, weights      before the run, of step 0, after the run: {name: {"shape", "values"}}
  state                                   after the run, what layers keep: alike

Initial weights are rounded to float32, so that every backend starts from the same numbers.
"""
import argparse
import json
import math
import pathlib
import platform
import sys

import numpy as np
import torch
import torch.nn.functional as F

LATENT_STREAM = 3

# --- random numbers ---------------------------------------------------------------------------------


def philox4x32(counter, key):
    """Philox4x32-10 (Salmon et al., 2011). counter: [count, 4], key: two words; result: [count, 4]."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    c = [np.asarray(counter, np.uint64)[:, i] for i in range(4)]
    k = [int(key[0]), int(key[1])]
    for _ in range(10):
        a = c[0] * np.uint64(0xD2511F53)
        b = c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> half) ^ c[1] ^ np.uint64(k[0]), b & low, (a >> half) ^ c[3] ^ np.uint64(k[1]), a & low]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(c, axis=1)


def normals(seed, stream, step, count):
    """Elements 0 ..< count of a stream at a step: Box-Muller on words (0, 1), then (2, 3)."""
    blocks = (count + 3) // 4
    counter = np.zeros((blocks, 4), np.uint64)
    counter[:, 0] = np.arange(blocks)
    counter[:, 1:] = [step & 0xFFFFFFFF, step >> 32, stream]
    words = philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32)) >> np.uint64(8)
    words = words.astype(np.float64).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log((words[:, 0] + 1) * 2.0**-24))
    angle = 2 * math.pi * words[:, 1] * 2.0**-24
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)[:count]


def check_philox():
    """Random123's kat_vectors, philox4x32-10."""
    ones = 0xFFFFFFFF
    for counter, key, answer in (
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ones,) * 4, (ones,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
         (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ):  # fmt: skip
        found = tuple(int(word) for word in philox4x32([counter], key)[0])
        assert found == answer, f"philox4x32: expected {answer}, received {found}"


# --- network ----------------------------------------------------------------------------------------

ACTIVATIONS = {
    "identity": lambda x: x, "relu": F.relu, "elu": F.elu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "softplus": F.softplus,
}  # fmt: skip
MARGIN = 1e-4  # from a relu's argument to 0, and from a window's largest pixel to its second


def formula(shape, index):
    """Element k of tensor t: 0.9 sin(1.3 k + t), as float32; a window's weights half as large. Biases too,
    so that they are seen to count."""
    k = np.arange(math.prod(shape), dtype=np.float64)
    return ((0.45 if len(shape) == 4 else 0.9) * np.sin(1.3 * k + index)).astype(np.float32).reshape(shape)


class Network:
    """`weights`: name → float64 leaf tensor, dense weights [I, O], windows [K, K, C, O]. They are made as the
    first batch asks for them; `state` is what batch normalisation keeps."""

    def __init__(self, recipe):
        self.recipe = recipe
        self.weights, self.state = {}, {}
        self.margin = math.inf  # the nearest that a relu or a window came to another derivative

    def weight(self, name, *shape):
        if name not in self.weights:
            value = formula(shape, len(self.weights))
            self.weights[name] = torch.tensor(value, dtype=torch.float64, requires_grad=True)
        return self.weights[name]

    def activate(self, x, name):
        if name == "relu":
            self.margin = min(self.margin, x.detach().abs().min().item())
        return ACTIVATIONS[name](x)

    def dense(self, x, name, units):
        weight = self.weight(f"{name}.weight", x.shape[1], units)
        return weight, x @ weight + self.weight(f"{name}.bias", units)

    def conv2d(self, x, name, filters, size):
        weight = self.weight(f"{name}.weight", size, size, x.shape[3], filters)
        y = F.conv2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1).contiguous(), padding=size // 2)
        return y.permute(0, 2, 3, 1) + self.weight(f"{name}.bias", filters)

    def max_pool(self, x, size):
        n, h, w, c = x.shape
        windows = x.reshape(n, h // size, size, w // size, size, c).permute(0, 1, 3, 5, 2, 4)
        largest = windows.reshape(n, h // size, w // size, c, size * size).topk(2).values
        self.margin = min(self.margin, (largest[..., 0] - largest[..., 1]).min().item())
        return largest[..., 0]

    def batch_norm(self, x, name, momentum=0.99, epsilon=1e-3):
        rows = x.reshape(-1, x.shape[-1])
        mean, variance = rows.mean(0), rows.var(0, unbiased=False)
        for part, first, found in (("runningMean", 0, mean), ("runningVariance", 1, variance)):
            before = self.state.get(f"{name}.{part}", torch.full_like(found, first))
            self.state[f"{name}.{part}"] = momentum * before + (1 - momentum) * found.detach()
        gamma = self.weight(f"{name}.gamma", x.shape[-1])
        return gamma * (x - mean) / torch.sqrt(variance + epsilon) + self.weight(f"{name}.beta", x.shape[-1])

    def side(self, x, side, mirrored):
        """`mirrored`: the encoder's dense weights; this fills it or takes the last away."""
        index = 0
        for layer in self.recipe[side]:
            ((kind, settings),) = layer.items()
            name, count = f"{side}.{index}", len(self.weights)
            if kind == "dense":
                weight, x = self.dense(x, name, settings["units"])
                mirrored.append(weight)
            elif kind == "tiedDense":
                weight = mirrored.pop()
                x = x @ weight.T + self.weight(f"{name}.bias", len(weight))
            elif kind == "conv2D":
                x = self.conv2d(x, name, settings["filters"], settings["size"])
            elif kind == "batchNorm":
                x = self.batch_norm(x, name, **settings)
            elif kind == "maxPool2D":
                x = self.max_pool(x, settings["size"])
            elif kind == "upsample2D":
                x = x.repeat_interleave(settings["factor"], 1).repeat_interleave(settings["factor"], 2)
            else:
                assert kind == "activation", kind
            activation = settings if kind == "activation" else settings.get("activation", "identity")
            x = self.activate(x, activation)
            index += kind not in ("maxPool2D", "upsample2D", "activation")
        return x

    def losses(self, x, noise=None):
        """What is trained, and what is reported: {"loss", "reconstruction", …}."""
        count, loss, mirrored, parts = len(x), self.recipe["loss"], [], {}
        code = self.side(x, "encoder", mirrored)
        if noise is not None:
            size = self.recipe["latent"]["variational"]["units"]
            _, mean = self.dense(code, "mean", size)
            _, log_variance = self.dense(code, "logVariance", size)
            code = mean + torch.exp(0.5 * log_variance) * torch.as_tensor(noise).reshape(mean.shape)
            parts["kl"] = 0.5 * torch.sum(mean**2 + torch.exp(log_variance) - 1 - log_variance) / count
        y = self.side(code, "decoder", mirrored)
        error = {
            "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits,
            "binaryCrossEntropy": F.binary_cross_entropy,
            "squaredError": F.mse_loss,
        }[loss["reconstruction"]]
        reduction = loss["reduction"]
        reconstruction = error(y, x, reduction="mean" if reduction == "mean" else "sum")
        parts = {"reconstruction": reconstruction / (count if reduction == "batchMean" else 1), **parts}
        if "l2" in loss:
            squares = [value.square().sum() for name, value in self.weights.items() if name.endswith(".weight")]
            parts["l2"] = loss["l2"] / 2 * sum(squares)
        trained = sum(parts.values())
        share = count if reduction == "sum" else 1
        return trained, {name: part.item() / share for name, part in {"loss": trained, **parts}.items()}


def make_optimizer(settings, weights):
    ((name, settings),) = settings.items()
    rate = settings["learningRate"]
    if name == "sgd":
        return torch.optim.SGD(
            weights.values(), lr=rate, momentum=settings.get("momentum", 0), nesterov=settings.get("nesterov", False)
        )
    if name == "rmsProp":
        return torch.optim.RMSprop(
            weights.values(), lr=rate, alpha=settings["rho"], eps=settings["epsilon"], momentum=settings["momentum"]
        )
    adam = dict(lr=rate, betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])
    if name == "adam":
        return torch.optim.Adam(weights.values(), **adam)
    decaying = [value for key, value in weights.items() if key.endswith(".weight")]
    others = [value for key, value in weights.items() if not key.endswith(".weight")]
    groups = [{"params": decaying, "weight_decay": settings["decay"]}, {"params": others, "weight_decay": 0}]
    return torch.optim.AdamW(groups, **adam)


def clip(clipping, weights):
    """→ whether anything changed. Not clip_grad_norm_, which adds 1e-6 to the norm."""
    gradients = [value.grad for value in weights.values()]
    if "value" in clipping:
        limit = clipping["value"]
        reaches = max(g.abs().max().item() for g in gradients) > limit
        for gradient in gradients:
            gradient.clamp_(-limit, limit)
        return reaches
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    for gradient in gradients:
        gradient.mul_(clipping["norm"] / max(norm, clipping["norm"]))
    return norm > clipping["norm"]


def factor(schedule, step, steps_per_epoch):
    """Of the learning rate, at a step counted from 0."""
    if not schedule:
        return 1
    decay = schedule["decay"]["exponential"]
    return decay["factor"] ** (step / steps_per_epoch / decay["epochs"])


def train(recipe, network, examples, steps):
    """In order, epoch after epoch, the last smaller batch included.
    → the batches' sizes, the steps' losses, the noise used, the first step's gradients."""
    sizes, losses, noises, gradients, clipped, start = [], [], [], None, [], 0
    steps_per_epoch = -(-len(examples) // recipe["batchSize"])
    optimizer = make_optimizer(recipe["optimizer"], network.weights)
    rates = [group["lr"] for group in optimizer.param_groups]
    for step in range(steps):
        x = examples[start : start + recipe["batchSize"]]
        start = start + len(x) if start + len(x) < len(examples) else 0
        noise = None
        if "latent" in recipe:
            noise = normals(recipe["seed"], LATENT_STREAM, step, len(x) * recipe["latent"]["variational"]["units"])
            noises.append(noise)
        trained, reported = network.losses(x, noise)
        optimizer.zero_grad()
        trained.backward()
        if gradients is None:
            gradients = {name: value.grad.clone() for name, value in network.weights.items()}
        if "clipping" in recipe:
            clipped.append(clip(recipe["clipping"], network.weights))
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * factor(recipe.get("schedule"), step, steps_per_epoch)
        optimizer.step()
        sizes.append(len(x))
        losses.append(reported)
    assert "clipping" not in recipe or len(set(clipped)) == 2, "clipping should change some steps and not others"
    return sizes, losses, noises, gradients


# --- the runs ---------------------------------------------------------------------------------------


def layers(*pairs):
    return [{"dense": {"units": units, "activation": activation}} for units, activation in pairs]


def conv(filters, activation):
    return {"conv2D": {"filters": filters, "size": 3, "activation": activation}}


def loss(reconstruction, reduction="mean", **more):
    return {"reconstruction": reconstruction, "reduction": reduction, **more}


ADAM = {"adam": {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}}
OTHER_ADAM = {"adam": {"learningRate": 1e-2, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4}}
SGD = {"sgd": {"learningRate": 1e-2}}
LOGITS, BCE, MSE = "binaryCrossEntropyWithLogits", "binaryCrossEntropy", "squaredError"
TANH = dict(input=[9], encoder=layers((6, "tanh"), (3, "tanh")), decoder=layers((6, "tanh"), (9, "sigmoid")))

RUNS = {
    # the two first recipes, scaled down
    "dense": dict(
        input=[12], encoder=layers((8, "relu"), (6, "relu"), (3, "identity")),
        decoder=layers((6, "relu"), (8, "relu"), (12, "identity")), loss=loss(LOGITS), optimizer=ADAM),
    "vae": dict(
        input=[12], encoder=layers((7, "relu")), latent={"variational": {"units": 3}},
        decoder=layers((7, "relu"), (12, "identity")), loss=loss(LOGITS, "batchMean"), optimizer=ADAM),
    # one for each other activation; between them the other losses and optimizers
    "dense-elu": dict(
        input=[9], encoder=layers((6, "elu"), (3, "identity")), decoder=layers((6, "elu"), (9, "identity")),
        loss=loss(MSE), optimizer=ADAM),
    "dense-sigmoid": dict(
        input=[9], encoder=layers((6, "sigmoid"), (3, "sigmoid")), decoder=layers((6, "sigmoid"), (9, "sigmoid")),
        loss=loss(BCE), optimizer=OTHER_ADAM),
    "dense-tanh": dict(
        input=[9], encoder=layers((6, "tanh"), (3, "tanh")), decoder=layers((6, "tanh"), (9, "tanh")),
        loss=loss(MSE, "sum"), optimizer=SGD),
    "dense-softplus": dict(
        input=[9], encoder=layers((6, "softplus"), (3, "identity")),
        decoder=layers((6, "softplus"), (9, "sigmoid")), loss=loss(MSE), optimizer=SGD),
    # the tutorials' other networks, scaled down
    "stacked": dict(
        input=[9], encoder=layers((6, "elu"), (3, "elu")), decoder=layers((6, "elu"), (9, "identity")),
        loss=loss(MSE, l2=0.1), optimizer=ADAM),
    "tied": dict(
        input=[9], encoder=layers((6, "elu"), (3, "elu")),
        decoder=[{"tiedDense": {"activation": "elu"}}, {"tiedDense": {}}], loss=loss(MSE, l2=0.1), optimizer=OTHER_ADAM),
    "tied-tanh": dict(
        input=[9], normalization="mean", encoder=layers((6, "tanh"), (3, "tanh")),
        decoder=[{"tiedDense": {"activation": "tanh"}}] * 2, loss=loss(MSE, "sum"), optimizer=ADAM),
    "conv": dict(
        input=[6, 6, 1], encoder=[conv(2, "tanh"), {"maxPool2D": {"size": 2}}],
        decoder=[conv(2, "elu"), {"upsample2D": {"factor": 2}}, conv(1, "sigmoid")], loss=loss(BCE), optimizer=SGD),
    "batch-norm": dict(
        input=[9], encoder=[*layers((6, "identity")), {"batchNorm": {"momentum": 0.8}}, {"activation": "tanh"}],
        decoder=layers((9, "sigmoid")), loss=loss(MSE), optimizer=SGD),
    "conv-batch-norm": dict(
        input=[4, 4, 1], encoder=[conv(2, "tanh"), {"batchNorm": {"momentum": 0.5, "epsilon": 0.01}}],
        decoder=[conv(1, "sigmoid")], loss=loss(BCE), optimizer=SGD),
    # the other optimizers, clipping, a schedule
    "rms-prop": dict(
        TANH, loss=loss(BCE),
        optimizer={"rmsProp": {"learningRate": 1e-3, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-5}}),
    "adam-w": dict(
        TANH, loss=loss(BCE),
        optimizer={"adamW": {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-5, "decay": 0.1}}),
    "momentum": dict(
        TANH, loss=loss(BCE), schedule={"decay": {"exponential": {"epochs": 1, "factor": 0.5}}},
        optimizer={"sgd": {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}}),
    "clipping-norm": dict(
        TANH, loss=loss(MSE, "sum"), clipping={"norm": 7.5}, optimizer={"sgd": {"learningRate": 0.01}}),
    "clipping-value": dict(
        TANH, loss=loss(MSE, "sum"), clipping={"value": 1.8}, optimizer={"sgd": {"learningRate": 0.01}}),
}  # fmt: skip


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
    # asks for every weight; the noise only matters by being there
    network.losses(examples[:1], np.zeros(recipe["latent"]["variational"]["units"]) if "latent" in recipe else None)
    network.state, network.margin = {}, math.inf
    initial = tensors({key: value.clone() for key, value in network.weights.items()})
    sizes, losses, noises, gradients = train(recipe, network, examples, steps)
    assert sizes == [5, 5, 5, 2, 5, 5, 5, 2, 5, 5]
    # float32 must not fall on the other side of a relu's kink, or find another pixel the largest
    assert network.margin > MARGIN, f"{name}: {network.margin} is too near to another derivative"
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    record = {"name": name, "versions": versions, "recipe": recipe, "exampleCount": count, "steps": steps}
    record["pixels"] = pixels.tolist()
    if noises:
        record["noise"] = [noise.tolist() for noise in noises]
    record["losses"] = losses
    record["initialWeights"] = initial
    record["gradients"] = tensors(gradients)
    record["weights"] = tensors(network.weights)
    record["state"] = tensors(network.state)
    return record


# --- files ------------------------------------------------------------------------------------------


def text(value, depth=0):
    """JSON with a line to each row, step and tensor."""
    pad = "  " * (depth + 1)
    if isinstance(value, dict) and value and depth < 2 and any(isinstance(v, (dict, list)) for v in value.values()):
        if "shape" not in value:
            body = (f"{pad}{json.dumps(key)}: {text(item, depth + 1)}" for key, item in value.items())
            return "{\n" + ",\n".join(body) + "\n" + "  " * depth + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(pad + json.dumps(item) for item in value) + "\n" + "  " * depth + "]"
    return json.dumps(value, allow_nan=False)


def differences(expected, found, path=""):
    """Where two records differ by more than rounding; versions may."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            if path + key != "versions":
                yield from differences(expected.get(key), found.get(key), f"{path}{key}.")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(*pair, f"{path}{index}.")
    elif isinstance(expected, float) and isinstance(found, float):
        if not abs(expected - found) <= 1e-12 + 1e-12 * abs(expected):
            yield f"{path[:-1]}: {expected} in the file, {found} now"
    elif expected != found:
        yield f"{path[:-1]}: {expected} in the file, {found} now"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=root / "Tests/TrainingTests/Golden")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the files differ")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    check_philox()
    failed = False
    for name in RUNS:
        record, file = golden(name), arguments.output / f"{name}.json"
        if arguments.check:
            for line in differences(json.loads(file.read_text()), json.loads(text(record))):
                failed = True
                print(f"{file.name}: {line}")
        else:
            arguments.output.mkdir(parents=True, exist_ok=True)
            file.write_text(text(record) + "\n")
        print(f"{name}: loss {record['losses'][0]['loss']:.6f} to {record['losses'][-1]['loss']:.6f}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
