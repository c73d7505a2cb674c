"""Things in photographs: pieces of one hue, found in their colors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb

# A thing has one hue: this many in a picture, each in one piece of this share of it, not gray.
_HUES: Final = 8
_LEAST_AREA: Final = 0.006
_LEAST_CHROMA: Final = 12
_LONGEST: Final = 384
Thing = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""Color of a thing, L*a*b*, and where in the picture it lies."""


def small(pixels: NDArray[Any], longest: int = _LONGEST) -> NDArray[np.uint8]:
    """A copy in color, its longer side no longer than that."""
    share = min(1.0, longest / max(pixels.shape[:2]))
    size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
    colors = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    small = cv2.resize(colors, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small if small.dtype == np.uint8 else small >> 8, np.uint8)


def things(pixels: NDArray[np.uint8]) -> Iterator[Thing]:
    """Pieces of one hue, away from their edges."""
    lab = lab_from_srgb(pixels.astype(np.float32) / np.float32(255))
    smooth = cv2.pyrMeanShiftFiltering(pixels, 8, 12)
    hues = lab_from_srgb(smooth.astype(np.float32) / np.float32(255))[..., 1:].reshape(-1, 2)
    cv2.setRNGSeed(7)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, labels, _ = cv2.kmeans(  # type: ignore[call-overload]
        np.ascontiguousarray(hues, np.float32), _HUES, None, ends, 1, cv2.KMEANS_PP_CENTERS
    )
    labels = labels.reshape(lab.shape[:2])
    for hue in range(_HUES):
        _, pieces, facts, _ = cv2.connectedComponentsWithStats((labels == hue).astype(np.uint8))
        for piece in range(1, len(facts)):
            if facts[piece, cv2.CC_STAT_AREA] < _LEAST_AREA * labels.size:
                continue
            inside = cv2.erode((pieces == piece).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            color = np.median(lab[pieces == piece], axis=0)
            if inside.any() and np.hypot(*color[1:]) > _LEAST_CHROMA:
                yield color, inside
