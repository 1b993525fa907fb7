"""Steps of several phases: parts beside encoder and decoder, what each phase minimises and moves."""
import torch

from .losses import ERRORS, losses
from .priors import draws, mean_discrepancy
from .updates import make_optimizer


class Tensors:
    """A network's tensors by name, for one batch."""

    def __init__(self, network, x):
        self.network, self.x = network, x
        self.trained, self.reported, _ = losses(network, x)
        self.reconstruction, self.code, _ = network.run(x)
        if network.recipe["loss"]["reconstruction"] == "binaryCrossEntropyWithLogits":
            self.reconstruction = torch.sigmoid(self.reconstruction)

    def __getitem__(self, name):
        if name in ("reconstruction", "code"):
            return getattr(self, name)
        recipe = self.network.recipe
        if name == "prior":
            return draws(self.network, self.code)
        if name == "input":
            return self.x
        if name == "label":
            return self.network.label
        parts = {part["name"]: part for part in recipe["parts"]}
        owner = parts[name].get("shares", name)
        reads = parts[name]["reads"]
        x = torch.cat([self[other] for other in reads], 1) if isinstance(reads, list) else self[reads]
        return self.network.layers(x, owner, parts[owner]["layers"], [])


def phase_loss(phase, tensors):
    total = 0
    for goal in phase["minimise"]:
        if goal == "loss":
            total = total + tensors.trained
            continue
        ((error, term),) = goal.items()
        x, against = tensors[term["of"]], term["against"]
        if error == "mmd":
            found = mean_discrepancy(x, tensors[against], term.get("kernel", "gaussian"))
            total = total + tensors.network.at(term.get("weight", 1)) * found
            continue
        target = tensors[against] if isinstance(against, str) else torch.full_like(x, against)
        total = total + tensors.network.at(term.get("weight", 1)) * ERRORS[error](x, target, reduction="sum") / len(x)
    return total


def belongs(name, part):
    prefixes = ["encoder.", "mean.", "logVariance."] if part == "encoder" else [part + "."]
    return any(name.startswith(prefix) for prefix in prefixes)


def ask_for_weights(network, x):
    tensors = Tensors(network, x)
    for part in network.recipe.get("parts", []):
        tensors[part["name"]]


def train_phases(network, examples, steps):
    """As `updates.train`; of each weight the gradient of the last phase that moves it."""
    recipe = network.recipe
    moved = [
        {key: value for key, value in network.weights.items() if any(belongs(key, part) for part in phase["moves"])}
        for phase in recipe["phases"]
    ]
    optimizers = [
        make_optimizer(phase.get("optimizer", recipe["optimizer"]), weights)
        for phase, weights in zip(recipe["phases"], moved)
    ]
    sizes, reports, gradients = [], [], {}
    for x in network.batches(examples, steps):
        report = {}
        for index, (phase, weights, optimizer) in enumerate(zip(recipe["phases"], moved, optimizers)):
            tensors = Tensors(network, x)
            value = phase_loss(phase, tensors)
            for weight in network.weights.values():
                weight.grad = None
            value.backward()
            if network.step == 0:
                gradients.update({name: weight.grad.clone() for name, weight in weights.items()})
            optimizer.step()
            report.update(tensors.reported if index == 0 else {phase["name"]: value.item()})
        sizes.append(len(x))
        reports.append(report)
    return sizes, reports, [], {name: gradients[name] for name in network.weights}
