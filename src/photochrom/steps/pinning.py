"""Where in a picture a pin lies: at a point, in a box, or on what somebody has painted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from photochrom.geometry import Geometry
from photochrom.steps.maps import PLACE, of_place, unpacked
from photochrom.steps.patches import Patches
from photochrom.steps.plate import Pin, Plane

# The middle of a box, of its width and height: the thing that it is drawn around lies there.
_MIDDLE: Final = 0.25


@dataclass(frozen=True)
class Cover:
    """A pin's place in a small copy of the picture.

    Attributes:
        at: (x, y) in shares.
        within: (h, w), 0..1: where its color may be; None: anywhere.
        exact: Whether it is there, and nowhere else.
        middle: (left, top, right, bottom) in shares, from where it spreads; None: from `at`.
    """

    at: tuple[float, float]
    within: Plane | None = None
    exact: bool = False
    middle: tuple[float, float, float, float] | None = None

    def starts(self, cut: Patches) -> list[int]:
        """The patches from which it spreads."""
        here = cut.at(*self.at)
        if self.middle is None:
            return [here]
        left, top, right, bottom = self.middle
        x, y = cut.centers.T
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return sorted({here, *np.flatnonzero(inside).tolist()})

    def level(self, cut: Patches) -> np.float32:
        """The lightness, 0..1, of the thing there."""
        if self.exact and self.within is not None and (self.within > 0.5).any():
            return np.float32(np.median(cut.lightness[self.within > 0.5]))
        return np.float32(np.median(cut.light[self.starts(cut)]))


def covers(pin: Pin, shape: tuple[int, ...]) -> Cover:
    """The place of a pin in a copy of some height and width."""
    height, width = shape
    if pin.mask:
        plane = cv2.resize(unpacked(pin.mask, PLACE), (width, height), interpolation=cv2.INTER_AREA)
        return Cover(pin.at, np.clip(plane, 0, 1), exact=True)
    if pin.box is None:
        return Cover(pin.at)
    left, top, wide, high = pin.box
    within = np.zeros((height, width), np.float32)
    rows = slice(int(top * height), max(int(top * height) + 1, round((top + high) * height)))
    columns = slice(int(left * width), max(int(left * width) + 1, round((left + wide) * width)))
    within[rows, columns] = 1
    x, y = left + wide / 2, top + high / 2
    half = wide * _MIDDLE / 2, high * _MIDDLE / 2
    middle = (x - half[0], y - half[1], x + half[0], y + half[1])
    return Cover((x, y), within, middle=middle)


def in_picture(pin: Pin, geometry: Geometry) -> Pin:
    """A pin of a scan as a pin of the picture that is made of a part of it.

    A box becomes the upright one around its corners, as far as the picture goes.
    """
    box, mask = pin.box, pin.mask
    if box is not None:
        left, top, wide, high = box
        corners = [(left, top), (left + wide, top), (left, top + high), (left + wide, top + high)]
        moved = np.clip([geometry.to_picture(one) for one in corners], 0, 1)
        (left, top), (right, bottom) = moved.min(axis=0), moved.max(axis=0)
        box = float(left), float(top), float(right - left), float(bottom - top)
    if mask:
        plane = unpacked(mask, PLACE)
        height, width = plane.shape
        share = min(1.0, PLACE / max(geometry.size))
        size = max(1, round(geometry.size[0] * share)), max(1, round(geometry.size[1] * share))
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpPerspective(plane, geometry.matrix((width, height), size), size, flags=how)
        mask = of_place((np.clip(cut, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8))
    return replace(pin, at=geometry.to_picture(pin.at), box=box, mask=mask)
