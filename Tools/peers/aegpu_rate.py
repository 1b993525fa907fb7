"""What aegpu says of itself: its recipes, its devices, and how fast it trains. The only file here that runs it."""
import json
import pathlib
import subprocess
import tempfile

SECONDS = 300  # for one call
EPOCHS = 4


class Failure(Exception):
    """The program did not do what it was asked; its last line says why."""


def call(aegpu, *arguments):
    """What it printed. Raises `Failure`, `subprocess.TimeoutExpired`, `OSError`."""
    done = subprocess.run([aegpu, *arguments], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise Failure(f"exit {done.returncode}: {lines[-1]}")
    return done.stdout


def recipes(aegpu):
    return [entry["name"] for entry in json.loads(call(aegpu, "recipes", "--format", "json"))]


def devices(aegpu):
    return json.loads(call(aegpu, "list-devices", "--format", "json"))


def example_count(recipe):
    """As many as the recipe's own data set trains on."""
    return 100 if recipe == "linear-pca" else 60_000


def rate(aegpu, device, recipe, batch):
    """`batchSize`, examples a second by `windows`, and what else is known; `batch` None is the recipe's own.
    By `bench`; where that fails, by `train`, and `note` says so."""
    size = ["--batch-size", str(batch)] if batch else []
    try:
        row = json.loads(call(aegpu, "bench", recipe, "--device", device, "--format", "json", *size))[0]
        return {"batchSize": row["batchSize"], "windows": [row["samplesPerSecond"]["median"]], "bench": row}
    except (Failure, LookupError, ValueError) as error:
        return trained(aegpu, device, recipe, size) | {"note": f"by train, as bench did not serve: {error}"}


def trained(aegpu, device, recipe, size):
    """By the metrics of a short run; the first epoch pays for what is done once."""
    data = [] if recipe == "linear-pca" else ["--data", "digits"]
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        call(
            aegpu, "train", recipe, *data, *size, "--device", device, "--epochs", str(EPOCHS), "--output", str(run),
            "--validation", "none", "--set", f"pictures.every={EPOCHS + 1}")  # fmt: skip
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        text = (run / "recipe.yaml").read_text()
    own = next(line for line in text.splitlines() if line.startswith("batchSize:"))
    return {"batchSize": int(own.split(":")[1]), "windows": [line["samplesPerSecond"] for line in lines[1:]]}
