"""What aegpu says of itself: its recipes, its devices, and how fast it trains. The only file here that runs it."""
import json
import pathlib
import subprocess
import tempfile

SECONDS = 300  # for one call
EPOCHS = 4
NO_SUCH_COMMAND = 64


class Failure(Exception):
    """The program did not do what it was asked; its last line says why."""


def call(aegpu, *arguments):
    """What it printed. Raises `Failure`, its `code` the exit code, `subprocess.TimeoutExpired`, `OSError`."""
    done = subprocess.run([aegpu, *arguments], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        failure = Failure(f"exit {done.returncode}: {lines[0]}")
        failure.code = done.returncode
        raise failure
    return done.stdout


def recipes(aegpu):
    return [entry["name"] for entry in json.loads(call(aegpu, "recipes", "--format", "json"))]


def devices(aegpu):
    return json.loads(call(aegpu, "list-devices", "--format", "json"))


def example_count(recipe):
    """As many as the recipe's own data set trains on."""
    return 100 if recipe == "linear-pca" else 60_000


def rate(aegpu, device, recipe, batch):
    """The batch size and examples a second of some windows; `batch` None is the recipe's own."""
    try:
        return benched(aegpu, device, recipe, batch)
    except Failure as failure:
        if failure.code != NO_SUCH_COMMAND:
            raise
        return trained(aegpu, device, recipe, batch)


def benched(aegpu, device, recipe, batch):
    size = ["--batch-size", str(batch)] if batch else []
    document = json.loads(call(aegpu, "bench", recipe, "--device", device, "--format", "json", *size))
    rows = document if isinstance(document, list) else document.get("rows", [document])
    value = rows[0]["samplesPerSecond"]
    return rows[0]["batchSize"], [value["median"] if isinstance(value, dict) else value]


def trained(aegpu, device, recipe, batch):
    """By the metrics of a short run; the first epoch pays for what is done once."""
    data = [] if recipe == "linear-pca" else ["--data", "digits"]
    size = ["--batch-size", str(batch)] if batch else []
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        call(
            aegpu, "train", recipe, *data, *size, "--device", device, "--epochs", str(EPOCHS), "--output", str(run),
            "--validation", "none", "--set", f"pictures.every={EPOCHS + 1}")  # fmt: skip
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        text = (run / "recipe.yaml").read_text()
    own = next(line for line in text.splitlines() if line.startswith("batchSize:"))
    return int(own.split(":")[1]), [line["samplesPerSecond"] for line in lines[1:]]
