"""Training: torch.optim's updates with the rates of torch.optim.lr_scheduler, after gradient clipping."""
import math

import torch
from torch.optim import lr_scheduler

from .losses import losses


def make_optimizer(settings, weights):
    ((name, settings),) = settings.items()
    rate = settings["learningRate"]
    if name == "sgd":
        return torch.optim.SGD(
            weights.values(), lr=rate, momentum=settings.get("momentum", 0), nesterov=settings.get("nesterov", False)
        )
    if name == "rmsProp":
        return torch.optim.RMSprop(
            weights.values(), lr=rate, alpha=settings["rho"], eps=settings["epsilon"],
            momentum=settings.get("momentum", 0),
        )  # fmt: skip
    adam = dict(lr=rate, betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])
    if name == "adam":
        return torch.optim.Adam(weights.values(), **adam)
    decaying = [value for key, value in weights.items() if key.endswith((".weight", ".recurrentWeight"))]
    others = [value for key, value in weights.items() if not key.endswith((".weight", ".recurrentWeight"))]
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


def decays(optimizer, decay, steps_per_epoch):
    """→ schedulers, and the number of steps of each except the last."""
    ((name, settings),) = decay.items()
    if name == "constant":
        return [lr_scheduler.ConstantLR(optimizer, factor=1)], []
    steps = settings["epochs"] * steps_per_epoch
    if name == "exponential":
        return [lr_scheduler.LambdaLR(optimizer, lambda step: settings["factor"] ** (step / steps))], []
    assert steps == int(steps), "PyTorch counts whole steps"
    if name == "step":
        return [lr_scheduler.StepLR(optimizer, int(steps), settings["factor"])], []
    assert name == "cosine", name
    floor = settings.get("floor", 0)
    down = lr_scheduler.CosineAnnealingLR(optimizer, int(steps), floor * optimizer.param_groups[0]["lr"])
    # After its end, PyTorch's cosine would rise again.
    return [down, lr_scheduler.ConstantLR(optimizer, floor, total_iters=10**9)], [int(steps)]


def make_schedule(optimizer, schedule, steps_per_epoch):
    rise, lasting = [], []
    if "warmUp" in schedule:
        steps = int(schedule["warmUp"] * steps_per_epoch)
        rise = [lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1)]
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        lasting = [steps]
    others, more = decays(optimizer, schedule.get("decay", {"constant": {}}), steps_per_epoch)
    milestones = [sum((lasting + more)[: count + 1]) for count in range(len(lasting + more))]
    return lr_scheduler.SequentialLR(optimizer, rise + others, milestones)


def train(network, examples, steps):
    """In order, epoch after epoch, the last smaller batch included.
    → the batches' sizes, the steps' losses, the normals of a variational code, the first step's gradients."""
    recipe = network.recipe
    sizes, reports, noises, gradients, clipped = [], [], [], None, []
    steps_per_epoch = -(-len(examples) // recipe["batchSize"])
    optimizer = make_optimizer(recipe["optimizer"], network.weights)
    schedule = make_schedule(optimizer, recipe.get("schedule", {}), steps_per_epoch)
    for x in network.batches(examples, steps):
        trained, reported, noise = losses(network, x)
        if noise is not None:
            noises.append(noise.reshape(-1))
        optimizer.zero_grad()
        trained.backward()
        if gradients is None:
            gradients = {name: value.grad.clone() for name, value in network.weights.items()}
        if "clipping" in recipe:
            clipped.append(clip(recipe["clipping"], network.weights))
        optimizer.step()
        schedule.step()
        sizes.append(len(x))
        reports.append(reported)
    assert "clipping" not in recipe or len(set(clipped)) == 2, "clipping should change some steps and not others"
    return sizes, reports, noises, gradients
