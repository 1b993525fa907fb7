"""The training objective, and the reported losses."""
import math

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Normal, kl_divergence

from .priors import draws, mean_discrepancy

ERRORS = {
    "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits,
    "binaryCrossEntropy": F.binary_cross_entropy,
    "squaredError": F.mse_loss,
}


def losses(network, x):
    """→ the objective; the reported losses, {"loss", "reconstruction", …}; the normal numbers of a variational code."""
    count, loss = len(x), network.recipe["loss"]
    y, code, latent = network.run(x)
    reduction = loss["reduction"]
    batch = 1 if reduction == "sum" else count
    counted = {}  # what a part counts, where that is not what is reported of it
    samples = network.recipe["latent"]["variational"].get("samples", 1) if latent is not None else 1
    if samples > 1:
        parts = {"bound": importance_bound(loss, x, y, code, latent, samples) / batch}
    else:
        error = ERRORS[loss["reconstruction"]](y, x, reduction="mean" if reduction == "mean" else "sum")
        parts = {"reconstruction": error / (count if reduction == "batchMean" else 1)}
    if latent is not None and samples == 1:
        mean, log_variance, _ = latent
        parts["kl"] = 0.5 * torch.sum(mean**2 + torch.exp(log_variance) - 1 - log_variance) / batch
        excess = parts["kl"]
        if "freeBits" in loss:
            units = 0.5 * (mean**2 + torch.exp(log_variance) - 1 - log_variance).mean(0)
            network.keep_away(units - loss["freeBits"])
            excess = units.clamp(min=loss["freeBits"]).sum() * count / batch
        if "klCapacity" in loss:
            excess = (excess - network.at(loss["klCapacity"]) * count / batch).abs()
        counted["kl"] = network.at(loss.get("klWeight", 1)) * excess
    if network.quantized is not None:
        weight = network.recipe["latent"]["codebook"]["commitment"]
        parts["commitment"] = weight * network.quantized.distance(reduction)
        parts["perplexity"] = network.quantized.perplexity
        counted["perplexity"] = 0  # it is only measured
    for name, value in penalties(network, loss, code, batch):
        parts[name] = parts.get(name, 0) + value
    trained = sum(counted.get(name, part) for name, part in parts.items())
    shares = {"perplexity": 1}  # a mean over the batch in any case
    share = count if reduction == "sum" else 1
    reported = {name: part.item() / shares.get(name, share) for name, part in {"loss": trained, **parts}.items()}
    return trained, reported, None if latent is None else latent[2]


def importance_bound(loss, x, y, code, latent, samples):
    """−Σ log (1/K Σ p(x|z) p(z) / q(z|x)) over the examples."""
    mean, log_variance, _ = latent
    error = ERRORS[loss["reconstruction"]](y, x.repeat_interleave(samples, 0), reduction="none")
    density = Normal(0, 1).log_prob(code) - Normal(mean, torch.exp(0.5 * log_variance)).log_prob(code)
    weights = density.sum(1) - error.flatten(1).sum(1)
    return -(torch.logsumexp(weights.reshape(-1, samples), 1) - math.log(samples)).sum()


def penalties(network, loss, code, batch):
    others = tuple(part["name"] + "." for part in network.recipe.get("parts", []))  # they have phases of their own
    weights = [
        value
        for name, value in network.weights.items()
        if name.endswith((".weight", ".recurrentWeight")) and not name.startswith(others)
    ]
    if "l1" in loss:
        for weight in weights:
            network.keep_away(weight[weight != 0])  # 0 itself, a first weight, has the derivative 0
        yield "l1", loss["l1"] * sum(weight.abs().sum() for weight in weights)
    if "l2" in loss:
        yield "l2", loss["l2"] / 2 * sum(weight.square().sum() for weight in weights)
    if "codeL1" in loss:
        network.keep_away(code)
        yield "l1", loss["codeL1"] * code.abs().sum() / batch
    if "mmd" in loss:
        found = mean_discrepancy(code, draws(network, code), loss["mmd"].get("kernel", "gaussian"))
        yield "mmd", network.at(loss["mmd"]["weight"]) * found
    if "sparsity" in loss:
        yield "sparsity", network.at(loss["sparsity"]["weight"]) * sparsity(code, loss["sparsity"]["target"])
    for term, x in network.terms:
        kind, weight = term["kind"], network.at(term["weight"])
        if kind == "l1":
            network.keep_away(x)
        value = {"l1": lambda: x.abs().sum() / batch, "l2": lambda: x.square().sum() / 2 / batch}
        yield term.get("name", kind), weight * (value[kind]() if kind in value else sparsity(x, term["target"]))


def sparsity(code, target):
    target = torch.tensor(target, dtype=torch.float64)
    return kl_divergence(Bernoulli(target), Bernoulli(code.reshape(-1, code.shape[-1]).mean(0))).sum()
