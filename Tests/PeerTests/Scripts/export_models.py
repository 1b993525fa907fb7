"""export_models.py FOLDER : models that aegpu export wrote, run by onnxruntime, by NumPy from the safetensors and the
recipe beside them (network.py), and by the lines of their model cards, beside what aegpu's own commands say.

FOLDER/cases.json lists them: name, input and, of a conditional model, label (.npy files of FOLDER), variational, codebook,
isDense. FOLDER/NAME has model.onnx of the file, exported/{model,encoder,decoder}.onnx of the folder, card/ of safetensors,
and, as .npy, reconstruction, code, indices of a codebook and decoded, the code decoded again. Prints the largest difference
of each model, relative to the largest value; ends with what is wrong, if anything is."""

import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from network import Network
from safetensors.numpy import load_file

TOLERANCE = 1e-5
# The first this many examples are compared.
LARGEST_COUNT = 70
folder = Path(sys.argv[1])
faults = []


def shape(value):
    return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


def expect(case, condition, what):
    if not condition:
        faults.append(f"{case['name']}: {what}")


class Exported:
    """One file, checked, and ready to run."""

    def __init__(self, case, path):
        self.case, self.path = case, path
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        self.inputs = [value.name for value in model.graph.input]
        self.outputs = [value.name for value in model.graph.output]
        values = list(model.graph.input) + list(model.graph.output)
        expect(case, all(shape(value)[0] == "batch_size" for value in values), f"{path.name}: the first axis")
        free = [size for value in values for size in shape(value)[1:] if not isinstance(size, int)]
        expect(case, not free, f"{path.name}: free sizes {free}")
        expect(case, all(value.doc_string for value in values), f"{path.name}: no documentation")
        expect(case, model.opset_import[0].version == 17, f"{path.name}: opset {model.opset_import}")
        expect(case, model.producer_name == "aegpu" and model.producer_version, f"{path.name}: producer")
        metadata = {entry.key: entry.value for entry in model.metadata_props}
        expect(case, metadata.get("recipe") == case["recipe"], f"{path.name}: metadata {metadata}")
        random = [node.op_type for node in model.graph.node if node.op_type.startswith("Random")]
        expect(case, not random, f"{path.name}: random nodes {random}")
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(self, arrays, batch):
        """Its outputs by name, of the arrays in batches of this size."""
        parts = []
        for start in range(0, len(arrays[self.inputs[0]]), batch):
            feed = {name: arrays[name][start : start + batch] for name in self.inputs}
            parts.append(self.session.run(None, feed))
        return {name: np.concatenate(found) for name, found in zip(self.outputs, zip(*parts))}


def compare(case, what, found, wanted):
    found = found.reshape(wanted.shape)
    if not (np.isfinite(wanted).all() and np.isfinite(found).all()):
        faults.append(f"{case['name']}: {what}: values that are not finite")
        return 0
    difference = np.abs(found - wanted).max() / max(np.abs(wanted).max(), 1e-12)
    expect(case, difference <= TOLERANCE, f"{what} differs by {difference:.2e} of its largest value")
    return difference


def check(case):
    own = folder / case["name"]
    wanted = {name: np.load(own / f"{name}.npy") for name in ["reconstruction", "code", "decoded"]}
    arrays = {"input": np.load(folder / case["input"])}
    count = min(len(wanted["reconstruction"]), LARGEST_COUNT)
    if "label" in case:
        arrays["label"] = np.load(folder / case["label"])[:count]
    code = ["mean", "logVariance"] if case.get("variational") else ["code"]
    if case.get("codebook"):
        code.append("indices")
        wanted["indices"] = np.load(own / "indices.npy")
    wanted = {name: array[:count] for name, array in wanted.items()}
    label = ["label"] if "label" in case else []
    whole, same, encoder, decoder = [
        Exported(case, own / name)
        for name in ["model.onnx", "exported/model.onnx", "exported/encoder.onnx", "exported/decoder.onnx"]
    ]
    expect(case, whole.path.read_bytes() == same.path.read_bytes(), "the whole in a folder is another")
    names = [
        (whole, ["input"] + label, ["reconstruction"] + code),
        (encoder, ["input"] + label if case.get("labelsEncoder") else ["input"], code),
        (decoder, ["code"] + label, ["reconstruction"]),
    ]
    for model, inputs, outputs in names:
        received = (model.inputs, model.outputs)
        expect(case, received == (inputs, outputs), f"{model.path.name}: expected {(inputs, outputs)}, received {received}")
    shaped = arrays["input"].reshape([-1] + shape(onnx.load(whole.path).graph.input[0])[1:])[:count]
    arrays |= {"input": shaped, "code": wanted["code"]}
    worst = 0
    for batch in [1, 7]:
        for model in [whole, encoder, decoder]:
            found = model.run(arrays, batch)
            for name, array in found.items():
                if name == "logVariance":
                    expect(case, array.shape == wanted["code"].shape, "the shape of logVariance")
                    continue
                if name == "indices":
                    share = (array.reshape(count, -1) == wanted["indices"].reshape(count, -1)).mean()
                    expect(case, array.dtype == np.int64 and share == 1, f"indices: {share:.4f} are the same")
                    continue
                key = "decoded" if model is decoder else "code" if name == "mean" else name
                what = f"{model.path.name}: {name}, batch {batch}"
                worst = max(worst, compare(case, what, array, wanted[key]))
    worst = max(worst, check_card(case, own / "card", arrays, wanted), check_network(case, own / "card", arrays, wanted))
    print(f"{case['name']}: {worst:.1e}")


def check_card(case, card, arrays, wanted):
    """The lines of the model card, as they stand there, and the shapes that config.json tells."""
    tensors = {name: list(tensor.shape) for name, tensor in load_file(card / "model.safetensors").items()}
    config = json.loads((card / "config.json").read_text())
    listed = {tensor["name"]: tensor["shape"] for layer in config["layers"] for tensor in layer["tensors"]}
    expect(case, all(tensors.get(name) == size for name, size in listed.items()), f"config.json: {listed}, {tensors}")
    expect(case, config["recipe"]["name"] == config["name"] == case["recipe"], "config.json: names")
    lines = re.search("```python\n(.*?)```", (card / "README.md").read_text(), re.DOTALL).group(1)
    names, before = {}, os.getcwd()
    os.chdir(card)
    try:
        exec(lines, names)
    finally:
        os.chdir(before)
    expect(case, ("decode" in names) == case["isDense"], "the model card has a forward pass, or has none")
    if not case["isDense"]:
        return 0
    label = [arrays["label"]] if "label" in case else []
    code = names["encode"](arrays["input"], *label)
    found = names["decode"](code, *label)
    return max(
        compare(case, "the model card's code", code, wanted["code"]),
        compare(case, "the model card's reconstruction", found, wanted["reconstruction"]),
    )


def check_network(case, card, arrays, wanted):
    """The network in NumPy, of the tensors and the recipe of the exported folder."""
    network = Network(card)
    label = [arrays["label"]] if "label" in case else []
    code = network.encode(arrays["input"], *label[: 1 if case.get("labelsEncoder") else 0])
    return max(
        compare(case, "NumPy's code", code, wanted["code"]),
        compare(case, "NumPy's reconstruction", network.decode(code, *label), wanted["reconstruction"]),
        compare(case, "NumPy's decoded code", network.decode(wanted["code"], *label), wanted["decoded"]),
    )


for case in json.loads((folder / "cases.json").read_text()):
    try:
        check(case)
    except Exception as error:
        faults.append(f"{case['name']}: {type(error).__name__}: {error}")
sys.exit("\n".join(faults) or None)
