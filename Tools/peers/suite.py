"""The networks of the suite, and any recipe of the same layers, as lists that a framework can build: read from their .yaml files."""
import pathlib

import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Sources/NetworkSuite"
EXAMPLES = 8192  # of random bytes, at least


def files():
    return sorted(FOLDER.glob("*.yaml"))


class Network:
    """`name`, `batch`, `shape` of an example, `rate` of Adam, `encoder`, `latent` (units or None) and `decoder`, `loss` and `reduction`;
    layers are pairs of a kind and its settings."""

    def __init__(self, file):
        text = yaml.safe_load(file.read_text())
        self.name, self.batch, self.shape = text["name"], text["batchSize"], tuple(text["input"])
        self.rate = text["optimizer"]["adam"]["learningRate"]
        self.encoder, self.decoder = ([pair(layer) for layer in text[part]] for part in ("encoder", "decoder"))
        latent = text.get("latent")
        self.latent = latent["variational"]["units"] if latent else None
        self.loss, self.reduction = text["loss"]["reconstruction"], text["loss"]["reduction"]

    @property
    def example_count(self):
        """Whole batches."""
        return -(-max(EXAMPLES, 2 * self.batch) // self.batch) * self.batch


def pair(layer):
    (kind, settings), = layer.items()
    if kind == "activation":
        settings = {"activation": settings}
    return kind, dict(settings)
