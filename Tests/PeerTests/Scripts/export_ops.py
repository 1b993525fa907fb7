"""export_ops.py FOLDER : models of one op each, run by onnxruntime, compared with the reference's results.

FOLDER/cases.json lists them: name, file, inputs by name and the output, each a shape and the bits of float32 values, and
how close they must be. Prints how many there were; ends with what is wrong, if anything is."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

folder = Path(sys.argv[1])
faults = []


def array(case):
    return np.array(case["values"], np.uint32).view(np.float32).reshape(case["shape"])


def check(case):
    model = onnx.load(folder / case["file"])
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = {name: array(value) for name, value in case["inputs"].items()}
    needed = {value.name for value in session.get_inputs()}
    found = session.run(None, {name: value for name, value in inputs.items() if name in needed})[0]
    wanted = array(case["output"]).astype(np.float64)
    if found.shape != wanted.shape:
        faults.append(f"{case['name']}: shape {found.shape}, expected {wanted.shape}")
        return
    excess = np.abs(found - wanted) - case["absolute"] - case["relative"] * np.abs(wanted)
    if not (excess <= 0).all():
        place = np.unravel_index(np.argmax(np.where(np.isnan(excess), np.inf, excess)), excess.shape)
        faults.append(f"{case['name']}: element {place} is {found[place]}, expected {wanted[place]}")


cases = json.loads((folder / "cases.json").read_text())
for case in cases:
    try:
        check(case)
    except Exception as error:
        faults.append(f"{case['name']}: {type(error).__name__}: {error}")
print(len(cases))
sys.exit("\n".join(faults[:20]) or None)
