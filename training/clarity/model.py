"""The clarity network: small, one channel, and blind to everything but detail.

It sees the picture with its local mean taken out, has no biases, and adds what it finds to an
ordinary enlargement. So a plain area or a gradient has nothing in it that the network could change,
whatever its weights, and contrast scales through it (a network without biases is homogeneous, which
also serves noise levels it never saw: Mohan et al., "Robust and interpretable blind image
denoising", 2020). The rest is a plain stack of convolutions before a pixel shuffle (Shi et al.,
2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_MEAN_SIDE: Final = 5
_FEATURES: Final = 32
_CONVOLUTIONS: Final = 8


class ClarityNet(nn.Module):
    """Enlarges gray pictures.

    Args:
        scale: 2 or 4.
    """

    def __init__(self, scale: int, features: int = _FEATURES, convolutions: int = _CONVOLUTIONS):
        super().__init__()
        self.scale = scale
        widths = [1, *[features] * convolutions]
        self.body = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1, bias=False) for before, after in pairwise(widths)
        )
        self.head = nn.Conv2d(features, scale * scale, 3, padding=1, bias=False)
        for layer in self.body:
            assert isinstance(layer, nn.Conv2d)
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(self.head.weight)

    def forward(self, gray: Tensor) -> Tensor:
        """(N, 1, H, W), 0..1, to (N, 1, scale H, scale W), about 0..1."""
        pad = _MEAN_SIDE // 2
        mean = F.avg_pool2d(F.pad(gray, (pad,) * 4, mode="replicate"), _MEAN_SIDE, stride=1)
        x = gray - mean
        for number, layer in enumerate(self.body):
            # Every other convolution refines what the two before it found.
            x = F.relu(layer(x)) if number % 2 == 0 else x + F.relu(layer(x))
        plain = F.interpolate(
            gray, scale_factor=float(self.scale), mode="bilinear", align_corners=False
        )
        return plain + F.pixel_shuffle(self.head(x), self.scale)

    def start_from(self, state: Mapping[str, Tensor]) -> None:
        """Take the body of a network of another scale."""
        own = self.state_dict()
        own.update({name: value for name, value in state.items() if name.startswith("body.")})
        self.load_state_dict(own)


def charbonnier(difference: Tensor, epsilon: float = 1e-3) -> Tensor:
    """A smooth absolute value, averaged (Charbonnier et al., 1994)."""
    return torch.sqrt(difference * difference + epsilon * epsilon).mean()
