"""The color network: gray light, emulsion and pins in, a distribution over colors out."""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.color.bins import GRID
from training.color.encoder import Encoder, SameConv
from training.color.lifts import GRAYS, lift_table
from training.precision import exactly

EMULSIONS: Final = 4
# Channels of the decoder at 1/4, 1/8, 1/16 and 1/32.
_WIDTHS: Final = (64, 96, 160, 256)
# Expected error of the color, in CIELAB units, at which certainty falls to 1/e.
_SPREAD: Final = 25.0
# The temperature at which the error is learned that certainty tells.
SETTLED: Final = 0.5


class Film(nn.Module):
    """Scale and shift of each channel by the emulsion (Perez et al., "FiLM", 2018)."""

    def __init__(self, channels: int):
        super().__init__()
        self.table = nn.Linear(EMULSIONS, 2 * channels, bias=False)
        nn.init.zeros_(self.table.weight)

    def forward(self, x: Tensor, emulsion: Tensor) -> Tensor:
        scale, shift = self.table(emulsion)[:, :, None, None].chunk(2, dim=1)
        return x * (1 + scale) + shift


class Attention(nn.Module):
    """One transformer layer over all places of a feature map."""

    def __init__(self, channels: int, heads: int = 4):
        super().__init__()
        self.heads = heads
        # Tells places apart, whatever the size of the picture.
        self.place = SameConv(channels, channels, 3, groups=channels)
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.mlp = nn.Sequential(
            nn.Linear(channels, 2 * channels), nn.ReLU(), nn.Linear(2 * channels, channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.place(x)
        n, c, h, w = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        q, k, v = (
            part.reshape(n, h * w, self.heads, c // self.heads).transpose(1, 2)
            for part in self.qkv(self.norm1(tokens)).chunk(3, dim=-1)
        )
        scores = (q @ k.transpose(-1, -2)) * (c // self.heads) ** -0.5
        mixed = (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(n, h * w, c)
        tokens = tokens + self.out(mixed)
        tokens = tokens + self.mlp(self.norm2(tokens))
        return tokens.transpose(1, 2).reshape(n, c, h, w)


class Stage(nn.Module):
    """One scale of the decoder: what comes from below, the encoder's skip, pins, emulsion."""

    def __init__(self, below: int, skip: int, channels: int, *, kernel: int = 3, attend: int = 0):
        super().__init__()
        self.below = nn.Conv2d(below, channels, 1, bias=False) if below else None
        self.skip = nn.Conv2d(skip, channels, 1)
        self.pins = nn.Conv2d(3, channels, 3, padding=1, bias=False)
        self.norm = nn.GroupNorm(8, channels)
        self.film = Film(channels)
        self.conv1 = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
        self.conv2 = nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
        self.attention = nn.Sequential(*(Attention(channels) for _ in range(attend)))

    def forward(self, below: Tensor | None, skip: Tensor, pins: Tensor, emulsion: Tensor) -> Tensor:
        x = self.skip(skip) + self.pins(pins)
        if self.below is not None and below is not None:
            x = x + F.interpolate(self.below(below), scale_factor=2.0, mode="bilinear")
        x = F.relu(self.film(self.norm(x), emulsion))
        x = x + self.conv2(F.relu(self.conv1(x)))
        return self.attention(x)


def pool_pins(hints: Tensor, cell: int) -> Tensor:
    """Gather pins per cell: the strength-weighted mean color times the strongest strength.

    Args:
        hints: (N, 3, H, W): a*/110, b*/110, strength 0..1.
        cell: Side of a cell in pixels.

    Returns:
        (N, 3, H/cell, W/cell): a*/110 and b*/110, each times the strength, and the strength.
    """
    color, strength = hints[:, :2], hints[:, 2:]
    total = F.avg_pool2d(strength, cell)
    mean = F.avg_pool2d(color * strength, cell) / (total + 1e-6)
    strongest = F.max_pool2d(strength, cell)
    return torch.cat([mean * strongest, strongest], dim=1)


class Said(NamedTuple):
    """What the network says, at a quarter of the input's size.

    Attributes:
        logits: (N, Q, h, w) of the color bins.
        tone: (N, 1, h, w): what to add to the plate's L* for an eye's.
        hidden: (N, C, h, w): what the heads read.
    """

    logits: Tensor
    tone: Tensor
    hidden: Tensor


class ColorNet(nn.Module):
    """Predicts logits over color bins, and an eye's lightness, at a quarter of the input's size.

    Args:
        centers: (Q, 2) a*, b* of the bins.
        variant: Which EfficientNet-Lite encodes: 0, 1 or 2.
    """

    centers: Tensor
    pull: Tensor
    lifts: Tensor

    def __init__(self, centers: Tensor, variant: int = 2):
        super().__init__()
        self.variant = variant
        self.encoder = Encoder(variant)
        fine, eighth, sixteenth, coarse = self.encoder.channels
        self.stage32 = Stage(0, coarse, _WIDTHS[3], kernel=1, attend=2)
        self.stage16 = Stage(_WIDTHS[3], sixteenth, _WIDTHS[2], attend=1)
        self.stage8 = Stage(_WIDTHS[2], eighth, _WIDTHS[1])
        self.stage4 = Stage(_WIDTHS[1], fine, _WIDTHS[0])
        self.head = nn.Sequential(
            nn.Conv2d(_WIDTHS[0], 2 * _WIDTHS[0], 1),
            nn.ReLU(),
            nn.Conv2d(2 * _WIDTHS[0], len(centers), 1),
        )
        self.head_film = Film(2 * _WIDTHS[0])
        # What the colors do not explain: an answer for each emulsion, that of the one told counts.
        self.tone = nn.Conv2d(2 * _WIDTHS[0], EMULSIONS, 1)
        nn.init.zeros_(self.tone.weight)
        nn.init.zeros_(self.tone.bias)
        self.doubt = nn.Sequential(
            nn.Conv2d(2 * _WIDTHS[0] + 1, 32, 1), nn.ReLU(), nn.Conv2d(32, 1, 1)
        )
        self.register_buffer("centers", centers)
        # A pin adds -|bin - color|^2 / (2 GRID^2) to the logits of its cell, so that its color wins
        # there; |color|^2 is the same for all bins and left out.
        pull = torch.cat([centers * 110, -(centers**2).sum(1, keepdim=True) / 2], 1) / GRID**2
        self.register_buffer("pull", pull[:, :, None, None])
        lifts = torch.from_numpy(lift_table(centers.numpy()))
        self.register_buffer("lifts", lifts.transpose(1, 2), persistent=False)
        self.pull_gain = nn.Parameter(torch.tensor(1.0))

    def forward(self, gray: Tensor, emulsion: Tensor, hints: Tensor) -> Said:
        """Return logits, tone and hidden features.

        Args:
            gray: (N, 1, H, W) sRGB-encoded light, 0..1; H and W multiples of 32.
            emulsion: (N, 4) one-hot: blue-sensitive, orthochromatic, panchromatic, unknown.
            hints: (N, 3, H, W) a*/110, b*/110, strength 0..1; zeros where there is no pin.
        """
        fine, eighth, sixteenth, coarse = self.encoder(gray)
        x = self.stage32(None, coarse, pool_pins(hints, 32), emulsion)
        x = self.stage16(x, sixteenth, pool_pins(hints, 16), emulsion)
        x = self.stage8(x, eighth, pool_pins(hints, 8), emulsion)
        pins = pool_pins(hints, 4)
        x = self.stage4(x, fine, pins, emulsion)
        with exactly(x):
            return self._said(x.float(), gray, emulsion, pins)

    def _said(self, x: Tensor, gray: Tensor, emulsion: Tensor, pins: Tensor) -> Said:
        enter, _, leave = self.head
        hidden = F.relu(self.head_film(enter(x), emulsion))
        logits = leave(hidden) + self.pull_gain.abs() * F.conv2d(pins, self.pull)
        rest = (self.tone(hidden) * emulsion[:, :, None, None]).sum(dim=1, keepdim=True)
        tone = self.lifted(logits, F.avg_pool2d(gray, 4), emulsion) + 100 * rest
        return Said(logits, tone, hidden)

    def lifted(self, logits: Tensor, gray: Tensor, emulsion: Tensor) -> Tensor:
        """The mean of `lift_table` over the colors thought possible: (N, 1, h, w) in L*."""
        n, _, height, width = gray.shape
        table = torch.einsum("ne,ekq->nkq", emulsion, self.lifts)
        by_gray = table @ logits.softmax(dim=1).flatten(2)
        # Between two grays of the table, both count by how near they are.
        nodes = torch.arange(GRAYS, device=gray.device, dtype=gray.dtype)[None, :, None]
        near = F.relu(1 - (gray.flatten(2) * (GRAYS - 1) - nodes).abs())
        return (by_gray * near).sum(dim=1).reshape(n, 1, height, width)

    def expected_error(self, hidden: Tensor, spread: Tensor) -> Tensor:
        """Say how far the decoded color is from the true one, in CIELAB units: (N, 1, h, w).

        Only this answer learns from the question: neither features nor colors bend to look sure.

        Args:
            hidden: Of `Said`.
            spread: (N, 1, h, w): root mean square distance of the distribution from the decoded
                color, in CIELAB units.
        """
        seen = torch.cat([hidden, spread / _SPREAD], dim=1).detach()
        return 10 * F.softplus(self.doubt(seen)) + 0.5


class Decoded(nn.Module):
    """The color network as it ships: with the distribution decoded.

    Its color is the annealed mean (Zhang et al. 2016): the mean of the distribution sharpened by a
    temperature below 1. Its certainty is exp(-error / 25), where the error is the expected distance
    of that color from the true one in CIELAB units. Its tone is in units of L*. It also tells
    the distribution itself, so that whoever asks can decode it in another way.
    """

    def __init__(self, network: ColorNet):
        super().__init__()
        self.network = network

    def forward(
        self, gray: Tensor, emulsion: Tensor, hints: Tensor, temperature: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return what the file says, at a quarter of the input's size.

        Returns:
            `ab` (N, 2, h, w); `certainty` and `tone` (N, 1, h, w); `likely` (N, Q, h, w), how
            likely each color of `palette` (Q, 2) is, at a temperature of 1.
        """
        said = self.network(gray, emulsion, hints)
        ab, spread = decode(said.logits, self.network.centers, temperature)
        error = self.network.expected_error(said.hidden, spread)
        likely = said.logits.softmax(dim=1)
        # A tensor of its own: what is an output may be no weight of the file.
        palette = self.network.centers.clone()
        return ab, torch.exp(-error / _SPREAD), said.tone, likely, palette


def decode(logits: Tensor, centers: Tensor, temperature: Tensor | float) -> tuple[Tensor, Tensor]:
    """Decode logits to a color and the spread of the unsharpened distribution around it."""
    ab = mean_color((logits / temperature).softmax(dim=1), centers)
    moments = torch.cat([centers, (centers**2).sum(dim=1, keepdim=True)], dim=1)
    mean = mean_color(logits.softmax(dim=1), moments)
    square = (
        mean[:, 2:] - 2 * (ab * mean[:, :2]).sum(1, keepdim=True) + (ab**2).sum(1, keepdim=True)
    )
    return ab, square.clamp(min=1e-6).sqrt()


def mean_color(share: Tensor, values: Tensor) -> Tensor:
    """Return the mean of (Q, K) values under a (N, Q, H, W) distribution: (N, K, H, W)."""
    return F.conv2d(share, values.t()[:, :, None, None])
