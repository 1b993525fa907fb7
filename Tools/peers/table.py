#!/usr/bin/env python3
"""Prints a Markdown table of all measurements of beside.py in a folder, and writes them to results.json there.

  python3 Tools/peers/table.py FOLDER

One line per recipe and batch size. Rates are training examples per second. Each float32 mode of a peer has a column. The fastest
mode with TF32 products, which round to ten bits, has a separate column and is not compared.
"""
import json
import pathlib
import sys

from aegpu_rate import SETTINGS, options

WAYS = ["PyTorch eager", "PyTorch compile", "PyTorch compile with CUDA graphs", "JAX", "JAX scan"]
REDUCED = ", TF32"


def markdown(rows):
    if not rows:
        return "Nothing has been measured.\n"
    ways = [way for way in WAYS if any(way in row["programs"] for row in rows)]
    reduced = any(name.endswith(REDUCED) for row in rows for name in row["programs"])
    heads = ["recipe", "batch", "aegpu", "best", "ms a step", *ways]
    if ways:
        heads.append("aegpu : fastest")
    if reduced:
        heads.append("PyTorch's fastest, TF32")
    notes = []
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for row in rows:
        cells = [f"`{row['recipe']}`", str(row["batchSize"]), *own(row, notes)]
        cells += [cell(row, way, notes) for way in ways]
        if ways:
            cells.append(quotient(row, ways))
        if reduced:
            cells.append(fastest_reduced(row, notes))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(said(rows) + lines + [""] * bool(notes) + [f"- {note}" for note in notes]) + "\n"


def said(rows):
    """The device and settings of the measurements."""
    benches = [(row["device"], row["bench"]) for row in rows if "bench" in row]
    there = {f"aegpu on device {device}: {bench['deviceName']}, driver {bench['driver']}" for device, bench in benches}
    there |= {row["torch"] for row in rows}
    for text in {json.dumps(row["settings"]) for row in rows}:
        settings = json.loads(text)
        own, peers = (" ".join(options(settings, *names)) for names in (SETTINGS, SETTINGS[:2]))
        there.add(
            f"taken in turn, rounds: {settings['rounds']}; `aegpu bench RECIPE --device N --batch-size N {own}` and the windows of "
            f"`peers/torch_peer.py RECIPE --batch-size N {peers}`"
        )
    head = "Training examples a second, float32 throughout: the median of the rounds' medians, and aegpu's best window."
    return [head, "", *(f"- {line}" for line in sorted(there)), ""]


def seen(row, program):
    return row["programs"].get(program, {})


def own(row, notes):
    """The median, the best window, and the time of a full batch at the median rate."""
    rates = seen(row, "aegpu")
    if "median" not in rates:
        return [cell(row, "aegpu", notes), "", ""]
    if "note" in row:
        notes.append(f"`{row['recipe']}`, batch {row['batchSize']}, aegpu: {row['note']}")
    return [cell(row, "aegpu", notes), f"{rates['best']:,.0f}", f"{1000 * row['batchSize'] / rates['median']:.3f}"]


def cell(row, program, notes):
    rates = seen(row, program)
    if "error" in rates:
        notes.append(f"`{row['recipe']}`, batch {row['batchSize']}, {program}: {rates['error']}")
    if "median" not in rates:
        return "failed" if "error" in rates else ""
    return f"{rates['median']:,.0f}" + (" (before it failed)" if "error" in rates else "")


def quotient(row, ways):
    medians = [seen(row, way)["median"] for way in ways if "median" in seen(row, way)]
    own = seen(row, "aegpu").get("median")
    return f"{own / max(medians):.2f}" if own and medians else ""


def fastest_reduced(row, notes):
    names = [name for name in row["programs"] if name.endswith(REDUCED)]
    for name in names:
        cell(row, name, notes)
    there = [name for name in names if "median" in seen(row, name)]
    if not there:
        return "failed" if names else ""
    name = max(there, key=lambda name: seen(row, name)["median"])
    way = name.removeprefix("PyTorch ").removesuffix(REDUCED)
    return f"{seen(row, name)['median']:,.0f} ({way})"


def main():
    folder = pathlib.Path(sys.argv[1])
    rows = [json.loads(file.read_text()) for file in (folder / "rows").glob("*.json")]
    rows.sort(key=lambda row: (row["recipe"], row["batchSize"] if isinstance(row["batchSize"], int) else 0))
    (folder / "results.json").write_text(json.dumps(rows, indent=1) + "\n")
    print(markdown(rows), end="")


if __name__ == "__main__":
    main()
