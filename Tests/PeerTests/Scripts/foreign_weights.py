"""foreign_weights.py write FOLDER, foreign_weights.py compare FOLDER : weights with the names and layouts of PyTorch and of
Keras, and what the network that they belong to computes, in NumPy and with channels first.

write makes, for each NAME of names.txt, NAME.yaml, a recipe; NAME.npy, examples; NAME-pytorch.safetensors and
NAME-keras.safetensors; and NAME-code.npy. compare wants NAME-pytorch.npy and NAME-keras.npy, the codes and
reconstructions that aegpu made with them, to be those."""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

folder = Path(sys.argv[2])
random = np.random.default_rng(7)


def array(*shape):
    return random.normal(0, 0.5, shape).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def flipped(order, height, width, channels):
    """A dense weight's axis that counts channels first, counted with channels last."""
    return order.reshape(channels, height, width).transpose(1, 2, 0).reshape(-1)


# Each function gives a recipe's network, the file of PyTorch, that of Keras, examples, codes and reconstructions.


def dense():
    w = [array(9, 5), array(3, 9), array(9, 3), array(5, 9)]
    b = [array(9), array(3), array(9), array(5)]
    gamma, beta, mean, variance = array(9), array(9), array(9), array(9) ** 2
    x = array(40, 5)
    h = np.maximum((x @ w[0].T + b[0] - mean) / np.sqrt(variance + 0.001) * gamma + beta, 0)
    code = h @ w[1].T + b[1]
    y = np.tanh(code @ w[2].T + b[2]) @ w[3].T + b[3]
    torch, keras = {}, {}
    names = ["encoder.0", "encoder.10", "decoder.0", "decoder.2"]
    for name, kernel, bias in zip(names, w, b):
        torch |= {f"{name}.weight": kernel, f"{name}.bias": bias}
    torch |= {"encoder.1.weight": gamma, "encoder.1.bias": beta, "encoder.1.running_mean": mean}
    torch |= {"encoder.1.running_var": variance, "encoder.1.num_batches_tracked": np.array(3, np.int64)}
    names = ["encoder/dense", "encoder/dense_1", "decoder/dense", "decoder/dense_1"]
    for name, kernel, bias in zip(names, w, b):
        keras |= {f"{name}/kernel:0": kernel.T, f"{name}/bias:0": bias}
    norm = "encoder/batch_normalization"
    keras |= {f"{norm}/gamma:0": gamma, f"{norm}/beta:0": beta}
    keras |= {f"{norm}/moving_mean:0": mean, f"{norm}/moving_variance:0": variance}
    network = """
input: [5]
freeze: [encoder]
encoder: [{dense: {units: 9}}, {batchNorm: {epsilon: 0.001}}, {activation: relu}, {dense: {units: 3}}]
decoder: [{dense: {units: 9, activation: tanh}}, {dense: {units: 5}}]"""
    return network, torch, keras, x, code, y


def square():
    # The names and sizes that the layers have in aegpu, too: the file's metadata tell whose it is.
    (w, b), (v, c) = (array(6, 6), array(6)), (array(6, 6), array(6))
    x = array(40, 6)
    code = x @ w.T + b
    torch = {"encoder.0.weight": w, "encoder.0.bias": b, "decoder.0.weight": v, "decoder.0.bias": c}
    keras = {}
    # As two models in one: the layers are counted on.
    for name, kernel, bias in [("functional/layers/dense_7", w, b), ("functional_1/layers/dense_2", v, c)]:
        keras |= {f"layers/{name}/vars/0": kernel.T, f"layers/{name}/vars/1": bias}
    network = """
input: [6]
encoder: [{dense: {units: 6}}]
decoder: [{dense: {units: 6}}]"""
    return network, torch, keras, x, code, code @ v.T + c


def variational():
    # Eleven numbered layers, whose order is that of the numbers; square ones, whose transposes fit, too.
    w = [array(6, 6), array(6, 6), array(2, 6), array(2, 6), array(6, 2), array(6, 6)]
    b = [array(len(kernel)) for kernel in w]
    x = array(40, 6)
    h = np.tanh(np.tanh(x @ w[0].T + b[0]) @ w[1].T + b[1])
    code = h @ w[2].T + b[2]
    y = np.tanh(code @ w[4].T + b[4]) @ w[5].T + b[5]
    torch, keras = {}, {}
    for name, kernel, bias in zip(["fc1", "fc2", "fc_mu", "fc_logvar", "fc10", "fc11"], w, b):
        torch |= {f"{name}.weight": kernel, f"{name}.bias": bias}
    for name, kernel, bias in zip(["dense", "dense_1", "z_mean", "z_log_var", "dense_9", "dense_10"], w, b):
        keras |= {f"layers/{name}/vars/0": kernel.T, f"layers/{name}/vars/1": bias}
    network = """
input: [6]
encoder: [{dense: {units: 6, activation: tanh}}, {dense: {units: 6, activation: tanh}}]
latent: {variational: {units: 2}}
decoder: [{dense: {units: 6, activation: tanh}}, {dense: {units: 6}}]"""
    return network, torch, keras, x, code, y


def convolve(x, w, b, stride, before, after):
    """x [N, C, H, W], w [O, C, K, K]."""
    x = np.pad(x, [(0, 0), (0, 0), (before, after), (before, after)])
    views = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwkl,ockl->nohw", views, w) + b[:, None, None]


def convolve_transposed(x, w, b, stride, size):
    """x [N, C, H, W], w [C, O, K, K]; the first size pixels of each side."""
    side = stride * (x.shape[2] - 1) + w.shape[2]
    y = np.zeros((len(x), w.shape[1], side, side), np.float32)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            k = w.shape[2]
            y[:, :, stride * i : stride * i + k, stride * j : stride * j + k] += np.einsum("nc,cokl->nokl", x[:, :, i, j], w)
    return y[:, :, :size, :size] + b[:, None, None]


def convolutional():
    c1, c2, d1, d2 = array(3, 2, 3, 3), array(4, 3, 3, 3), array(4, 3, 3, 3), array(3, 2, 3, 3)
    f1, f2 = array(5, 4 * 4), array(4 * 4, 5)
    b = [array(3), array(4), array(5), array(16), array(3), array(2)]
    x = array(30, 2, 8, 8)
    h = np.maximum(convolve(x, c1, b[0], 2, 0, 1), 0)
    h = convolve(h, c2, b[1], 2, 0, 1)
    code = h.reshape(len(x), -1) @ f1.T + b[2]
    h = np.maximum(code @ f2.T + b[3], 0).reshape(-1, 4, 2, 2)
    h = np.tanh(convolve_transposed(h, d1, b[4], 2, 4))
    y = convolve_transposed(h, d2, b[5], 2, 8)
    torch = {}
    kernels = [("encoder.0", c1), ("encoder.2", c2), ("encoder.4", f1), ("decoder.0", f2), ("decoder.3", d1), ("decoder.5", d2)]
    for (name, kernel), bias in zip(kernels, b):
        torch |= {f"{name}.weight": kernel, f"{name}.bias": bias}
    order = flipped(np.arange(16), 2, 2, 4)
    keras = {
        "encoder/layers/conv2d/vars/0": c1.transpose(2, 3, 1, 0),
        "encoder/layers/conv2d_1/vars/0": c2.transpose(2, 3, 1, 0),
        "encoder/layers/dense/vars/0": f1.T[order],
        "decoder/layers/dense/vars/0": f2.T[:, order],
        "decoder/layers/conv2d_transpose/vars/0": d1.transpose(2, 3, 1, 0),
        "decoder/layers/conv2d_transpose_1/vars/0": d2.transpose(2, 3, 1, 0),
    }
    biases = [b[0], b[1], b[2], b[3][order], b[4], b[5]]
    keras |= {name[:-1] + "1": bias for name, bias in zip(list(keras), biases)}
    network = """
input: [8, 8, 2]
encoder: [{conv2D: {filters: 3, size: 3, stride: 2, activation: relu}}, {conv2D: {filters: 4, size: 3, stride: 2}}, {flatten: {}}, {dense: {units: 5}}]
decoder: [{dense: {units: 16, activation: relu}}, {reshape: {shape: [2, 2, 4]}}, {convTranspose2D: {filters: 3, size: 3, stride: 2, activation: tanh}}, {convTranspose2D: {filters: 2, size: 3, stride: 2}}]"""
    return network, torch, keras, x.transpose(0, 2, 3, 1), code, y.transpose(0, 2, 3, 1)


def recurrent():
    wi, wh, bi, bh = array(16, 3), array(16, 4), array(16), array(16)
    gi, gh, ci, ch = array(15, 4), array(15, 5), array(15), array(15)
    out, bias = array(3, 5), array(3)
    x = array(30, 6, 3)
    h = c = np.zeros((30, 4), np.float32)
    for t in range(6):
        i, f, g, o = np.split(x[:, t] @ wi.T + bi + h @ wh.T + bh, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    code, s, steps = h, np.zeros((30, 5), np.float32), []
    for t in range(6):
        (r, z, n), (qr, qz, qn) = np.split(code @ gi.T + ci, 3, axis=1), np.split(s @ gh.T + ch, 3, axis=1)
        r, z = sigmoid(r + qr), sigmoid(z + qz)
        s = (1 - z) * np.tanh(n + r * qn) + z * s
        steps.append(s @ out.T + bias)
    torch = {}
    for name, found in [("encoder.lstm", [wi, wh, bi, bh]), ("decoder.gru", [gi, gh, ci, ch])]:
        torch |= {f"{name}.{role}_l0": tensor for role, tensor in zip(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], found)}
    torch |= {"decoder.out.weight": out, "decoder.out.bias": bias}

    def gates(x):
        """r, z, n of the last axis as z, r, n."""
        r, z, n = np.split(x, 3, axis=-1)
        return np.concatenate([z, r, n], axis=-1)

    keras = {
        "layers/lstm/cell/vars/0": wi.T,
        "layers/lstm/cell/vars/1": wh.T,
        "layers/lstm/cell/vars/2": bi + bh,
        "layers/gru/cell/vars/0": gates(gi.T),
        "layers/gru/cell/vars/1": gates(gh.T),
        "layers/gru/cell/vars/2": gates(np.stack([ci, ch])),
        "layers/dense/vars/0": out.T,
        "layers/dense/vars/1": bias,
    }
    network = """
input: [6, 3]
encoder: [{lstm: {units: 4}}]
decoder: [{repeat: {count: 6}}, {gru: {units: 5, returnSequences: true}}, {dense: {units: 3}}]"""
    return network, torch, keras, x, code, np.stack(steps, 1)


MODELS = {"dense": dense, "square": square, "variational": variational, "convolutional": convolutional, "recurrent": recurrent}
REST = """
loss: {reconstruction: squaredError, reduction: %s}
optimizer: {adam: {learningRate: 0.001}}
batchSize: 10
epochs: 1
"""


def write():
    for name, make in MODELS.items():
        network, torch, keras, x, code, y = make()
        rest = REST % ("batchMean" if name == "variational" else "mean")
        (folder / f"{name}.yaml").write_text(f"name: {name}{network}{rest}")
        np.save(folder / f"{name}.npy", x)
        np.savez(folder / f"{name}-expected.npz", code=code, reconstruction=y)
        for convention, tensors in [("pytorch", torch), ("keras", keras)]:
            tensors = {key: np.ascontiguousarray(tensor) for key, tensor in tensors.items()}
            metadata = {"format": "pt"} if convention == "pytorch" else None
            save_file(tensors, folder / f"{name}-{convention}.safetensors", metadata)
    (folder / "names.txt").write_text("\n".join(MODELS))


def compare():
    faults = []
    for name in MODELS:
        expected = np.load(folder / f"{name}-expected.npz")
        for convention in ["pytorch", "keras"]:
            for what in ["code", "reconstruction"]:
                wanted = expected[what]
                found = np.load(folder / f"{name}-{convention}-{what}.npy").reshape(wanted.shape)
                difference = np.abs(found - wanted).max() / np.abs(wanted).max()
                print(f"{name}, {convention}, {what}: {difference:.1e}")
                if not difference <= 1e-5:
                    faults.append(f"{name}, {convention}: the {what} differs by {difference:.1e} of its largest value")
    sys.exit("\n".join(faults) or None)


{"write": write, "compare": compare}[sys.argv[1]]()
