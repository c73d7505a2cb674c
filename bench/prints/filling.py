"""Ways to fill damage when told where it is, and how well they do within it."""

from __future__ import annotations

from collections.abc import Callable
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


class Inside:
    """Errors within masks, of several ways, over all pixels of all pictures together."""

    def __init__(self) -> None:
        self._sums: dict[str, list[float]] = {}

    def add(self, name: str, truth: Plane, seen: Plane, mask: Mask) -> None:
        """Add one picture of one way."""
        square, pixels = self._sums.get(name, (0.0, 0.0))
        here = int(mask.sum())
        more = mean_square(truth[mask], seen[mask]) * here if here else 0.0
        self._sums[name] = [square + more, pixels + here]

    def add_fillings(self, scan: Levels, truth: Plane, mask: Mask) -> dict[str, Plane]:
        """Add all fillings of one picture; returns what they made of it."""
        results = {}
        for way in fillings():
            results[way.name] = way.run(scan, wider(mask, way.grown))
            self.add(way.name, truth, results[way.name], mask)
        return results

    def figures(self) -> dict[str, float | None]:
        """PSNR by way, in dB; None where there was no damage."""
        return {
            name: round(decibels(square / pixels), 3) if pixels else None
            for name, (square, pixels) in self._sums.items()
        }
