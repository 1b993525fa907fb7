#!/usr/bin/env python3
"""Trains every recipe with aegpu and, where PyTorch is, with it on the same device, in turn, and writes what it saw.

  python3 Tools/peers/beside.py --aegpu PATH --device 0 --output FOLDER

For each recipe and batch size: a window of each program, then again, `--rounds` times; medians and bests of the
windows. FOLDER gets table.md and results.json, whole after each recipe, so that an interrupted run leaves what it had.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from aegpu_rate import Failure, devices, example_count, rate, recipes
from table import markdown

LARGE_BATCH = 8192
try:
    import torch
    import torch_peer
    from networks import NETWORKS, make
except ImportError as error:
    torch = None
    without = str(error)


def torch_device(aegpu, device):
    """cuda where aegpu's device is a GPU and PyTorch sees one; else the CPU. ROCm calls itself cuda, too."""
    kinds = {entry["device"]: entry["type"] for entry in devices(aegpu)}
    if kinds.get(device) == "gpu":
        return "cuda" if torch.cuda.is_available() else None
    return "cpu"


def batches(recipe, chosen):
    """The batch sizes to measure: None is the recipe's own. One larger than the data set is left out."""
    sizes = chosen or [None, LARGE_BATCH]
    return [size for size in sizes if size is None or size <= example_count(recipe)]


def measure(aegpu, device, recipe, batch, peer, rounds):
    """The rows of a recipe at a batch size, one for each program: `windows`, or `error`."""
    rows, trainings = [], {}
    if peer and recipe in NETWORKS:
        trainings = torch_peer.trainings(recipe, batch or make(recipe).batch, peer)
    elif peer:
        rows.append({"program": "PyTorch", "windows": [], "error": "networks.py has no such network"})
    ours = {"program": "aegpu", "windows": []}
    others = [{"program": name, "windows": [], "training": training} for name, training in trainings.items()]
    for _ in range(rounds):
        if "error" not in ours:
            try:
                seen = rate(aegpu, device, recipe, batch)
                batch = batch or seen["batchSize"]
                ours |= seen | {"windows": ours["windows"] + seen["windows"]}
            except (Failure, LookupError, OSError, ValueError, subprocess.SubprocessError) as error:
                ours["error"] = f"{type(error).__name__}: {error}"
        for row in others:
            if isinstance(row["training"], str):
                row["error"] = row["training"]
                continue
            try:
                row["windows"].append(row["training"].window())
            except Exception as error:  # whatever a framework throws: the others go on
                row["training"] = torch_peer.describe(error)
    for row in others:
        del row["training"]
    rows = [ours, *others, *rows]
    for row in rows:
        row |= {"recipe": recipe, "batchSize": batch or "own"}
        if row["windows"]:
            row["samplesPerSecond"] = statistics.median(row["windows"])
            row["bestSamplesPerSecond"] = max(row["windows"])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--aegpu", required=True, help="the program's path")
    parser.add_argument("--device", default="0", help="a number of aegpu list-devices, or cpu")
    parser.add_argument("--recipes", help="names with commas between; default: all")
    parser.add_argument("--batch-sizes", help=f"numbers with commas between; default: the recipe's own and {LARGE_BATCH}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-torch", action="store_true")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    names = arguments.recipes.split(",") if arguments.recipes else recipes(arguments.aegpu)
    chosen = [int(size) for size in arguments.batch_sizes.split(",")] if arguments.batch_sizes else None
    arguments.output.mkdir(parents=True, exist_ok=True)
    record = {"device": arguments.device, "rounds": arguments.rounds, "rows": []}
    peer = None
    if arguments.without_torch:
        record["torch"] = "not asked for"
    elif torch is None:
        record["torch"] = f"not here: {without}"
    else:
        peer = torch_device(arguments.aegpu, arguments.device)
        record["torch"] = f"{torch.__version__} on {peer}" if peer else f"{torch.__version__} sees no GPU"
    failed = False
    for recipe in names:
        for batch in batches(recipe, chosen):
            print(f"{recipe}, batch {batch or 'of its own'}", file=sys.stderr, flush=True)
            rows = measure(arguments.aegpu, arguments.device, recipe, batch, peer, arguments.rounds)
            failed = failed or any("error" in row for row in rows)
            record["rows"] += rows
            (arguments.output / "results.json").write_text(json.dumps(record, indent=1) + "\n")
            (arguments.output / "table.md").write_text(markdown(record))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
