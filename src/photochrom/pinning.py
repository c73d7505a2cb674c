"""From places and colors as people give them to pins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb, srgb_from_lab
from photochrom.errors import PhotographError
from photochrom.photograph import Photograph
from photochrom.steps import maps
from photochrom.steps.painting import HONORED
from photochrom.steps.plate import Pin

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Size = Callable[[], tuple[int, int]]
"""Tells width and height of a scan, upright; asked only where places are in pixels."""

# Two points nearer than this, in shares, and two boxes that share so much, are one place.
_NEAR: Final = 0.004
_SAME: Final = 0.8
# By how much a mask may differ in shape from its scan.
_SHAPE: Final = 0.02


def point_of(at: Point, size: Size) -> Point:
    """A point in shares of width and height.

    Args:
        at: In shares, or in pixels where one of both is above 1.
        size: Of the scan.

    Raises:
        ValueError: It lies outside of the picture.
    """
    if max(at) <= 1 and min(at) >= 0:
        return at
    if not all(float(one).is_integer() for one in at):
        raise ValueError("it lies outside of the picture: shares go from 0 to 1, pixels are whole")
    width, height = size()
    x, y = (at[0] + 0.5) / width, (at[1] + 0.5) / height
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(
            f"{at[0]:g}, {at[1]:g} lies outside of the picture, which has {width} x {height} pixels"
        )
    return x, y


def box_of(box: Box, size: Size) -> Box:
    """A box (left, top, width, height) in shares; given as in `point_of`.

    Raises:
        ValueError: It is none, or lies outside of the picture.
    """
    if box[2] <= 0 or box[3] <= 0:
        raise ValueError("a box has a width and a height")
    if max(box) <= 1:
        whole = (1.0, 1.0)
    else:
        width, height = size()
        whole = (float(width), float(height))
    left, top, wide, high = (one / whole[number % 2] for number, one in enumerate(box))
    if left + wide > 1 + 1e-6 or top + high > 1 + 1e-6:
        said = ", ".join(f"{one:g}" for one in box)
        raise ValueError(f"the box {said} reaches out of the picture")
    return left, top, wide, high


def mask_of(path: Path, size: Size) -> tuple[str, Point]:
    """A mask as a map, and a place well inside of it.

    Args:
        path: A picture: white where the color is.
        size: Of the scan, whose shape the mask has.

    Raises:
        PhotographError: It cannot be read, is of another shape, or has nothing in it.
    """
    gray = Photograph.open(path).gray()
    width, height = size()
    if abs(gray.shape[1] / gray.shape[0] / (width / height) - 1) > _SHAPE:
        raise PhotographError(
            f"is a mask of {gray.shape[1]} x {gray.shape[0]} pixels for a picture of {width} x "
            f"{height}",
            where=path,
            fix="paint it on a copy of the scan, as it is seen upright",
        )
    mask = (np.clip(gray, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)
    return packed(mask, path)


def packed(mask: NDArray[np.uint8], where: Path | str) -> tuple[str, Point]:
    """A mask as a map, and a place well inside of it.

    Raises:
        PhotographError: Nothing is in it; names `where` it comes from.
    """
    inside = np.pad((mask > 127).astype(np.uint8), 1)
    if not inside.any():
        raise PhotographError("is a mask with nothing in it", where=where, fix="paint it white")
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = divmod(int(depth.argmax()), mask.shape[1])
    at = (column + 0.5) / mask.shape[1], (row + 0.5) / mask.shape[0]
    return maps.of_place(mask), at


def swatch_color(path: Path, box: Box | None) -> tuple[int, int, int]:
    """The color of a region of a picture: its median.

    Raises:
        PhotographError: The picture cannot be read, or has no colors.
        ValueError: The region is not in it.
    """
    picture = Photograph.open(path).pixels
    if picture.ndim != 3:
        raise PhotographError("has no colors to take one from", where=path)
    height, width = picture.shape[:2]
    left, top, wide, high = (
        (0.0, 0.0, 1.0, 1.0) if box is None else box_of(box, lambda: (width, height))
    )
    row, column = int(top * height), int(left * width)
    region = picture[
        row : max(row + 1, round((top + high) * height)),
        column : max(column + 1, round((left + wide) * width)),
    ]
    share = region.reshape(-1, 3).astype(np.float32) / np.float32(np.iinfo(picture.dtype).max)
    median = np.median(lab_from_srgb(share), axis=0)
    red, green, blue = (round(float(one) * 255) for one in np.clip(srgb_from_lab(median), 0, 1))
    return red, green, blue


def contradiction(pins: Sequence[Pin]) -> tuple[int, int] | None:
    """Two pins that say different colors of one place, by their numbers; None if there are none."""
    for (first, one), (second, other) in combinations(enumerate(pins), 2):
        colors = (lab_from_srgb(np.array(pin.color, np.float32) / 255) for pin in (one, other))
        if _same_place(one, other) and float(ciede2000(*colors)) > HONORED:
            return first, second
    return None


def _same_place(one: Pin, other: Pin) -> bool:
    if one.mask or other.mask:
        return one.mask == other.mask
    if one.box is not None and other.box is not None:
        return _shared(one.box, other.box) > _SAME
    if one.box is not None or other.box is not None:
        return False
    return max(abs(a - b) for a, b in zip(one.at, other.at, strict=True)) < _NEAR


def _shared(one: Box, other: Box) -> float:
    """What two boxes share of what both cover."""
    sides = [
        max(0.0, min(one[i] + one[i + 2], other[i] + other[i + 2]) - max(one[i], other[i]))
        for i in (0, 1)
    ]
    both = sides[0] * sides[1]
    return both / (one[2] * one[3] + other[2] * other[3] - both)
