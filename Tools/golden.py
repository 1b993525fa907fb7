#!/usr/bin/env python3
"""Makes the golden training runs of Tests/TrainingTests/Golden with PyTorch in float64.

  python3 -m venv .build/golden && .build/golden/bin/pip install torch==2.13.0 numpy==2.4.6
  .build/golden/bin/python Tools/golden.py            writes the files
  .build/golden/bin/python Tools/golden.py --check    compares with the files that are there

Nothing here comes from the Swift code: derivatives are PyTorch's, updates are torch.optim's, and the
noise is drawn by the Philox4x32-10 below, which is held to Random123's known answers. A file says all
that a test needs to repeat its run:

  name, versions                          what this is, and what made it
  inputs, encoder, decoder                layer sizes; a layer is {"outputs", "activation"}
  latent                                  size of `mean` and `logVariance`; variational runs only
  loss                                    bceWithLogits, bce, mse: means over batch and pixels;
                                          sumOfSquares: trained on the batch's sum, reported per example;
                                          vae: (sum of bceWithLogits + KL) / batch
  optimizer                               {"name": "adam" | "sgd", its settings}
  batchSize, exampleCount, steps, seed    examples in order, each epoch's last batch is smaller
  pixels                                  [exampleCount][inputs], 0 to 255; the network sees them / 255
  noise                                   variational: for each step the normals, flat over [N, latent]
  losses                                  for each step {"loss", "reconstruction", "kl"}, before its update
  initialWeights, gradients, weights      before the run, of step 0, after the run: {name: {"shape", "values"}}

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
    "linear": lambda x: x, "relu": F.relu, "elu": F.elu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "softplus": F.softplus,
}  # fmt: skip
KINK_MARGIN = 1e-3


def layer_shapes(run):
    """[(layer's name, I, O)] in the order of the network."""
    shapes, size = [], run["inputs"]
    for i, layer in enumerate(run["encoder"]):
        shapes.append((f"encoder.{i}", size, layer["outputs"]))
        size = layer["outputs"]
    if "latent" in run:
        shapes += [("mean", size, run["latent"]), ("logVariance", size, run["latent"])]
        size = run["latent"]
    for i, layer in enumerate(run["decoder"]):
        shapes.append((f"decoder.{i}", size, layer["outputs"]))
        size = layer["outputs"]
    return shapes


def formula_weights(run):
    """Element k of tensor t: 0.9 sin(1.3 k + t), as float32. Biases too, so that they are seen to count."""
    weights, t = {}, 0
    for name, inputs, outputs in layer_shapes(run):
        for part, shape in (("weight", (inputs, outputs)), ("bias", (outputs,))):
            k = np.arange(math.prod(shape), dtype=np.float64)
            weights[f"{name}.{part}"] = (0.9 * np.sin(1.3 * k + t)).astype(np.float32).reshape(shape)
            t += 1
    return weights


class Network:
    """`weights`: name → float64 leaf tensor, dense weights [I, O]."""

    def __init__(self, run, weights):
        self.run = run
        self.weights = {
            name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in weights.items()
        }
        self.kink = math.inf  # the smallest |pre-activation| of a relu so far

    def dense(self, x, name, activation="linear"):
        y = x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        if activation == "relu":
            self.kink = min(self.kink, y.detach().abs().min().item())
        return ACTIVATIONS[activation](y)

    def side(self, x, side):
        for i, layer in enumerate(self.run[side]):
            x = self.dense(x, f"{side}.{i}", layer["activation"])
        return x

    def losses(self, x, noise=None):
        """What is trained, and what is reported: {"loss", "reconstruction", "kl"}."""
        count, h, loss = len(x), self.side(x, "encoder"), self.run["loss"]
        if loss == "vae":
            mean, log_variance = self.dense(h, "mean"), self.dense(h, "logVariance")
            z = mean + torch.exp(0.5 * log_variance) * torch.as_tensor(noise).reshape(mean.shape)
            y = self.side(z, "decoder")
            reconstruction = F.binary_cross_entropy_with_logits(y, x, reduction="sum") / count
            kl = 0.5 * torch.sum(mean**2 + torch.exp(log_variance) - 1 - log_variance) / count
            total = reconstruction + kl
            return total, {"loss": total.item(), "reconstruction": reconstruction.item(), "kl": kl.item()}
        y = self.side(h, "decoder")
        trained = {
            "bceWithLogits": lambda: F.binary_cross_entropy_with_logits(y, x),
            "bce": lambda: F.binary_cross_entropy(y, x),
            "mse": lambda: F.mse_loss(y, x),
            "sumOfSquares": lambda: F.mse_loss(y, x, reduction="sum"),
        }[loss]()
        reported = trained.item() / (count if loss == "sumOfSquares" else 1)
        return trained, {"loss": reported, "reconstruction": reported}


def make_optimizer(settings, parameters):
    if settings["name"] == "sgd":
        return torch.optim.SGD(parameters, lr=settings["learningRate"])
    return torch.optim.Adam(
        parameters, lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"]
    )


def train(run, network, examples, steps):
    """In order, epoch after epoch, the last smaller batch included.
    → the batches' sizes, the steps' losses, the noise used, the first step's gradients."""
    optimizer = make_optimizer(run["optimizer"], list(network.weights.values()))
    sizes, losses, noises, gradients, start = [], [], [], None, 0
    for step in range(steps):
        x = examples[start : start + run["batchSize"]]
        start = start + len(x) if start + len(x) < len(examples) else 0
        noise = None
        if "latent" in run:
            noise = normals(run["seed"], LATENT_STREAM, step, len(x) * run["latent"])
            noises.append(noise)
        trained, reported = network.losses(x, noise)
        optimizer.zero_grad()
        trained.backward()
        if gradients is None:
            gradients = {name: value.grad.clone() for name, value in network.weights.items()}
        optimizer.step()
        sizes.append(len(x))
        losses.append(reported)
    return sizes, losses, noises, gradients


# --- the runs ---------------------------------------------------------------------------------------


def layers(*pairs):
    return [{"outputs": outputs, "activation": activation} for outputs, activation in pairs]


ADAM = {"name": "adam", "learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
OTHER_ADAM = {"name": "adam", "learningRate": 1e-2, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4}
SGD = {"name": "sgd", "learningRate": 1e-2}

RUNS = {
    # the two recipes, scaled down
    "dense": dict(
        inputs=12, encoder=layers((8, "relu"), (6, "relu"), (3, "linear")),
        decoder=layers((6, "relu"), (8, "relu"), (12, "linear")), loss="bceWithLogits", optimizer=ADAM),
    "vae": dict(
        inputs=12, encoder=layers((7, "relu")), latent=3, decoder=layers((7, "relu"), (12, "linear")),
        loss="vae", optimizer=ADAM),
    # one for each other activation; between them the other losses and optimizers
    "dense-elu": dict(
        inputs=9, encoder=layers((6, "elu"), (3, "linear")), decoder=layers((6, "elu"), (9, "linear")),
        loss="mse", optimizer=ADAM),
    "dense-sigmoid": dict(
        inputs=9, encoder=layers((6, "sigmoid"), (3, "sigmoid")), decoder=layers((6, "sigmoid"), (9, "sigmoid")),
        loss="bce", optimizer=OTHER_ADAM),
    "dense-tanh": dict(
        inputs=9, encoder=layers((6, "tanh"), (3, "tanh")), decoder=layers((6, "tanh"), (9, "tanh")),
        loss="sumOfSquares", optimizer=SGD),
    "dense-softplus": dict(
        inputs=9, encoder=layers((6, "softplus"), (3, "linear")), decoder=layers((6, "softplus"), (9, "sigmoid")),
        loss="mse", optimizer=SGD),
}  # fmt: skip


def tensors(weights):
    return {
        name: {"shape": list(value.shape), "values": [float(v) for v in np.asarray(value.detach()).reshape(-1)]}
        for name, value in weights.items()
    }


def golden(name):
    run = {**RUNS[name], "batchSize": 5, "exampleCount": 17, "steps": 10, "seed": 7}
    i, j = np.mgrid[0 : run["exampleCount"], 0 : run["inputs"]]
    pixels = (i * 37 + j * 91 + i * j * 13) % 256
    network = Network(run, formula_weights(run))
    initial = tensors({key: value.clone() for key, value in network.weights.items()})
    sizes, losses, noises, gradients = train(run, network, torch.from_numpy(pixels / 255), run["steps"])
    assert sizes == [5, 5, 5, 2, 5, 5, 5, 2, 5, 5]
    # float32 must not fall on the other side of a relu's kink
    assert network.kink > KINK_MARGIN, f"{name}: a relu's argument of {network.kink} is too near to 0"
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    record = {"name": name, "versions": versions, **run, "pixels": pixels.tolist()}
    if noises:
        record["noise"] = [noise.tolist() for noise in noises]
    record["losses"] = losses
    record["initialWeights"] = initial
    record["gradients"] = tensors(gradients)
    record["weights"] = tensors(network.weights)
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
