"""Ways to fill damage when told where it is, and how well they do within it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from training.metrics import decibels, mean_square, wider

from bench.prints import ours
from bench.prints.scans import Levels, Plane, light

Mask = NDArray[np.bool_]

OURS_TOLD: Final = "photochrom, true mask"
_RADIUS: Final = 3


@dataclass(frozen=True)
class Filling:
    """A way to fill damage.

    Attributes:
        name: As tables show it.
        run: Takes a scan and the mask; only what it makes of the pixels in the mask counts.
        grown: By how many pixels the mask that it is told is wider than the true one.
    """

    name: str
    run: Callable[[Levels, Mask], Plane]
    grown: int = 0


def fillings() -> tuple[Filling, ...]:
    """photochrom's network, if it takes a mask, and OpenCV's two inpaintings.

    Each is given the true mask, and that mask grown by a pixel: damage has soft rims.
    """
    ways = [
        Filling("Telea, true mask", _telea),
        Filling("Telea, true mask + 1", _telea, 1),
        Filling("Navier-Stokes, true mask", _navier_stokes),
        Filling("Navier-Stokes, true mask + 1", _navier_stokes, 1),
    ]
    if ours.takes_mask():
        mine = [Filling(OURS_TOLD, ours.filled), Filling(f"{OURS_TOLD} + 1", ours.filled, 1)]
        return (*mine, *ways)
    return tuple(ways)


def _telea(scan: Levels, mask: Mask) -> Plane:
    return light(cv2.inpaint(scan, mask.astype(np.uint8), _RADIUS, cv2.INPAINT_TELEA))


def _navier_stokes(scan: Levels, mask: Mask) -> Plane:
    return light(cv2.inpaint(scan, mask.astype(np.uint8), _RADIUS, cv2.INPAINT_NS))


Errors = tuple[float, int]
"""Sum of squares and how many pixels they are of."""


def within(truth: Plane, seen: Plane, mask: Mask) -> Errors:
    """Errors of a picture within a mask."""
    here = int(mask.sum())
    return (mean_square(truth[mask], seen[mask]) * here if here else 0.0, here)


def filled(scan: Levels, mask: Mask) -> dict[str, Plane]:
    """A scan with its damage filled in all ways, by their names."""
    return {way.name: way.run(scan, wider(mask, way.grown)) for way in fillings()}


def inside(pictures: Sequence[Mapping[str, Errors]]) -> dict[str, float | None]:
    """PSNR by way, in dB, over all pixels of all pictures together; None: there was no damage.

    Args:
        pictures: What `within` says, by way, of each.
    """
    found: dict[str, float | None] = {}
    for name in pictures[0]:
        square = sum(one[name][0] for one in pictures)
        pixels = sum(one[name][1] for one in pictures)
        found[name] = round(decibels(square / pixels), 3) if pixels else None
    return found
