"""Faces that look at the camera.

They are found by the cascades that come with OpenCV (Intel License Agreement, a BSD license). Of
one cascade's finds only those count that another one, which was trained otherwise, confirms.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""

AREA = 230_000
"""Pixels on which faces are looked for: 554 x 415; of panoramas more in width, less in height."""

LEAST = 23
"""Pixels, among those: smaller faces are not looked for."""


def reduced(pixels: NDArray[Any], area: int = AREA) -> Gray:
    """Make a picture as small as faces are looked for in.

    Args:
        pixels: (H, W) or (H, W, 3), uint8 or uint16, or of light, float32 0..1.
        area: How many pixels it is to have.

    Returns:
        (h, w) or (h, w, 3) uint8.
    """
    height, width = pixels.shape[:2]
    # A strip of one pixel's height would become endless.
    share = min(math.sqrt(area / (height * width)), math.sqrt(8 * area) / max(height, width))
    size = (max(16, round(width * share)), max(16, round(height * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how)
    if small.dtype == np.float32:
        small = (np.clip(small, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)
    elif small.dtype != np.uint8:
        small = (small >> 8).astype(np.uint8)
    return np.asarray(small, np.uint8)


@cache
def cascade(name: str) -> Any:
    """One of OpenCV's cascades."""
    folder = Path(cv2.__file__).parent / "data"
    return cv2.CascadeClassifier(str(folder / f"haarcascade_{name}.xml"))


def frontal_faces(gray: Gray) -> list[Box]:
    """Find faces that two cascades agree on, in a picture as `reduced` makes it."""
    found = cascade("frontalface_alt2").detectMultiScale(gray, 1.1, 2, minSize=(LEAST, LEAST))
    # Threads find them in any order.
    return sorted(box for box in map(as_box, found) if _is_confirmed(gray, box))


def as_box(found: NDArray[np.int32]) -> Box:
    """What a cascade found, as plain numbers."""
    left, top, width, height = map(int, found)
    return left, top, width, height


def _is_confirmed(gray: Gray, box: Box) -> bool:
    return _confirmations(gray, box, 2) > 0


def _confirmations(gray: Gray, box: Box, neighbors: int) -> int:
    """How often the other cascade finds a face there, too, of about the same size."""
    left, top, width, height = box
    around = round(0.35 * width)
    part = gray[
        max(0, top - around) : top + height + around, max(0, left - around) : left + width + around
    ]
    least, most = round(0.7 * width), round(1.45 * width)
    _, counts = cascade("frontalface_default").detectMultiScale2(
        np.ascontiguousarray(part), 1.08, neighbors, minSize=(least, least), maxSize=(most, most)
    )
    return max((int(count) for count in np.ravel(counts)), default=0)


def certainty_of_faces(gray: Gray) -> int:
    """Say how often the second cascade confirms what the first one takes for faces, in all.

    Args:
        gray: (h, w), as `reduced` makes it.

    Returns:
        0 where there is no face; a clear one has ten to a hundred.
    """
    found = cascade("frontalface_alt2").detectMultiScale(gray, 1.1, 3, minSize=(LEAST, LEAST))
    return sum(_confirmations(gray, as_box(box), 1) for box in found)
