"""export_data.py FOLDER : data to train and test exported models, computed by formulas: images of IDX files in
images/, tables and a series of CSV files, and beside each what a model is given, float32 as .npy."""

import struct
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
random = np.random.default_rng(1)


def images(count):
    """Blurred blots, one of ten places a class."""
    labels = np.arange(count) % 10
    y, x = np.mgrid[0:28, 0:28]
    centre = np.stack([6 + 4 * (labels % 5), 8 + 12 * (labels // 5)], 1) + random.normal(0, 1, (count, 2))
    distance = (y - centre[:, 1, None, None]) ** 2 + (x - centre[:, 0, None, None]) ** 2
    return np.round(255 * np.exp(-distance / 20)).astype(np.uint8), labels.astype(np.uint8)


def write_idx(path, array):
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(struct.pack(">HBB", 0, 8, array.ndim) + sizes + array.tobytes())


(folder / "images").mkdir()
for prefix, count in [("train", 200), ("t10k", 23)]:
    pixels, labels = images(count)
    write_idx(folder / f"images/{prefix}-images-idx3-ubyte", pixels)
    write_idx(folder / f"images/{prefix}-labels-idx1-ubyte", labels)
np.save(folder / "images.npy", pixels.astype(np.float32) / np.float32(255))
np.save(folder / "labels.npy", labels.astype(np.int64))
np.save(folder / "bytes.npy", pixels.astype(np.float32))


def write_csv(name, array):
    lines = [",".join(f"x{i}" for i in range(array.shape[1]))]
    lines += [",".join("" if np.isnan(x) else repr(float(x)) for x in row) for row in array]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


hidden = random.normal(size=(120, 2))
table = hidden @ random.normal(size=(2, 5)) + 0.1 * random.normal(size=(120, 5))
table = (table * [1, 10, 0.1, 3, 1] + [0, 50, 2, -7, 0]).astype(np.float32)
write_csv("table", table)
np.save(folder / "table.npy", table)
write_csv("points", table[:, :3])
np.save(folder / "points.npy", table[:, :3])
gaps = np.where(random.uniform(size=table.shape) < 0.1, np.float32(np.nan), table)
write_csv("gaps", gaps)
np.save(folder / "gaps.npy", gaps)

time = np.arange(3200)
series = (20 + 5 * np.sin(time / 24 * 2 * np.pi) + 0.3 * random.normal(size=3200)).astype(np.float32)[:, None]
write_csv("series", series)
for window in [48, 288]:
    windows = np.lib.stride_tricks.sliding_window_view(series[:, 0], window)[..., None]
    np.save(folder / f"windows-{window}.npy", np.ascontiguousarray(windows))
