"""Runs aegpu: lists its recipes and devices, and measures its training speed. The only file here that runs it."""
import json
import pathlib
import statistics
import subprocess
import tempfile

SECONDS = 300  # for one call
EPOCHS = 4
SETTINGS = "windows", "seconds", "batches"  # those of bench


class Failure(Exception):
    """The program failed; its last line says why."""


def call(aegpu, *arguments):
    """Its standard output. Raises `Failure`, `OSError`. In any case the program has ended when this returns."""
    program = subprocess.Popen(
        [aegpu, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        output, errors = program.communicate(timeout=SECONDS)
    except BaseException as error:
        program.terminate()  # not kill: it ends what it started, and its last words must find a reader
        program.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Failure(f"not done after {SECONDS} s") from None
        raise
    if program.returncode:
        lines = errors.strip().splitlines() or ["no message"]
        raise Failure(f"exit {program.returncode}: {lines[-1]}")
    return output


def recipes(aegpu):
    return [entry["name"] for entry in json.loads(call(aegpu, "recipes", "--format", "json"))]


def devices(aegpu):
    return json.loads(call(aegpu, "list-devices", "--format", "json"))


def example_count(recipe):
    """The number of training examples in the recipe's data set."""
    return 100 if recipe == "linear-pca" else 60_000


def rate(aegpu, device, recipe, batch, settings):
    """`batchSize`, `median` and `best` examples per second, and further facts; `batch` None: the recipe's.
    By `bench` with these settings; where that fails, by `train`, and `note` says so."""
    size = ["--batch-size", str(batch)] if batch else []
    try:
        text = call(aegpu, "bench", recipe, "--device", device, "--format", "json", *size, *options(settings, *SETTINGS))
        row = json.loads(text)[0]
        seen = row["samplesPerSecond"]
        return {"batchSize": row["batchSize"], "median": seen["median"], "best": seen["best"], "bench": row}
    except (Failure, LookupError, ValueError) as error:
        return trained(aegpu, device, recipe, size) | {"note": f"by train, as bench did not serve: {error}"}


def options(settings, *names):
    """The command-line arguments for these settings: `--windows 7 --seconds 0.3`."""
    return [word for name in names for word in (f"--{name}", str(settings[name]))]


def trained(aegpu, device, recipe, size):
    """From the metrics of a short run, without the first epoch, which includes one-time work."""
    data = [] if recipe == "linear-pca" else ["--data", "digits"]
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        call(
            aegpu, "train", recipe, *data, *size, "--device", device, "--epochs", str(EPOCHS), "--output", str(run),
            "--validation", "none", "--set", f"pictures.every={EPOCHS + 1}")  # fmt: skip
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        text = (run / "recipe.yaml").read_text()
    own = next(line for line in text.splitlines() if line.startswith("batchSize:"))
    rates = [line["samplesPerSecond"] for line in lines[1:]]
    return {"batchSize": int(own.split(":")[1]), "median": statistics.median(rates), "best": max(rates)}
