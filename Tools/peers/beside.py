#!/usr/bin/env python3
"""Measures the training speed of every recipe with aegpu and, if PyTorch is installed, alternately with PyTorch on the same device.
With --suite: of the networks of `aegpu bench --suite`, also with JAX, if that is installed.

  python3 Tools/peers/beside.py --aegpu PATH --device 0 --output FOLDER

For each recipe, `--rounds` times: some timing windows of each program. The results are the median of the rounds' medians, and the
best window. FOLDER/rows gets one file per recipe and batch size, written whole or not at all; a recipe with a file is not measured
again, so an interrupted run can be continued. table.py makes the table. Exit status 1 if something failed.
"""
import argparse
import json
import pathlib
import signal
import statistics
import sys

from aegpu_rate import Failure, devices, example_count, rate, recipes

try:
    import torch
    import torch_peer
    from networks import NETWORKS, make
except (ImportError, OSError) as error:  # not there, or without its libraries
    torch, without = None, str(error)
try:
    import suite
except ImportError:
    suite = None
try:
    import jax_peer
except (ImportError, OSError):
    jax_peer = None


def torch_device(aegpu, device):
    """cuda if aegpu's device is a GPU and PyTorch has one; else cpu. ROCm is also named cuda."""
    kinds = {entry["device"]: entry["type"] for entry in devices(aegpu)}
    if kinds.get(device) == "gpu":
        return "cuda" if torch.cuda.is_available() else None
    return "cpu"


def describe_torch(peer):
    """PyTorch's version and device, as text."""
    if peer == "cuda":
        name = torch.cuda.get_device_name()
        return f"PyTorch {torch.__version__} on {name} (CUDA {torch.version.cuda or torch.version.hip})"
    if peer == "cpu":
        return f"PyTorch {torch.__version__} on the CPU, {torch.get_num_threads()} threads"
    return f"PyTorch {torch.__version__} sees no GPU"


def measure(aegpu, device, recipe, batch, peer, settings):
    """By program: `median` and `best` examples per second, or `error`."""
    trainings = {}
    if peer and (recipe in NETWORKS or recipe.endswith(".yaml")):
        size = batch or make(recipe).batch
        trainings = torch_peer.trainings(recipe, size, peer, settings["seconds"])
    elif peer:
        trainings = {"PyTorch": "networks.py has no such network"}
    if jax_peer and recipe.endswith(".yaml") and peer in (None, "cpu"):
        trainings |= jax_peer.trainings(pathlib.Path(recipe), batch, settings["seconds"])
    rounds = {name: [] for name in ["aegpu", *trainings]}
    errors = {name: training for name, training in trainings.items() if isinstance(training, str)}
    more = {}
    for _ in range(settings["rounds"]):
        for name, seen in rounds.items():
            if name in errors:
                continue
            try:
                if name == "aegpu":
                    more = rate(aegpu, device, recipe, batch, settings)
                    seen.append((more.pop("median"), more.pop("best")))
                else:
                    windows = [trainings[name].window() for _ in range(settings["windows"])]
                    seen.append((statistics.median(windows), max(windows)))
            except (Failure, LookupError, OSError, ValueError) as error:
                errors[name] = f"{type(error).__name__}: {error}"
            except Exception as error:  # whatever a framework throws: the others go on
                errors[name] = torch_peer.describe(error)
    programs = {
        name: {
            "median": statistics.median(median for median, _ in seen), "best": max(best for _, best in seen),
            "rounds": [median for median, _ in seen]}
        for name, seen in rounds.items() if seen
    }  # fmt: skip
    programs |= {name: {"error": error} for name, error in errors.items()}
    return {"recipe": recipe, "batchSize": batch or "own", **more, "programs": programs}


def stop(number, _):
    """Exits, once, so that started processes are ended."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--aegpu", required=True, help="the program's path")
    parser.add_argument("--device", default="0", help="a number of aegpu list-devices, or cpu")
    parser.add_argument("recipes", nargs="*", help="default: all")
    parser.add_argument("--suite", action="store_true", help="the networks of the suite, in place of recipes")
    parser.add_argument("--batch-size", type=int, help="default: that of each recipe; recipes with fewer examples are left out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--windows", type=int, default=7, help="timing windows of each program in a round")
    parser.add_argument("--seconds", type=float, default=0.3, help="shortest length of a timing window")
    parser.add_argument("--batches", type=int, default=60, help="batches per epoch of aegpu bench, the shortest window")
    parser.add_argument("--without-torch", action="store_true")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    if arguments.suite:
        if not suite or not suite.files():
            sys.exit("--suite: expected PyYAML and a checkout of aegpu, which has the networks' files")
        files = {file.stem: str(file) for file in suite.files()}
        names = [files[name] for name in arguments.recipes or files]
    else:
        names = arguments.recipes or recipes(arguments.aegpu)
    settings = {name: getattr(arguments, name) for name in ("rounds", "windows", "seconds", "batches")}
    if arguments.without_torch:
        peer, said = None, "PyTorch was not asked for"
    elif torch:
        peer = torch_device(arguments.aegpu, arguments.device)
        said = describe_torch(peer)
    else:
        peer, said = None, f"no PyTorch: {without}"
    batch = arguments.batch_size
    rows = arguments.output / "rows"
    rows.mkdir(parents=True, exist_ok=True)
    failed = []
    for recipe in names:
        if batch and not arguments.suite and batch > example_count(recipe):
            continue
        name = pathlib.Path(recipe).stem
        file = rows / f"{name}-{batch or 'own'}.json"
        if not file.exists():
            print(f"{name}, batch size {batch or 'of the recipe'}", file=sys.stderr, flush=True)
            row = measure(arguments.aegpu, arguments.device, recipe, batch, peer, settings)
            row |= {"recipe": name, "device": arguments.device, "torch": said, "settings": settings}
            new = file.with_suffix(".new")
            new.write_text(json.dumps(row, indent=1) + "\n")
            new.replace(file)
        programs = json.loads(file.read_text())["programs"]
        failed += [f"{name}, {program}" for program, seen in programs.items() if "error" in seen]
    if failed:
        sys.exit("failed, see the table: " + "; ".join(failed))


if __name__ == "__main__":
    main()
