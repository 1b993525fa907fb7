"""Operations on sequences [N, T, C], computed by PyTorch's; windows are those of images.py, with one row."""
import math

import torch
import torch.nn.functional as F

GATES = {"lstm": 4, "gru": 3}


def turned(x):
    """[N, T, C] to [N, C, T], which PyTorch's convolutions take, and back."""
    return x.permute(0, 2, 1)


def padded(x, window, value=0):
    """[N, C, T] with "same" padding: ⌈T / stride⌉ windows, an odd step at the end."""
    if not window.same:
        return x
    missing = max((-(-x.shape[2] // window.stride) - 1) * window.stride + window.size - x.shape[2], 0)
    return F.pad(x, (missing // 2, missing - missing // 2), value=value)


def convolution(x, weight, window):
    """weight: [K, C, O]."""
    return turned(F.conv1d(padded(turned(x), window), weight.permute(2, 1, 0).contiguous(), stride=window.stride))


def transposed_convolution(x, weight, window):
    """weight: [K, O, C]. Cut or filled up as images.transposed_convolution is."""
    y = F.conv_transpose1d(turned(x), weight.permute(2, 1, 0).contiguous(), stride=window.stride)
    over = max(window.size - window.stride, 0)
    start = over // 2 if window.same else 0
    length = window.stride * x.shape[1] + (0 if window.same else over)
    return turned(F.pad(y, (0, max(start + length - y.shape[2], 0)))[:, :, start : start + length])


def max_pool(x, window):
    """→ the maximum of each window, and the smallest distance to the second largest value."""
    largest = padded(turned(x), window, -math.inf).unfold(2, window.size, window.stride).topk(2).values
    return turned(largest[..., 0]), (largest[..., 0] - largest[..., 1]).min().item()


def average_pool(x, window):
    """Steps outside of the sequence do not count."""
    x = turned(x)
    sums, shares = (F.avg_pool1d(padded(y, window), window.size, window.stride) for y in (x, torch.ones_like(x)))
    return turned(sums / shares)


def recurrent(x, kind, units, weight, recurrent_weight, bias, recurrent_bias=None):
    """weight: [C, gates · units]; recurrent_weight: [units, gates · units]. → all states."""
    if recurrent_bias is None:
        recurrent_bias = torch.zeros_like(bias)
    weights = [weight.T.contiguous(), recurrent_weight.T.contiguous(), bias, recurrent_bias]
    first = torch.zeros(1, len(x), units, dtype=x.dtype)
    run, state = (torch.lstm, (first, first)) if kind == "lstm" else (torch.gru, first)
    return run(x, state, weights, True, 1, 0.0, True, False, True)[0]
