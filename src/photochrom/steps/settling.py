"""From how likely each color is to the one that is shown: a color that somebody thought of.

The mean of two likely colors is a third that nobody thought of: of a blue coat or a brown one it
makes a violet one. So each place settles on one of its likely colors, and places that belong
together settle on the same: first they share how likely each color is to them, along the light and
not over its edges (the guided filter of He, Sun and Tang, 2013), then each goes uphill from the
mean to the nearest mode (mean shift; Comaniciu and Meer, 2002).

All of it is sums and products in a fixed order, and a mean shift draws near together: rounding does
not send a place to another color.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

# How far a place shares, in each direction, as a part of the short side: less leaves two colors in
# one coat; twice as far, faces lose their own (CIEDE2000 of skin 6.7 instead of 5.3 in 29 faces).
# And the variance of light (0..1) that counts as an edge.
_PART: Final = 32
_EDGE: Final = np.float32(0.002)
STEPS: Final = 8
# A Gaussian is the limit of (1 - x / n)^n; this power of two is near enough and has an end.
_SQUARINGS: Final = 3
_NOTHING: Final = np.float32(1e-12)


class Guide:
    """A filter that follows light, and not over its edges (the guided filter).

    Args:
        light: (h, w), 0..1.
        reach: How far it looks, in cells in each direction.
    """

    def __init__(self, light: Plane, reach: int):
        self._light, self._reach = light, reach
        self._mean = _mean(light, reach)
        variance = _mean(light * light, reach) - self._mean * self._mean
        self._variance = np.maximum(variance, np.float32(0)) + _EDGE

    def along(self, plane: Plane) -> Plane:
        """(h, w) values without steps but where the light has some."""
        mean, reach = _mean(plane, self._reach), self._reach
        slope = _mean(plane * self._light, reach)
        slope -= mean * self._mean
        slope /= self._variance
        offset = mean - slope * self._mean
        along: Plane = _mean(slope, reach) * self._light + _mean(offset, reach)
        return along


def shared(likely: Floats, light: Plane) -> Floats:
    """Let places that belong together agree on how likely each color is.

    Args:
        likely: (Q, h, w), at each place a sum of 1.
        light: (h, w), 0..1.

    Returns:
        (Q, h, w), at each place a sum of 1.
    """
    guide = Guide(light, max(1, round(min(light.shape) / _PART)))
    agreed = np.empty_like(likely)
    total = np.zeros_like(light)
    for own, plane in zip(likely, agreed, strict=True):
        plane[:] = np.maximum(guide.along(own), 0)
        total += plane
    agreed /= np.maximum(total, _NOTHING)
    return agreed


def annealed_mean(likely: Floats, palette: Floats, temperature: float) -> Floats:
    """The mean of the distribution sharpened by a temperature below 1 (Zhang et al. 2016).

    Args:
        likely: (Q, h, w), at each place a sum of 1.
        palette: (Q, 2), the colors' a* and b*.
        temperature: Above 0; 1 leaves the distribution as it is.

    Returns:
        (h, w, 2) float32.
    """
    # The likeliest counts 1, so that no power of all of them is nothing.
    most = np.maximum(likely.max(axis=0), _NOTHING)
    weight, sum_a, sum_b = (np.zeros_like(most) for _ in range(3))
    for plane, (red, yellow) in zip(likely, palette.astype(np.float32), strict=True):
        share = (plane / most) ** (1 / temperature)
        weight += share
        sum_a += share * red
        sum_b += share * yellow
    return np.stack([sum_a / weight, sum_b / weight], axis=-1)


def settled(
    likely: Floats, palette: Floats, start: Floats, *, bandwidth: float, steps: int = STEPS
) -> Floats:
    """Go from each place's color uphill to the nearest that is likely.

    Args:
        likely: (Q, h, w), at each place a sum of 1.
        palette: (Q, 2), the colors' a* and b*.
        start: (h, w, 2), a* and b* to begin with.
        bandwidth: Of the Gaussian within which colors are one, in CIELAB units.
        steps: How many; by default so many that hardly a place goes on.

    Returns:
        (h, w, 2) float32.
    """
    (reds, of_red), (yellows, of_yellow) = (
        np.unique(axis, return_inverse=True) for axis in palette.T.astype(np.float32)
    )
    a, b = start[..., 0].copy(), start[..., 1].copy()
    rows = [np.flatnonzero(of_red == i) for i in range(len(reds))]
    share, row, row_b = (np.empty_like(a) for _ in range(3))
    for _ in range(steps):
        near_red, near_yellow = _near(reds, a, bandwidth), _near(yellows, b, bandwidth)
        weight, sum_a, sum_b = (np.zeros_like(a) for _ in range(3))
        for red, near, members in zip(reds, near_red, rows, strict=True):
            row[:] = row_b[:] = 0
            for q in members:
                np.multiply(likely[q], near_yellow[of_yellow[q]], out=share)
                row += share
                share *= yellows[of_yellow[q]]
                row_b += share
            row *= near
            row_b *= near
            weight += row
            sum_b += row_b
            row *= red
            sum_a += row
        # Where nothing likely is near, a color stays what it is.
        there = weight > _NOTHING
        a = np.where(there, sum_a / np.maximum(weight, _NOTHING), a)
        b = np.where(there, sum_b / np.maximum(weight, _NOTHING), b)
    return np.stack([a, b], axis=-1)


def _near(nodes: Floats, values: Plane, bandwidth: float) -> Floats:
    """A Gaussian of the distance from each node, (n, h, w), by squarings: alike on all machines."""
    width = np.float32(2 * bandwidth**2 * 2**_SQUARINGS)
    near: Floats = np.maximum(1 - np.square(nodes[:, None, None] - values) / width, 0)
    for _ in range(_SQUARINGS):
        near *= near
    return near


def _mean(plane: Plane, reach: int) -> Plane:
    mean: Plane = cv2.blur(plane, (2 * reach + 1,) * 2, borderType=cv2.BORDER_REFLECT)
    return mean
