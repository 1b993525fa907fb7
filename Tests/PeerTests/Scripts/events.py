"""events.py RUN : TensorBoard's own reader finds in RUN/tensorboard what RUN/metrics.jsonl and RUN/images say."""

import json
import pathlib
import struct
import sys

from google.protobuf import text_format
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

run = pathlib.Path(sys.argv[1])
folder = run / "tensorboard"
events = EventAccumulator(str(folder), size_guidance={"images": 0, "scalars": 0})
events.Reload()
epochs = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
for kind in ("train", "validation"):
    for part in epochs[0][kind]:
        tag = f"{part}/{kind}"
        seen = [(event.step, event.value) for event in events.Scalars(tag)]
        due = [(epoch["epoch"], struct.unpack("f", struct.pack("f", epoch[kind][part]))[0]) for epoch in epochs]
        assert seen == due, f"{tag}: expected {due}, received {seen}"
for kind in ("reconstructions", "samples"):
    images = events.Images(kind)
    files = sorted((run / "images").glob(f"{kind}-epoch-*.png"))
    assert [image.encoded_image_string for image in images] == [file.read_bytes() for file in files], kind
    assert all(image.width > 0 and image.height > 0 for image in images)
embedding = text_format.Parse((folder / "projector_config.pbtxt").read_text(), ProjectorConfig()).embeddings[0]
codes = (folder / embedding.tensor_path).read_text().splitlines()
labels = (folder / embedding.metadata_path).read_text().splitlines()
assert len(codes) == len(labels) > 0
print(len(epochs), len(codes), len(codes[0].split("\t")), len(events.Tags()["scalars"]))
