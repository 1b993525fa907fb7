"""Steps of several phases: further parts, and the objective and parameters of each phase."""
import math

import torch

from .losses import ERRORS, losses
from .priors import draws, mean_discrepancy
from .updates import make_optimizer


class Tensors:
    """A network's tensors by name, for one batch."""

    def __init__(self, network, x):
        self.network, self.x = network, x
        self.trained, self.reported, _ = losses(network, x)
        self.reconstruction, self.code, latent = network.run(x)
        self.logits = network.recipe["loss"]["reconstruction"] == "binaryCrossEntropyWithLogits"
        if latent is not None:
            mean, log_variance, _ = latent
            self.kl = 0.5 * torch.sum(mean**2 + torch.exp(log_variance) - 1 - log_variance) / len(x)
        if self.logits:
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
        if owner == "decoder":
            y = self.network.layers(x, owner, recipe["decoder"], [])
            return torch.sigmoid(y) if self.logits else y
        return self.network.layers(x, owner, parts[owner]["layers"], [])


def phase_loss(phase, tensors):
    """→ the objective, and the reported losses if the phase is the first."""
    total, reported = 0, {}
    for goal in phase["minimise"]:
        if goal == "loss":
            total, reported = total + tensors.trained, reported | tensors.reported
            continue
        if goal == "kl":
            total, reported["kl"] = total + tensors.kl, tensors.kl.item()
            continue
        ((error, term),) = goal.items()
        x, against = tensors[term["of"]], term["against"]
        if error == "mmd":
            found = mean_discrepancy(x, tensors[against], term.get("kernel", "gaussian"))
            total = total + tensors.network.at(term.get("weight", 1)) * found
            continue
        target = tensors[against] if isinstance(against, str) else torch.full_like(x, against)
        value = tensors.network.at(term.get("weight", 1)) * ERRORS[error](x, target, reduction="sum") / len(x)
        total, reported[phase["name"]] = total + value, reported.get(phase["name"], 0) + value.item()
    return total, reported | {"loss": total.item()}


def is_open(phase, found, network):
    """Whether a phase updates its parameters in a step with these losses."""
    if "when" not in phase:
        return True
    loss, when = found[phase["when"]["phase"]], phase["when"]
    low, high = when.get("above", -math.inf), when.get("below", math.inf)
    network.keep_away(torch.tensor([loss - bound for bound in (low, high) if math.isfinite(bound)]))
    return low < loss < high


def belongs(name, part):
    prefixes = ["encoder.", "mean.", "logVariance.", "codebook."] if part == "encoder" else [part + "."]
    return any(name.startswith(prefix) for prefix in prefixes)


def ask_for_weights(network, x):
    tensors = Tensors(network, x)
    for part in network.recipe.get("parts", []):
        tensors[part["name"]]


def train_phases(network, examples, steps):
    """Like `updates.train`; for each weight, the gradient of the last phase that updates it."""
    recipe = network.recipe
    moved = [
        {key: value for key, value in network.weights.items() if any(belongs(key, part) for part in phase["moves"])}
        for phase in recipe["phases"]
    ]
    optimizers = [
        make_optimizer(phase.get("optimizer", recipe["optimizer"]), weights)
        for phase, weights in zip(recipe["phases"], moved)
    ]
    sizes, reports, gradients, moves = [], [], {}, []
    for x in network.batches(examples, steps):
        report, found = {}, {}
        for index, (phase, weights, optimizer) in enumerate(zip(recipe["phases"], moved, optimizers)):
            tensors = Tensors(network, x)
            value, reported = phase_loss(phase, tensors)
            for weight in network.weights.values():
                weight.grad = None
            value.backward()
            if network.step == 0:
                gradients.update({name: weight.grad.clone() for name, weight in weights.items()})
            found[phase["name"]] = value.item()
            if is_open(phase, found, network):
                optimizer.step()
                moves.append(phase["name"])
            report.update(reported if index == 0 else {phase["name"]: value.item()})
        sizes.append(len(x))
        reports.append(report)
    for phase in recipe["phases"]:
        assert "when" not in phase or 0 < moves.count(phase["name"]) < steps, f"{phase['name']} should pause now and then"
    return sizes, reports, [], {name: gradients[name] for name in network.weights}
