"""The restore network: one part finds defects, the other fills them and takes noise away.

The finder starts from an encoder that knows objects, for a thin bright line may be a scratch or a
railing, and only what it belongs to tells. The filler is told where the defects are; it sees what
lies there all the same, and so it can leave what was found by mistake.

Both repeat the picture's rim instead of putting zeros around it: with zeros, a network trained on
crops learns how far away the rim is, and is lost in the middle of pictures larger than they were.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.color.encoder import Encoder, SameConv
from training.precision import exactly

MULTIPLE: Final = 16
# Channels of the filler at 1/2, 1/4, 1/8 and 1/16 of the size, and of the finder likewise.
WIDTHS: Final = (24, 48, 96, 128)
FINDER_WIDTHS: Final = (32, 48, 64, 96)
# The encoder's stages that the finder uses: the last of them at 1/16.
_STAGES: Final = 5


def _start(layer: nn.Conv2d, gain: float = 1.0) -> nn.Conv2d:
    """Draw weights that keep the spread of what goes through, times a gain."""
    fan_in = layer.weight[0].numel()
    nn.init.normal_(layer.weight, std=gain / fan_in**0.5)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def _same(before: int, after: int, dilation: int = 1) -> nn.Conv2d:
    """A 3x3 convolution that keeps the size."""
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


class Finder(nn.Module):
    """Gray (N, 1, H, W) 0..1 to the logits of a defect (N, 1, H, W); H, W multiples of 16."""

    def __init__(self, widths: tuple[int, int, int, int] = FINDER_WIDTHS):
        super().__init__()
        half, quarter, eighth, bottom = widths
        self.encoder = Encoder(0)
        del self.encoder.stages[_STAGES:]
        for layer in self.encoder.modules():
            if isinstance(layer, SameConv):
                layer.rim = "replicate"
        # The stem takes every other place; lines one pixel wide want all of them.
        self.enter = _start(_same(4, half), gain=2.0)
        channels = [stage[-1].project.out_channels for stage in self.encoder.stages]
        self.skips = nn.ModuleList(
            _start(nn.Conv2d(channels[stage], width, 1))
            for stage, width in zip((0, 1, 2, 4), widths, strict=True)
        )
        self.bottom = _blocks(bottom, (1, 2))
        steps = [(bottom, eighth), (eighth, quarter), (quarter, half)]
        self.up = nn.ModuleList(_start(nn.Conv2d(a, b, 1)) for a, b in steps)
        self.decode = nn.ModuleList(_blocks(width, (1,)) for width in (eighth, quarter, half))
        self.leave = _start(_same(half, 4), gain=0.1)
        with torch.no_grad():
            # Few pixels are defects: begin by saying so.
            self.leave.bias.fill_(-3.0)  # type: ignore[union-attr]

    def forward(self, gray: Tensor) -> Tensor:
        x = F.relu6(self.encoder.stem(((gray * 255 - 127) / 128).expand(-1, 3, -1, -1)))
        features = []
        for stage in self.encoder.stages:
            x = stage(x)
            features.append(x)
        fine, quarter, eighth, _, coarse = features
        taken = (fine, quarter, eighth, coarse)
        skips = [skip(x) for skip, x in zip(self.skips, taken, strict=True)]
        skips[0] = skips[0] + self.enter(F.pixel_unshuffle(gray - 0.5, 2))
        x = self.bottom(skips[3])
        for up, decode, skip in zip(self.up, self.decode, skips[2::-1], strict=True):
            x = decode(F.interpolate(up(x), scale_factor=2.0, mode="bilinear") + skip)
        with exactly(x):
            return F.pixel_shuffle(self.leave(F.relu(x.float())), 2)


class Filler(nn.Module):
    """Gray and where it is damaged to the clean picture, all (N, 1, H, W); multiples of 16.

    Dilated convolutions at the bottom see about 300 pixels, so that a crease or a blotch is filled
    with what surrounds it. The filling is let through where the mask is and one pixel around it;
    elsewhere there is only what takes noise away.
    """

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS):
        super().__init__()
        half, quarter, eighth, bottom = widths
        self.enter = _start(_same(8, half), gain=2.0)
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
        self.leave = _start(_same(half, 8), gain=0.1)

    def forward(self, gray: Tensor, mask: Tensor) -> Tensor:
        x = self.enter(F.pixel_unshuffle(torch.cat([gray - 0.5, mask], dim=1), 2))
        skips = []
        for encode, down in zip(self.encode, self.down, strict=True):
            x = encode(x)
            skips.append(x)
            x = down(x)
        x = self.bottom(x)
        for up, decode, skip in zip(self.up, self.decode, reversed(skips), strict=True):
            x = decode(F.pixel_shuffle(up(x), 2) + skip)
        x = self.leave(F.relu(x))
        filling, polish = (F.pixel_shuffle(part, 2) for part in x.split(4, dim=1))
        return gray + F.max_pool2d(mask, 3, 1, 1) * filling + polish


class ShippedFinder(nn.Module):
    """The finder as it ships: probabilities.

    Args:
        network: The finder.
        caution: Taken from its logits, so that only what is surer is called a defect. A missed
            speck leaves the plate as it was; a false one takes away what it recorded.
        mirrored: Whether it looks a second time, at the picture mirrored, and says the mean of both
            logits. Where the looks disagree it is not damage that was seen.
    """

    def __init__(self, network: Finder, caution: float = 0.0, *, mirrored: bool = False):
        super().__init__()
        self.network, self.caution, self.mirrored = network, caution, mirrored

    def forward(self, gray: Tensor) -> Tensor:
        logits: Tensor = self.network(gray)
        if self.mirrored:
            logits = (logits + self.network(gray.flip(-1)).flip(-1)) / 2
        return torch.sigmoid(logits - self.caution)


class ShippedFiller(nn.Module):
    """The filler as it ships: a picture within its range."""

    def __init__(self, network: Filler):
        super().__init__()
        self.network = network

    def forward(self, gray: Tensor, mask: Tensor) -> Tensor:
        return torch.clamp(self.network(gray, mask), 0, 1)
