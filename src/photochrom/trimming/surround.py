"""What surrounds something in a picture: an even ground along its edges, and where that ends.

A ground is even if one smooth surface of lightness and color describes what lies along all edges:
light that falls off across a table is part of it, wood and felt are a little rough. Its colors are
told from what lies on it by their distance from that surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Lab = NDArray[np.float32]
"""(h, w, 3) float32, CIELAB: L* 0..100, a* and b*."""

Mask = NDArray[np.bool_]

_RING: Final = 0.006
"""How deep along the edges the ground is looked for, in shares of the longer side."""

_EDGE: Final = 2
"""Pixels at the very edge that are not looked at: scanners leave lines there."""

_NEAR: Final = (5.0, 14.0)
"""Distances (CIELAB) up to which a place belongs to the ground: of a smooth one, and of a rough."""

_DEVIATIONS: Final = 4.0
"""So many standard deviations of the ground's roughness, between these."""

_MOSTLY, _EVERYWHERE = 0.93, 0.8
"""Shares of the ring, and of each side of it, that have to be ground."""

_SMOOTHED: Final = 1.2
"""Pixels (standard deviation) over which grain is averaged."""


@dataclass(frozen=True)
class Ground:
    """An even ground along the edges of a picture.

    Attributes:
        color: Its middle color, CIELAB.
        inside: (h, w): where it is not, grain left out.
    """

    color: tuple[float, float, float]
    inside: Mask

    @property
    def chroma(self) -> float:
        """How colored it is, CIELAB."""
        return float(np.hypot(self.color[1], self.color[2]))


def ground_of(lab: Lab) -> Ground | None:
    """The ground on which something lies; None if what lies along the edges is not even.

    Args:
        lab: Of a small picture; its longer side has a thousand pixels or so.
    """
    smooth = np.asarray(cv2.GaussianBlur(lab, (0, 0), _SMOOTHED), np.float32)
    ring = _ring(lab.shape[:2])
    rows, columns = np.nonzero(ring)
    seen = smooth[rows, columns].astype(np.float64)
    near = np.linalg.norm(seen - np.median(seen, axis=0), axis=1) < 2 * _NEAR[1]
    if near.mean() < _EVERYWHERE:
        return None
    basis = _basis(rows, columns, lab.shape[:2])
    reach = _NEAR[1]
    for _ in range(4):
        surface = np.linalg.lstsq(basis[near], seen[near], rcond=None)[0]
        distance = np.linalg.norm(seen - basis @ surface, axis=1)
        near = distance < reach
        if near.mean() < _EVERYWHERE:
            return None
        rough = float(np.sqrt(np.mean(distance[near] ** 2)))
        reach = float(np.clip(_DEVIATIONS * rough, *_NEAR))
    if not _is_all_around(near, rows, columns, lab.shape[:2]):
        return None
    height, width = lab.shape[:2]
    every_row, every_column = np.indices((height, width)).reshape(2, -1)
    everywhere = _basis(every_row, every_column, (height, width))
    expected = (everywhere @ surface).reshape(height, width, 3)
    inside = np.linalg.norm(smooth - expected, axis=2) > reach
    middle = np.median(seen[near], axis=0)
    return Ground((float(middle[0]), float(middle[1]), float(middle[2])), inside)


def _ring(shape: tuple[int, int]) -> Mask:
    depth = max(3, round(_RING * max(shape)))
    ring = np.zeros(shape, np.bool_)
    ring[_EDGE:-_EDGE, _EDGE:-_EDGE] = True
    deep = _EDGE + depth
    ring[deep:-deep, deep:-deep] = False
    return ring


def _is_all_around(
    near: Mask, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> bool:
    depth = _EDGE + max(3, round(_RING * max(shape)))
    sides = (
        rows < depth,
        rows >= shape[0] - depth,
        columns < depth,
        columns >= shape[1] - depth,
    )
    return near.mean() >= _MOSTLY and all(near[side].mean() >= _EVERYWHERE for side in sides)


def _basis(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """A constant, two slopes and three curvatures at each place."""
    y, x = rows / shape[0] - 0.5, columns / shape[1] - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
