"""How far a head goes up above its face: hair, hats, helmets, feathers.

Above a face, rows that belong to the head differ from what is beside it, left and right; where they
no longer do, the background has begun. A hat that is as dark as the wall behind it cannot be told
from it, by anybody who sees the film either.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.measure.faces import Box, Gray

LEAST: Final = 0.55
"""In heights of the face that a cascade marks: so much hair everybody may have."""

MOST: Final = 1.3
"""The same: a top hat."""

_MIDDLE: Final = (0.2, 0.8)
"""Columns, in widths of the face, in which heads are looked for above it."""

_LEFT: Final = ((-0.85, -0.35), (-1.5, -1.0))
_RIGHT: Final = ((1.35, 1.85), (2.0, 2.5))
"""Columns of what is beside it: clear of ears, and further out, clear of brims."""

_DIFFERS: Final = 14.0
"""By so much, of 255, rows of a head are lighter or darker than what is beside them, at least."""

_ROUGHLY: Final = 0.8
"""And by so many standard deviations of what is beside them."""

_GAP: Final = 0.12
"""In heights of the face: a band of a hat may look like the background."""

_AIR: Final = 0.1
"""Between the top of what was found and that of the head."""


def above(gray: Gray, face: Box) -> float:
    """How far a head reaches above the upper edge of its face, in heights of the face.

    Args:
        gray: The picture in which the face was found.
        face: Where it is, as a cascade marks it.

    Returns:
        `LEAST` .. `MOST`.
    """
    left, top, width, height = face
    first = max(0, top - round(MOST * height))
    rows = gray[first:top][::-1].astype(np.float32)  # upwards from the face
    head = _columns(rows, left, width, _MIDDLE)
    if head is None or not len(rows):
        return LEAST
    differs, compared = np.ones(len(rows), np.bool_), False
    for spans in (_LEFT, _RIGHT):
        beside = [_columns(rows, left, width, span) for span in spans]
        apart = [_differ(head, one, height) for one in beside if one is not None]
        if apart:
            differs &= np.any(apart, axis=0)
            compared = True
    if not compared:
        return LEAST
    reached, gap = 0, max(1, round(_GAP * height))
    for row, is_head in enumerate(differs, start=1):
        if is_head:
            reached = row
        elif row - reached > gap:
            break
    return float(np.clip(reached / height + _AIR, LEAST, MOST))


def _differ(
    head: NDArray[np.float32], beside: NDArray[np.float32], height: int
) -> NDArray[np.bool_]:
    """In which rows a head differs from what is beside it."""
    least = np.maximum(_DIFFERS, _ROUGHLY * _smooth(beside.std(axis=1), height))
    distance = np.abs(_smooth(head.mean(axis=1) - beside.mean(axis=1), height))
    return np.asarray(distance >= least)


def _columns(
    rows: NDArray[np.float32], left: int, width: int, span: tuple[float, float]
) -> NDArray[np.float32] | None:
    """Some columns of rows; None where the picture has hardly any of them."""
    first, last = (round(left + share * width) for share in span)
    part = rows[:, max(first, 0) : max(last, 0)]
    return part if part.shape[1] >= max(2, (last - first) // 2) else None


def _smooth(values: NDArray[np.float32], height: int) -> NDArray[np.float32]:
    """Means over a twentieth of the face's height on either side."""
    reach = max(1, height // 20)
    padded = np.pad(values, reach, mode="edge")
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1), np.float32)
    return np.convolve(padded, kernel, mode="valid").astype(np.float32)
