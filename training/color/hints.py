"""Hints as the network is trained with: documented colors, spread over the things they lie on.

Somebody says what color a coat is by pointing at one place of it. The color is carried from there
to wherever a path leads that crosses no edge: the cost of a path is its length plus the change of
light along it (a geodesic distance, as in Yatziv and Sapiro, "Fast image and video colorization
using chrominance blending", 2006). What is far by that measure is left to the network.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.steps.plate import Pin, Plane

Floats = NDArray[np.float32]

# The network's hints are in units of this much a* or b*.
HINT_UNIT: Final = np.float32(110)

# A path across this share of the short side, over even light, weakens a pin to 1/e of its strength.
_FAR: Final = 0.5
# So does a change of lightness (0..1) by this much along the path ...
_EDGE: Final = 0.08
# ... where changes from one cell to the next below this are texture and count nothing.
_TEXTURE: Final = 0.012
# A pin weaker than this says nothing.
_FAINT: Final = 0.05
_NEIGHBORS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def painted(pins: tuple[Pin, ...], gray: Plane, cell: int) -> Floats:
    """Paint pins as the network's hints.

    Args:
        pins: Documented colors.
        gray: (H, W) float32, 0..1: the network's input; sides are multiples of `cell`.
        cell: Pixels, in each direction, for which the network says one color.

    Returns:
        (3, H, W) float32: a*/110, b*/110 and strength, constant over each cell.
    """
    height, width = (side // cell for side in gray.shape)
    hints = np.zeros((3, height, width), dtype=np.float32)
    if pins:
        light = _plain_light(gray, height, width)
        weights = np.stack([_strengths(pin, light) for pin in pins])
        colors = lab_from_srgb(np.array([pin.color for pin in pins], np.float32) / 255)[:, 1:]
        # Where pins meet, the nearer one wins, softly.
        shares = weights**4
        total = np.maximum(shares.sum(axis=0), np.finfo(np.float32).tiny)
        hints[:2] = np.einsum("phw,pc->chw", shares / total, colors / HINT_UNIT)
        hints[2] = weights.max(axis=0)
        hints[:, hints[2] < _FAINT] = 0
    return np.ascontiguousarray(hints.repeat(cell, axis=1).repeat(cell, axis=2))


def _plain_light(gray: Plane, height: int, width: int) -> Plane:
    """Lightness, 0..1, a value a cell, without grain and with its edges."""
    lightness = lightness_from_gray(np.clip(gray, 0, 1)) / np.float32(100)
    small = cv2.resize(lightness, (width, height), interpolation=cv2.INTER_AREA)
    plain: Plane = cv2.bilateralFilter(small, d=5, sigmaColor=0.08, sigmaSpace=1.5)
    return plain


def _strengths(pin: Pin, light: Plane) -> Plane:
    """How strongly a pin speaks in each cell."""
    height, width = light.shape
    row = min(int(pin.at[1] * height), height - 1)
    column = min(int(pin.at[0] * width), width - 1)
    distance = geodesic(light, (row, column))
    strengths: Plane = np.float32(pin.strength) * np.exp(-distance * distance)
    return strengths


def geodesic(light: Plane, start: tuple[int, int]) -> Plane:
    """Distance of each cell from a start along the cheapest path; 1 is where pins fade.

    Args:
        light: (h, w) float32, lightness 0..1.
        start: Row and column.

    Returns:
        (h, w) float32.
    """
    far = np.float32(1 / (_FAR * min(light.shape)))
    steps = []
    for down, right in _NEIGHBORS:
        here, there = _pair(light, down, right)
        change = np.maximum(np.abs(here - there) - np.float32(_TEXTURE), 0) / np.float32(_EDGE)
        steps.append(far * np.float32(np.hypot(down, right)) + change)
    distance = np.full(light.shape, np.inf, dtype=np.float32)
    distance[start] = 0
    # Each round lets every cell look at its neighbors; paths bend little, so rounds are few.
    for _ in range(light.size):
        before = distance.copy()
        for (down, right), step in zip(_NEIGHBORS, steps, strict=True):
            here, there = _pair(distance, down, right)
            np.minimum(there, here + step, out=there)
            np.minimum(here, there + step, out=here)
        if np.array_equal(before, distance):
            break
    return distance


def _pair(plane: Plane, down: int, right: int) -> tuple[Plane, Plane]:
    """Two views of a plane: its cells, and the neighbor of each in one direction."""
    height, width = plane.shape
    if right < 0:
        return plane[: height - down, -right:], plane[down:, : width + right]
    return plane[: height - down, : width - right], plane[down:, right:]
