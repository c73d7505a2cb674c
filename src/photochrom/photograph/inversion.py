"""From the scan of a negative to the picture that a print of it would show.

A negative holds the light of the scene as density: black silver or dye where it was bright. Density
is the logarithm of what a place lets through, and so is printed: clear film becomes black, the
densest place white, each channel between its own (which takes an orange mask and a tinted base
away), along a curve whose contrast puts the middle tones where those of a print lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import linear_to_srgb, srgb_to_linear
from photochrom.photograph.develop import strip_height
from photochrom.photograph.picture import Photograph

Floats = NDArray[np.float64]

# The margin (share of each side) that is not looked at: holders, perforation, rebate.
_MARGIN: Final = 0.06
# Shares of pixels taken for the film's base and for its densest place.
_BASE, _DENSEST = 0.998, 0.002
# The least that a scanner tells from nothing: density 4.
_LEAST_LIGHT: Final = 1e-4
# Where the median of the picture is to lie, sRGB-encoded, and the range of exposure (as its decimal
# logarithm) that a print is stretched to at most.
_MIDDLE: Final = 0.42
_FLATTEST, _HARDEST = 0.05, 3.0
_LOOKED_AT: Final = 1024


@dataclass(frozen=True)
class Inversion:
    """How a negative was turned into a positive; plain figures for the record.

    Attributes:
        base: Light of the clear film, each channel, sRGB-encoded 0..1.
        densest: Light of the densest place likewise.
        contrast: Decimal logarithm of the range of exposure of the print.
    """

    base: tuple[float, ...]
    densest: tuple[float, ...]
    contrast: float


def positive(photograph: Photograph) -> tuple[Photograph, Inversion]:
    """Turn the scan of a negative into a positive.

    Args:
        photograph: Black-and-white or color; it is not changed.

    Returns:
        The positive, uint16, with the scan's `info`; and how it was made.
    """
    pixels = photograph.pixels
    full = int(np.iinfo(pixels.dtype).max)
    looked_at = _inner(pixels).reshape(-1, 1 if pixels.ndim == 2 else 3)
    base, densest = (np.quantile(looked_at, share, axis=0) / full for share in (_BASE, _DENSEST))
    levels = np.arange(full + 1) / full
    shares = np.stack(
        [_share(levels, light, dark) for light, dark in zip(base, densest, strict=True)], axis=1
    )
    channels = np.arange(shares.shape[1])
    contrast = _contrast(float(np.median(shares[looked_at, channels])))
    print_ = linear_to_srgb(_exposed(shares, contrast).astype(np.float32))
    table = np.rint(print_ * 65535).astype(np.uint16)
    out = np.empty(pixels.shape, np.uint16)
    for top in range(0, len(pixels), step := strip_height(pixels)):
        strip = pixels[top : top + step]
        out[top : top + step] = table[strip, channels] if pixels.ndim == 3 else table[strip, 0]
    told = Inversion(_rounded(base), _rounded(densest), round(contrast, 4))
    return Photograph.from_array(out, info=photograph.info), told


def _inner(pixels: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.unsignedinteger[Any]]:
    height, width = pixels.shape[:2]
    top, left = int(height * _MARGIN), int(width * _MARGIN)
    step = max(1, max(height, width) // _LOOKED_AT)
    return pixels[top : height - top : step, left : width - left : step]


def _share(levels: Floats, base: float, densest: float) -> Floats:
    """Where densities of light lie between those of the base (0) and of the densest place (1)."""
    light, clear, dark = (
        -np.log10(np.maximum(srgb_to_linear(np.asarray(one, np.float32)), _LEAST_LIGHT))
        for one in (levels, base, densest)
    )
    share: Floats = np.clip((light - clear) / max(float(dark - clear), 1e-3), 0, 1)
    return share.astype(np.float64)


def _exposed(share: Floats, contrast: float) -> Floats:
    """Linear light of a print, 0..1, of shares of density."""
    light: Floats = (10.0 ** (contrast * share) - 1) / (10.0**contrast - 1)
    return light


def _contrast(median: float) -> float:
    """The contrast that prints a median density in the middle, found by halving."""
    wanted = float(srgb_to_linear(np.float32(_MIDDLE)))
    low, high = _FLATTEST, _HARDEST
    for _ in range(40):
        middle = (low + high) / 2
        if float(_exposed(np.array(median), middle)) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
