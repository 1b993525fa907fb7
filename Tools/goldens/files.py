"""Writes golden files, and compares two of them."""
import json


def text(value, depth=0):
    """JSON with one line per row, step and tensor."""
    pad = "  " * (depth + 1)
    if isinstance(value, dict) and value and depth < 2 and any(isinstance(v, (dict, list)) for v in value.values()):
        if "shape" not in value:
            body = (f"{pad}{json.dumps(key)}: {text(item, depth + 1)}" for key, item in value.items())
            return "{\n" + ",\n".join(body) + "\n" + "  " * depth + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(pad + json.dumps(item) for item in value) + "\n" + "  " * depth + "]"
    return json.dumps(value, allow_nan=False)


def differences(expected, found, path=""):
    """The places where two records differ by more than rounding, except in versions."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            if path + key != "versions":
                yield from differences(expected.get(key), found.get(key), f"{path}{key}.")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(*pair, f"{path}{index}.")
    elif isinstance(expected, float) and isinstance(found, float):
        if not abs(expected - found) <= 1e-12 + 1e-12 * abs(expected):
            yield f"{path[:-1]}: {expected} in the file, {found} now"
    elif expected != found:
        yield f"{path[:-1]}: {expected} in the file, {found} now"
