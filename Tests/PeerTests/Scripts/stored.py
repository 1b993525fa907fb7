"""Writes the same numbers as h5py and safetensors store them: stored.py FOLDER."""

import sys

import h5py
import numpy as np
from safetensors.numpy import save_file

folder = sys.argv[1]
numbers = (np.arange(60).reshape(12, 5) % 17 - 3).astype(np.float32) / 4
kinds = {"float32": numbers, "float16": numbers.astype(np.float16), "uint8": (numbers * 4 + 3).astype(np.uint8)}
for name, array in kinds.items():
    with h5py.File(f"{folder}/{name}.h5", "w") as file:
        file["only"] = array
    save_file({"only": array, "bias": np.zeros(3, np.float32)}, f"{folder}/{name}.safetensors")
with h5py.File(f"{folder}/several.h5", "w") as file:
    file["group/deep"] = numbers
    file["one"] = numbers + 1
    file["two"] = numbers + 2
    file.create_dataset("chunks", data=numbers, chunks=(4, 2), compression="gzip", shuffle=True)
    file.create_dataset("halves", data=numbers.astype(np.float16), chunks=(5, 5))
    file.create_dataset("filtered", data=numbers, chunks=(4, 5), compression="lzf")
    file["doubles"] = numbers.astype(np.float64)
    file["big"] = numbers.astype(">f4")
    file["number"] = 3.0
    file["text"] = "text"
