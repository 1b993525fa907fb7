"""seeds.py FOLDER : small files of every format that aegpu reads, to begin fuzzing with, FOLDER/PARSER/NAME."""

import base64
import gzip
import io
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path

folder = Path(sys.argv[1])


def seed(parser, name, data):
    place = folder / parser
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(data)


def npy(shape, kind, data, version=1):
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    length = 2 if version == 1 else 4
    header += b" " * (-(6 + 2 + length + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + data


floats = struct.pack("<12f", *range(12))
arrays = {
    "floats": npy((3, 4), "<f4", floats),
    "doubles": npy((3, 2), "<f8", struct.pack("<6d", *range(6))),
    "bytes": npy((2, 3, 3), "|u1", bytes(range(18))),
    "long": npy((3,), "<i8", struct.pack("<3q", 1, 2, 3), version=2),
    "half": npy((2, 2), "<f2", bytes(8)),
}
for name, data in arrays.items():
    seed("npy", name, data)
for method, name in [(zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated")]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("data.npy", arrays["floats"])
        archive.writestr("labels.npy", arrays["long"])
    seed("npz", name, file.getvalue())

idx = struct.pack(">IIII", 0x803, 2, 3, 3) + bytes(range(18))
seed("idx", "images", idx)
seed("idx", "doubles", struct.pack(">III", 0xE02, 1, 2) + struct.pack(">2d", 1, 2))
seed("gzip", "images", gzip.compress(idx, mtime=0))
seed("gzip", "stored", gzip.compress(idx, 0, mtime=0))

seed("csv", "plain", b"a,b,c\n1,2,3\n4,5.5,-6e3\n")
seed("csv", "quoted", b'"a ""x""";b\n1,5;"2"\n;3\n')
seed("csv", "time", b"time,value\n2024-01-01 00:00:00,1\n2024-01-01 00:05:00,2\n")
seed("csv", "bom", b"\xef\xbb\xbfx\ty\r\n1\t2\r\nNaN\t?\r\n")


def png(width, height, colour, channels, depth=8, interlace=0):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = bytes([0]) + bytes(range((width * channels * depth + 7) // 8))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    palette = chunk(b"PLTE", bytes(range(48))) if colour == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    )


seed("png", "grey", png(3, 2, 0, 1))
seed("png", "colour", png(3, 2, 2, 3))
seed("png", "alpha", png(2, 2, 6, 4))
seed("png", "palette", png(4, 2, 3, 1, 4))
seed("png", "deep", png(2, 2, 0, 1, 16))
# A grey image of 8 by 8 pixels.
seed("jpeg", "grey", base64.b64decode(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/
    wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEI
    I0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip
    qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AIa//9k=
    """
))

recipes = {
    "dense": "{name: a, input: [4], encoder: [{dense: {units: 2, activation: relu}}], decoder: [{dense: {units: 4}}], "
    "loss: {reconstruction: squaredError}, optimizer: {adam: {learningRate: 0.001}}, batchSize: 4, epochs: 1}",
    "conv": "name: b\ninput: [8, 8, 1]\nencoder:\n- conv2D: {filters: 2, size: 3, stride: 2}\n- maxPool2D: {size: 2}\n- flatten: {}\n"
    "latent: {variational: {units: 2}}\ndecoder:\n- dense: {units: 8}\n- reshape: {shape: [2, 2, 2]}\n"
    "- convTranspose2D: {filters: 1, size: 3, stride: 4}\nloss: {reconstruction: binaryCrossEntropyWithLogits, reduction: sum}\n"
    "optimizer: {sgd: {learningRate: 0.1, momentum: 0.9}}\nbatchSize: 2\nepochs: 3\n",
    "series": "{name: c, input: [8, 2], encoder: [{lstm: {units: 3}}], decoder: [{repeat: {count: 8}}, {gru: {units: 3, "
    "returnSequences: true}}, {dense: {units: 2}}], loss: {reconstruction: squaredError}, optimizer: {rmsProp: {learningRate: "
    "0.001}}, batchSize: 4, epochs: 1, data: {window: 8}}",
}
for name, text in recipes.items():
    seed("recipe", name, text.encode())


def safetensors(tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, (shape, values) in tensors.items():
        part = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


weights = {"encoder.0.weight": ([5, 2], [0.5] * 10), "encoder.0.bias": ([2], [0, 0])}
weights |= {"decoder.0.weight": ([2, 5], [0.5] * 10), "decoder.0.bias": ([5], [0] * 5)}
seed("safetensors", "weights", safetensors(weights, {"format": "aegpu 2"}))
seed("tensor", "floats", safetensors({"a": ([3, 2], [0.5] * 6)}, {}))
for kind, data in [("U8", bytes(6)), ("F16", bytes(12)), ("BF16", bytes(12))]:
    text = json.dumps({"a": {"dtype": kind, "shape": [3, 2], "data_offsets": [0, len(data)]}}).encode()
    seed("tensor", kind, struct.pack("<Q", len(text)) + text + data)
replay = {"step": 2, "stepsPerEpoch": 4, "rows": [0, 1], "areBytes": False, "presentShare": 1, "device": "cpu"}
counters = {"epoch": "0", "step": "1", "epochStep": "1", "seed": "0", "replay": json.dumps(replay)}
seed("checkpoint", "step", safetensors(weights | {"batch.examples": ([2, 5], [1.0] * 10)}, counters))


def field(number, kind, value):
    return bytes([number << 3 | kind]) + (bytes([value]) if kind == 0 else bytes([len(value)]) + value)


node = field(4, 2, b"Relu") + field(1, 2, b"x") + field(2, 2, b"y")
graph = field(1, 2, node) + field(2, 2, b"g")
seed("onnx", "model", field(1, 0, 8) + field(2, 2, b"aegpu") + field(8, 2, field(2, 0, 17)) + field(7, 2, graph))

seed("metrics", "line", b'{"epoch":1,"step":2,"train":{"loss":0.5,"kl":1},"validation":{"loss":0.25},"examplesPerSecond":12,"seconds":1}\n')
seed("request", "get", b"GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n")
