"""What matters in a picture: heads, and where there are none, what stands out.

Faces are found by two cascades that have to agree (`photochrom.measure.faces`); heads in profile
are looked for only where nobody looks at the camera. Another detector may be named in their place
(`photochrom.measure.blazeface`). What stands out is a hint and no more: patches whose light or
color differ from what surrounds them, the nearer to the middle the better.

All is found on a small version of the picture, in about a third of a second, and the same picture
always gives the same result. It is plain data, so that whoever makes a film may keep it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.camera import Rect, crowns
from photochrom.measure.faces import Box, Gray, as_box, cascade, frontal_faces, reduced

CODE = 3
"""Raised whenever the same picture gives another result."""

LEAST_BESIDE = 0.35
"""Of the largest face: smaller ones beside it are bystanders, or no faces."""

LEAST_PROFILE = 52
"""The same for heads in profile, which are easily mistaken, small ones above all."""

PROFILE_SCORE = 0.5
"""What the cascade's last stage must say of a profile at least."""

BELOW, BESIDE = 0.2, 0.25
"""Chin, and ears with hair, in sizes of the face that is marked; `crowns` finds what is above."""

COARSE = 96 * 72
"""Pixels on which what stands out is looked for."""

MIDDLE = 0.38
"""How fast attention falls towards the edges: a Gaussian's width in shares of the picture."""

DIGITS = 4
"""Shares are kept to a ten-thousandth, so that they read back as they were written."""


@dataclass(frozen=True)
class Region:
    """A part of the picture that matters.

    Attributes:
        rect: Where it is, inside the picture.
        weight: 0..1: how much it matters beside the others.
    """

    rect: Rect
    weight: float

    @property
    def x(self) -> float:
        return self.rect.left + self.rect.width / 2

    @property
    def y(self) -> float:
        return self.rect.top + self.rect.height / 2


@dataclass(frozen=True)
class Attention:
    """What matters in a picture.

    Attributes:
        aspect: The picture's width over height; None if nobody has looked.
        heads: Heads with their hair and hats, the largest first.
        salient: What stands out; its weight says how clearly it does.
    """

    aspect: float | None = None
    heads: tuple[Region, ...] = ()
    salient: Region | None = None

    @property
    def side(self) -> float | None:
        """Where, from the left edge (0) to the right (1), what matters most is; None: unknown."""
        if self.heads:
            weights = [head.weight for head in self.heads]
            return float(np.average([head.x for head in self.heads], weights=weights))
        return None if self.salient is None else self.salient.x

    def data(self) -> dict[str, Any]:
        """Lists and numbers, for JSON."""
        return {
            "aspect": self.aspect,
            "heads": [_numbers(head) for head in self.heads],
            "salient": self.salient and _numbers(self.salient),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Attention:
        """What `data` gave."""
        salient = data["salient"]
        return cls(
            data["aspect"],
            tuple(_region(numbers) for numbers in data["heads"]),
            _region(salient) if salient else None,
        )


UNKNOWN = Attention()
"""Of a picture at which nobody has looked."""


Detector = Callable[[Gray], list[Box]]
"""Faces in a picture as `reduced` makes it, marked about as a cascade marks them."""


def look(pixels: NDArray[np.unsignedinteger[Any]], detector: Detector | None = None) -> Attention:
    """What matters in a picture.

    Args:
        pixels: (H, W) gray or (H, W, 3) RGB, uint8 or uint16, sRGB-encoded.
        detector: Finds the faces. None: the cascades.
    """
    small = reduced(pixels)
    gray = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    # Without grain and scratches, faces of a scan are those of the restored picture: a preview that
    # shows the one sees the heads of a film that shows the other.
    gray = np.asarray(cv2.medianBlur(gray, 3), np.uint8)
    faces = frontal_faces(gray) or _profiles(gray) if detector is None else detector(gray)
    largest = max((face[2] for face in faces), default=0)
    heads = [
        Region(_head(face, gray), round(face[2] / largest, DIGITS))
        for face in faces
        if face[2] >= LEAST_BESIDE * largest
    ]
    heads.sort(key=lambda head: (-head.weight, head.rect.left, head.rect.top))
    aspect = pixels.shape[1] / pixels.shape[0]
    return Attention(round(aspect, DIGITS), tuple(heads), _salient(reduced(small, COARSE)))


def _profiles(gray: Gray) -> list[Box]:
    """The surest head in profile, if there is one; to the right or to the left."""
    half = np.asarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    least = LEAST_PROFILE // 2
    sure: list[tuple[float, Box]] = []
    for mirrored in (False, True):
        seen = np.ascontiguousarray(half[:, ::-1]) if mirrored else half
        found, _, scores = cascade("profileface").detectMultiScale3(
            seen, 1.1, 4, minSize=(least, least), outputRejectLevels=True
        )
        for box, score in zip(map(as_box, found), np.ravel(scores), strict=True):
            left = half.shape[1] - box[0] - box[2] if mirrored else box[0]
            place = (2 * left, 2 * box[1], 2 * box[2], 2 * box[3])
            sure.append((round(float(score), DIGITS), place))
    best = max(sure, default=(0.0, (0, 0, 0, 0)))
    return [best[1]] if best[0] >= PROFILE_SCORE else []


def _head(face: Box, gray: Gray) -> Rect:
    left, top, across, down = face
    height, width = gray.shape
    return _rect(
        (left - BESIDE * across) / width,
        (top - crowns.above(gray, face) * down) / height,
        (left + (1 + BESIDE) * across) / width,
        (top + (1 + BELOW) * down) / height,
    )


def _salient(small: Gray) -> Region:
    """The patch that differs most from what surrounds it."""
    rgb = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    differs = np.zeros(lab.shape[:2], np.float32)
    side = math.sqrt(differs.size)
    for plane in cv2.split(lab):
        for size in (0.02, 0.05):
            near = cv2.GaussianBlur(plane, (0, 0), size * side)
            far = cv2.GaussianBlur(plane, (0, 0), 4 * size * side)
            differs += np.abs(near - far)
    differs = np.asarray(cv2.GaussianBlur(differs, (0, 0), 0.04 * side))
    height, width = differs.shape
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.5
    differs *= np.exp(-(x * x + (y * y)[:, None]) / (2 * MIDDLE**2)).astype(np.float32)
    most = float(differs.max())
    _, labels = cv2.connectedComponents((differs >= 0.7 * most).astype(np.uint8))
    mine = labels == labels.flat[int(differs.argmax())]
    rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
    rect = _rect(
        columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height
    )
    # A picture that is alike all over has a peak, too, but a flat one; and one whose light hardly
    # differs at all has none.
    peak = most / (float(differs.mean()) + 1.0)
    return Region(rect, round(min(max((peak - 1.5) / 2.5, 0.0), 1.0), DIGITS))


def _rect(left: float, top: float, right: float, bottom: float) -> Rect:
    """A rectangle from its edges, kept inside the picture and to a few digits."""
    left, top, right, bottom = (
        round(min(max(float(v), 0.0), 1.0), DIGITS) for v in (left, top, right, bottom)
    )
    return Rect(left, top, round(right - left, DIGITS), round(bottom - top, DIGITS))


def _numbers(region: Region) -> list[float]:
    rect = region.rect
    return [rect.left, rect.top, rect.width, rect.height, region.weight]


def _region(numbers: list[float]) -> Region:
    left, top, width, height, weight = numbers
    return Region(Rect(left, top, width, height), weight)
