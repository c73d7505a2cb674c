"""The clarity networks: small, one channel, and blind to everything but detail.

It sees the picture with its local mean taken out, has no biases, and adds what it finds to an
ordinary enlargement. So a plain area or a gradient has nothing in it that the network could change,
whatever its weights, and contrast scales through it (a network without biases is homogeneous, which
also serves noise levels it never saw: Mohan et al., "Robust and interpretable blind image
denoising", 2020). The rest is a plain stack of convolutions before a pixel shuffle (Shi et al.,
2016).

It has two characters. The clear one is near to the truth in the mean, and soft where the print
leaves open what was there. The crisp one commits itself, as a teacher does (`teacher.py`); it is
the clear one and a difference, so that a dial can go from one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SCALES: Final = (2, 4)
_MEAN_SIDE: Final = 5
_FEATURES: Final = 48
_CONVOLUTIONS: Final = 20


class Enlarged(NamedTuple):
    """Both characters of an enlargement, (N, 1, scale H, scale W), about 0..1."""

    clear: Tensor
    crisp: Tensor


class ClarityNet(nn.Module):
    """Enlarges gray pictures two and four times: one body, which sees the print, and heads.

    Rims are zeros, which is what lies beyond them once the local mean is taken out; in ONNX
    Runtime that takes 0.8 of the time of repeated ones.
    """

    def __init__(self, features: int = _FEATURES, convolutions: int = _CONVOLUTIONS):
        super().__init__()
        widths = [1, *[features] * convolutions]
        self.body = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1, bias=False) for before, after in pairwise(widths)
        )
        self.sharpen = nn.Conv2d(features, features, 3, padding=1, bias=False)
        self.heads = _heads(features)
        self.details = _heads(features)
        for layer in (*self.body, self.sharpen):
            assert isinstance(layer, nn.Conv2d)
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            # Residual pairs add up; without this the deepest features start tens of times larger.
            layer.weight.data.mul_(0.7)

    def forward(self, gray: Tensor, scales: Sequence[int] = SCALES) -> tuple[Enlarged, ...]:
        """(N, 1, H, W), 0..1, to both characters for each scale."""
        pad = _MEAN_SIDE // 2
        mean = F.avg_pool2d(F.pad(gray, (pad,) * 4, mode="replicate"), _MEAN_SIDE, stride=1)
        x = gray - mean
        for number, layer in enumerate(self.body):
            # Every other convolution refines what the two before it found.
            x = F.relu(layer(x)) if number % 2 == 0 else x + F.relu(layer(x))
        sharp = x + F.relu(self.sharpen(x))
        enlarged = []
        for scale in scales:
            plain = F.interpolate(
                gray, scale_factor=float(scale), mode="bilinear", align_corners=False
            )
            clear = plain + F.pixel_shuffle(self.heads[str(scale)](x), scale)
            crisp = clear + F.pixel_shuffle(self.details[str(scale)](sharp), scale)
            enlarged.append(Enlarged(clear, crisp))
        return tuple(enlarged)


def _heads(features: int) -> nn.ModuleDict:
    """A convolution for each scale, that adds nothing at first."""
    heads = {}
    for scale in SCALES:
        head = nn.Conv2d(features, scale * scale, 3, padding=1, bias=False)
        nn.init.zeros_(head.weight)
        heads[str(scale)] = head
    return nn.ModuleDict(heads)


class Enlarger(nn.Module):
    """The network as it ships: one scale."""

    def __init__(self, network: ClarityNet, scale: int):
        super().__init__()
        self.network, self.scale = network, scale

    def forward(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        return tuple(self.network(gray, (self.scale,))[0])


def charbonnier(difference: Tensor, epsilon: float = 1e-3) -> Tensor:
    """A smooth absolute value, averaged (Charbonnier et al., 1994)."""
    return torch.sqrt(difference * difference + epsilon * epsilon).mean()
