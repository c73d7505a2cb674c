"""The texture of film: measured where it is taken away, made again where it is missing.

Grain is described by its strength at each tone and by how far neighbors depend on each other. It is
made again from noise that is a function of the place and a seed only, so that a picture gets the
same grain to the bit whether it is worked on in one piece or row by row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.measure import Grain
from photochrom.measure.grain import cut_blocks, measure_grain

Plane = NDArray[np.float32]

TONES: Final = 8
"""Into how many tones, from black to white, the strength of grain is divided."""

# Side of the tiles in which grain is measured.
_TILE: Final = 256
# A residual beyond this is a piece of the picture or a defect, not grain.
_LARGEST_GRAIN = np.float32(0.12)
# Standard deviation of a normal distribution over its mean absolute deviation.
_SIGMA_OF_MEAN_DEVIATION = math.sqrt(math.pi / 2)


@dataclass(frozen=True)
class Texture:
    """Grain of a picture.

    Attributes:
        sigmas: Standard deviation (of sRGB-encoded light, 0..1) at each of `TONES` tones.
        blur: Standard deviation, in pixels, of the Gaussian that turns white noise into this grain.
    """

    sigmas: tuple[float, ...]
    blur: float

    @property
    def strength(self) -> float:
        """Standard deviation over all tones."""
        return float(np.mean(self.sigmas))

    def at(self, light: Plane) -> Plane:
        """Return the standard deviation of the grain for each pixel of `light`."""
        tone = np.clip(light * TONES - np.float32(0.5), 0, TONES - 1)
        low = tone.astype(np.intp)
        share = tone - low
        sigmas = np.asarray(self.sigmas, dtype=np.float32)
        after = np.append(sigmas[1:], sigmas[-1])
        result: Plane = sigmas[low] * (1 - share) + after[low] * share
        return result


def measured_grain(light: Plane) -> Grain:
    """Measure the grain that is in a plate now, in the flattest places of a few tiles."""
    tops, lefts = ([max(0, (side - _TILE) * i // 3) for i in range(4)] for side in light.shape)
    tiles = [light[top : top + _TILE, left : left + _TILE] for top in tops for left in lefts]
    return measure_grain(cut_blocks(tiles))


class TextureMeter:
    """Measures grain from what distinguishes a picture from its clean version, strip by strip."""

    def __init__(self) -> None:
        self._count = np.zeros(TONES)
        self._deviation = np.zeros(TONES)
        self._power = 0.0
        self._product = 0.0

    def add(self, residual: Plane, light: Plane, where: NDArray[np.bool_] | None = None) -> None:
        """Look at some rows.

        Args:
            residual: (n, W) the picture less its clean version.
            light: (n, W) the clean version, 0..1.
            where: Pixels that count; None counts all.
        """
        residual = np.clip(residual, -_LARGEST_GRAIN, _LARGEST_GRAIN)
        if where is not None:
            residual = np.where(where, residual, np.float32(0))
        tone = np.clip(light * TONES, 0, TONES - 1).astype(np.intp).ravel()
        counted = None if where is None else where.ravel()
        self._count += np.bincount(tone, counted, minlength=TONES)
        self._deviation += np.bincount(tone, np.abs(residual).ravel(), minlength=TONES)
        self._power += float(np.square(residual[:, :-1]).sum(dtype=np.float64))
        self._product += float((residual[:, :-1] * residual[:, 1:]).sum(dtype=np.float64))

    def texture(self) -> Texture:
        """What was measured."""
        # A tone that hardly occurs gets the strength of the nearest ones that do.
        tones = np.arange(TONES)
        near = 0.02 ** np.abs(tones[:, None] - tones)
        deviation = near @ self._deviation / np.maximum(near @ self._count, 1e-9)
        correlation = min(max(self._product / max(self._power, 1e-12), 0.0), 0.98)
        # White noise under a Gaussian of s pixels has the autocorrelation exp(-d^2 / (4 s^2)).
        blur = 0.0 if correlation < 0.02 else math.sqrt(-1 / (4 * math.log(correlation)))
        sigmas = deviation * _SIGMA_OF_MEAN_DEVIATION
        return Texture(tuple(float(sigma) for sigma in sigmas), blur)


def noise(seed: int, rows: slice, columns: slice, blur: float) -> Plane:
    """Make a piece of an endless field of noise of mean 0 and variance 1.

    Args:
        seed: Which field.
        rows: Rows of the piece.
        columns: Columns of the piece.
        blur: Standard deviation, in pixels, of the Gaussian that the noise is smoothed with.

    Returns:
        (rows, columns) float32, a function of the seed, the place and the blur alone.
    """
    kernel = _kernel(blur)
    radius = len(kernel) // 2
    field = _white(
        seed,
        np.arange(rows.start - radius, rows.stop + radius),
        np.arange(columns.start - radius, columns.stop + radius),
    )
    if radius == 0:
        return field
    # Sums of shifted planes: the same operations for each pixel, wherever a piece begins.
    height, width = rows.stop - rows.start, columns.stop - columns.start
    field = _weighted_sum([field[i : i + height] for i in range(2 * radius + 1)], kernel)
    return _weighted_sum([field[:, i : i + width] for i in range(2 * radius + 1)], kernel)


def _weighted_sum(planes: list[Plane], kernel: Plane) -> Plane:
    total: Plane = planes[0] * kernel[0]
    for plane, weight in zip(planes[1:], kernel[1:], strict=True):
        total += plane * weight
    return total


def _kernel(blur: float) -> Plane:
    """A Gaussian that keeps the variance of white noise."""
    if blur < 0.2:
        return np.ones(1, dtype=np.float32)
    radius = math.ceil(2.5 * blur)
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / blur) ** 2)
    kernel: Plane = (taps / np.sqrt(np.square(taps).sum())).astype(np.float32)
    return kernel


def _white(seed: int, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Plane:
    """White noise, nearly normal, from a hash of the place (the finalizer of MurmurHash3)."""
    along = _mixed(columns.astype(np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed & 0xFFFFFFFF))
    down = _mixed(
        rows.astype(np.uint32) * np.uint32(0x85EBCA77) + np.uint32((seed >> 32) & 0xFFFFFFFF)
    )
    bits = _mixed(along[None, :] ^ down[:, None])
    # The sum of four uniform bytes is close to normal; its variance is 4 (256^2 - 1) / 12.
    total = np.zeros(bits.shape, dtype=np.float32)
    for _ in range(4):
        total += bits & np.uint32(0xFF)
        bits >>= np.uint32(8)
    total -= np.float32(4 * 127.5)
    total *= np.float32(1 / math.sqrt(4 * (256**2 - 1) / 12))
    return total


def _mixed(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x85EBCA6B)
    bits ^= bits >> np.uint32(13)
    bits *= np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return bits
