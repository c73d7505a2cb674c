"""From codes times 256 to the bytes that an encoder takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.film.frames import Codes, Planes

Bytes = NDArray[np.uint8]


def bayer_matrix() -> Codes:
    """The 8x8 ordered dither matrix (Bayer 1973), 64 evenly spread values in 0..255."""
    cell = np.array([[0]])
    for _ in range(3):
        cell = np.block([[4 * cell, 4 * cell + 2], [4 * cell + 3, 4 * cell + 1]])
    return (cell * 4 + 2).astype(np.uint16)


class Dither:
    """Brings codes times 256 to 8 bit with a fixed pattern.

    The pattern stands still, so that it costs the encoder little and never crawls.

    Args:
        size: Width and height of frames.
    """

    def __init__(self, size: tuple[int, int]):
        width, height = size
        repeats = (-(-height // 8), -(-width // 8))
        self._pattern = np.tile(bayer_matrix(), repeats)[:height, :width].copy()
        self._size = size

    def to_bytes(self, planes: Planes) -> Bytes:
        """Planes to one (H * 3/2, W) uint8 array, laid out as yuv420p."""
        width, height = self._size
        out = np.empty((height * 3 // 2, width), np.uint8)
        self._quantize(planes.luma, out[:height])
        quarter = (height // 2) * (width // 2)
        flat = out[height:].reshape(-1)
        shape = (height // 2, width // 2)
        self._quantize(planes.cb, flat[:quarter].reshape(shape))
        self._quantize(planes.cr, flat[quarter:].reshape(shape))
        return out

    def _quantize(self, plane: Codes, out: Bytes) -> None:
        pattern = self._pattern[: plane.shape[0], : plane.shape[1]]
        np.right_shift(plane + pattern, 8, out=out, casting="unsafe")
