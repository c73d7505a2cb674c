"""The restore network: a U-Net over 2x2 blocks of pixels that finds defects and fills them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (24, 48, 96, 128)
"""Channels at 1/2, 1/4, 1/8 and 1/16 of the size."""

MULTIPLE = 16


def _start(layer: nn.Conv2d, gain: float = 1.0) -> nn.Conv2d:
    """Draw weights that keep the spread of what goes through, times a gain."""
    fan_in = layer.weight[0].numel()
    nn.init.normal_(layer.weight, std=gain / fan_in**0.5)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def _same(before: int, after: int, dilation: int = 1) -> nn.Conv2d:
    """A 3x3 convolution that keeps the size.

    It repeats the picture's rim instead of putting zeros around it: with zeros, a network trained
    on crops learns how far the rim is, and is lost in the middle of pictures larger than they were.
    """
    return nn.Conv2d(
        before, after, 3, padding=dilation, dilation=dilation, padding_mode="replicate"
    )


class Residual(nn.Module):
    """Two convolutions added to what came in; no normalization, so that flat stays flat."""

    def __init__(self, width: int, dilation: int = 1):
        super().__init__()
        self.first = _same(width, width)
        self.second = _same(width, width, dilation)
        _start(self.first, gain=2**0.5)
        # Near nothing at first: deep stacks of these then begin as if they were shallow.
        _start(self.second, gain=0.2)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = x + self.second(F.relu(self.first(F.relu(x))))
        return result


def _blocks(width: int, dilations: tuple[int, ...]) -> nn.Sequential:
    return nn.Sequential(*(Residual(width, dilation) for dilation in dilations))


class RestoreNet(nn.Module):
    """Gray (N, 1, H, W) 0..1 to the logits of a defect and the clean picture, both (N, 1, H, W).

    H and W are multiples of 16. Dilated convolutions at the bottom see about 300 pixels, so that a
    crease or a blotch is filled with what surrounds it. The filling is let through where the mask
    is; outside it there is only what takes noise away.
    """

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS):
        super().__init__()
        half, quarter, eighth, bottom = widths
        self.enter = _start(_same(4, half), gain=2.0)
        self.encode = nn.ModuleList(
            [_blocks(half, (1,)), _blocks(quarter, (1, 1)), _blocks(eighth, (1, 1))]
        )
        steps = [(half, quarter), (quarter, eighth), (eighth, bottom)]
        self.down = nn.ModuleList([_start(nn.Conv2d(a, b, 2, stride=2)) for a, b in steps])
        self.bottom = _blocks(bottom, (1, 2, 4))
        self.up = nn.ModuleList([_start(nn.Conv2d(b, 4 * a, 1)) for a, b in reversed(steps)])
        self.decode = nn.ModuleList(
            [_blocks(eighth, (1,)), _blocks(quarter, (1,)), _blocks(half, (1,))]
        )
        self.leave = _start(_same(half, 12), gain=0.1)
        with torch.no_grad():
            # Few pixels are defects: begin by saying so.
            self.leave.bias[:4] = -3.0  # type: ignore[index]

    def forward(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        x = self.enter(F.pixel_unshuffle(gray - 0.5, 2))
        skips = []
        for encode, down in zip(self.encode, self.down, strict=True):
            x = encode(x)
            skips.append(x)
            x = down(x)
        x = self.bottom(x)
        for up, decode, skip in zip(self.up, self.decode, reversed(skips), strict=True):
            x = decode(F.pixel_shuffle(up(x), 2) + skip)
        x = self.leave(F.relu(x))
        logits, filling, polish = (F.pixel_shuffle(part, 2) for part in x.split(4, dim=1))
        return logits, gray + torch.sigmoid(logits) * filling + polish


def make_cautious(network: RestoreNet, caution: float) -> None:
    """Lower every logit of a defect, in place, so that only what is surer is called one and filled.

    A missed speck leaves the plate as it was; a false one takes away what it recorded.
    """
    with torch.no_grad():
        network.leave.bias[:4] -= caution  # type: ignore[index]


class Shipped(nn.Module):
    """The network as it ships: probabilities, and a picture within its range."""

    def __init__(self, network: RestoreNet):
        super().__init__()
        self.network = network

    def forward(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        logits, clean = self.network(gray)
        return torch.sigmoid(logits), torch.clamp(clean, 0, 1)
