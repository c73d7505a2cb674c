"""Looking at a bounded part of a picture of any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import linear_to_srgb, srgb_to_linear
from photochrom.photograph import Photograph

Plane = NDArray[np.float32]

TILE = 256
"""Side of a tile at full resolution; a multiple of 8, so that tiles keep to the JPEG grid."""

_TILES_ACROSS = 5
_OVERVIEW = 1024
_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True)
class Sample:
    """What is looked at.

    Attributes:
        gray: (h, w) float32, the whole picture, its longer side at most 1,024: sRGB-encoded 0..1.
        color: (h, w, 3), the same in color; None for gray pictures.
        tiles: Square pieces at full resolution, spread evenly: (256, 256), or the whole of a
            picture that is smaller than that. At most 25.
    """

    gray: Plane
    color: Plane | None
    tiles: tuple[Plane, ...]


def sample(photograph: Photograph) -> Sample:
    """Take the overview and the tiles; the time does not grow with the picture."""
    pixels = photograph.pixels
    overview = _overview(pixels)
    return Sample(
        gray=_gray(overview),
        color=overview if pixels.ndim == 3 else None,
        tiles=tuple(
            _gray(_floats(pixels[top : top + TILE, left : left + TILE]))
            for top in _starts(pixels.shape[0])
            for left in _starts(pixels.shape[1])
        ),
    )


def _overview(pixels: NDArray[np.unsignedinteger[Any]]) -> Plane:
    # Skipping pixels first bounds the time; averaging after that keeps noise out of the tones.
    step = max(1, max(pixels.shape[:2]) // (2 * _OVERVIEW))
    thinned = _floats(pixels[::step, ::step])
    longest = max(thinned.shape[:2])
    if longest <= _OVERVIEW:
        return thinned
    height, width = (max(1, round(side * _OVERVIEW / longest)) for side in thinned.shape[:2])
    return np.asarray(
        cv2.resize(thinned, (width, height), interpolation=cv2.INTER_AREA), dtype=np.float32
    )


def _starts(length: int) -> list[int]:
    """Where tiles begin along one side: on the grid of 8, not overlapping."""
    if length <= TILE:
        return [0]
    count = min(_TILES_ACROSS, length // TILE)
    if count == 1:
        return [(length - TILE) // 16 * 8]
    return [round(i * (length - TILE) / (count - 1)) // 8 * 8 for i in range(count)]


def _floats(pixels: NDArray[np.unsignedinteger[Any]]) -> Plane:
    return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)


def _gray(pixels: Plane) -> Plane:
    return pixels if pixels.ndim == 2 else linear_to_srgb(srgb_to_linear(pixels) @ _LUMA)
