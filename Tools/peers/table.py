"""The Markdown table of a `beside.py` run."""

BASE = "PyTorch eager"


def markdown(record):
    """A line for each recipe, batch size and program; the last column is a quotient of medians."""
    lines = [
        f"PyTorch: {record['torch']}. Training examples a second, medians of windows taken in turn.",
        "",
        f"| recipe | batch | program | examples/s | best | ms a step | against {BASE} |",
        "|---|---:|---|---:|---:|---:|---:|",
    ]
    rows = record["rows"]
    bases = {
        (row["recipe"], row["batchSize"]): row["samplesPerSecond"]
        for row in rows
        if row["program"] == BASE and "samplesPerSecond" in row
    }
    for row in rows:
        place = row["recipe"], row["batchSize"]
        lines.append("| " + " | ".join([f"`{place[0]}`", str(place[1]), program(row), *numbers(row, bases.get(place))]) + " |")
    return "\n".join(lines) + "\n"


def program(row):
    return row["program"] + (" (`train`)" if "note" in row else "")


def numbers(row, base):
    if "samplesPerSecond" not in row:
        return [row["error"].replace("|", "/"), "", "", ""]
    rate = row["samplesPerSecond"]
    # An epoch's last batch is smaller, so this is a full batch's time at the epoch's rate.
    step = f"{1000 * row['batchSize'] / rate:.3f}" if isinstance(row["batchSize"], int) else ""
    return [f"{rate:,.0f}", f"{row['bestSamplesPerSecond']:,.0f}", step, f"{rate / base:.2f}" if base else ""]
