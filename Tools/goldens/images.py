"""Operations on images [N, H, W, C], computed by PyTorch's for [N, C, H, W]."""
import math

import torch
import torch.nn.functional as F


class Window:
    """`size`, `stride` and `padding`, "same" or "valid", of a recipe's layer."""

    def __init__(self, settings, stride):
        self.size, self.stride = settings["size"], settings.get("stride", stride)
        self.same = settings.get("padding", "same") == "same"

    def padded(self, x, value=0):
        """[N, C, H, W] with "same" padding: ⌈H / stride⌉ windows, an odd pixel at the bottom and right."""
        if not self.same:
            return x
        sides = []
        for length in (x.shape[3], x.shape[2]):
            missing = max((-(-length // self.stride) - 1) * self.stride + self.size - length, 0)
            sides += [missing // 2, missing - missing // 2]
        return F.pad(x, sides, value=value)


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def convolution(x, weight, window):
    """weight: [K, K, C, O]."""
    y = F.conv2d(window.padded(channels_first(x)), weight.permute(3, 2, 0, 1).contiguous(), stride=window.stride)
    return channels_last(y)


def transposed_convolution(x, weight, window):
    """weight: [K, K, O, C]. The whole result of length (H − 1) stride + K, cut or filled up to what a convolution
    with this window makes H of: stride H, and for "valid" max(K − stride, 0) more."""
    y = F.conv_transpose2d(channels_first(x), weight.permute(3, 2, 0, 1).contiguous(), stride=window.stride)
    over = max(window.size - window.stride, 0)
    start = over // 2 if window.same else 0
    rows, columns = (window.stride * n + (0 if window.same else over) for n in x.shape[1:3])
    y = F.pad(y, (0, max(start + columns - y.shape[3], 0), 0, max(start + rows - y.shape[2], 0)))
    return channels_last(y[:, :, start : start + rows, start : start + columns])


def max_pool(x, window):
    """→ the maximum of each window, and the smallest distance to the second largest value."""
    x = window.padded(channels_first(x), value=-math.inf)
    windows = x.unfold(2, window.size, window.stride).unfold(3, window.size, window.stride)
    largest = windows.flatten(4).topk(2).values
    return channels_last(largest[..., 0]), (largest[..., 0] - largest[..., 1]).min().item()


def average_pool(x, window):
    """Pixels outside of the image do not count."""
    x = channels_first(x)
    sums, shares = (F.avg_pool2d(window.padded(y), window.size, window.stride) for y in (x, torch.ones_like(x)))
    return channels_last(sums / shares)


def upsample(x, factor, interpolation="nearest"):
    if interpolation == "nearest":
        return x.repeat_interleave(factor, 1).repeat_interleave(factor, 2)
    return channels_last(F.interpolate(channels_first(x), scale_factor=factor, mode=interpolation, align_corners=False))
