"""Pixels of a scan, cut, turned and seen straight on, as a geometry says."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.geometry import Geometry
from photochrom.steps.planes import let_go, plane

Pixels = TypeVar("Pixels", bound=NDArray[Any])

_TILE: Final = 2048
"""Pixels along the sides of what is warped at a time: OpenCV takes no more than 32,767."""

_AROUND: Final = 4
"""Pixels of the scan around those that a tile falls on, which its interpolation reads."""


def cut(pixels: Pixels, geometry: Geometry, size: tuple[int, int] | None = None) -> Pixels:
    """The picture that lies in a scan.

    What is cut along rows and columns keeps its pixels as they are; what is turned is interpolated
    (bicubic). Samples keep their depth.

    Args:
        pixels: (H, W) or (H, W, 3), uint8 or uint16: the scan, or a copy of it in another size.
        geometry: Where in it the picture lies.
        size: Width and height of what is wanted; by default the picture's, as the copy shows it.

    Returns:
        (h, w) or (h, w, 3) of the same type.
    """
    scan = (int(pixels.shape[1]), int(pixels.shape[0]))
    window = geometry.window(scan)
    if window is not None and size in (None, geometry.size):
        part: Pixels = np.ascontiguousarray(pixels[window])  # type: ignore[assignment]
        return part
    width, height = size or geometry.size
    matrix = geometry.matrix(scan, (width, height))
    out: Pixels = plane((height, width, *pixels.shape[2:]), pixels.dtype)  # type: ignore[assignment]
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            bottom, right = min(top + _TILE, height), min(left + _TILE, width)
            out[top:bottom, left:right] = _tile(pixels, matrix, (left, top, right, bottom))
        let_go(out)
    return out


def _tile(
    pixels: NDArray[Any], matrix: NDArray[np.float64], tile: tuple[int, int, int, int]
) -> NDArray[Any]:
    """Part of the picture: left, top, right and bottom of it, in pixels."""
    left, top, right, bottom = tile
    ends = np.array([[x, y, 1.0] for x in (left, right) for y in (top, bottom)]) @ matrix.T
    there = ends[:, :2] / ends[:, 2:]
    height, width = pixels.shape[:2]
    # What lies between the corners of a tile lies between their places in the scan.
    x0, y0 = (int(np.floor(one)) - _AROUND for one in there.min(axis=0))
    x1, y1 = (int(np.ceil(one)) + 1 + _AROUND for one in there.max(axis=0))
    x0, y0 = min(max(x0, 0), width - 1), min(max(y0, 0), height - 1)
    x1, y1 = max(min(x1, width), x0 + 1), max(min(y1, height), y0 + 1)
    to_part = np.array([[1.0, 0, -x0], [0, 1, -y0], [0, 0, 1]])
    from_tile = np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]])
    return np.asarray(
        cv2.warpPerspective(
            np.ascontiguousarray(pixels[y0:y1, x0:x1]),
            to_part @ matrix @ from_tile,
            (right - left, bottom - top),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )
