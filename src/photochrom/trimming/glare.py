"""Glare: the light of a lamp or a window that a print gives back, where it hides the picture.

It is blown out and soft all around: light falls off slowly from it, whatever the picture shows. The
white of a collar or a sky ends at something. What ends sharply on one side only is left unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.geometry import Point
from photochrom.trimming.surround import Lab, Mask

_BLOWN: Final = 98.0
"""L* from which a place is blown out."""

_LEAST, _MOST = 0.003, 0.2
"""Shares of the picture: what is smaller is a lamp or a gleam, what is larger no print shows."""

_SOLID: Final = 0.7
"""Its area over that of its convex hull, at least."""

_NEAR, _FAR = 0.008, 0.06
"""Shares of the longer side: how far from the rim one looks first and last."""

_SLOWLY, _NOWHERE_FAST = 10.0, 16.0
"""By how much L* may have fallen by the first of them: in the middle of all places of the rim, and
of the tenth where it falls fastest."""

_CLEARLY, _EVERYWHERE = 15.0, 6.0
"""By how much it has to have fallen by the last: in the middle, and of the tenth where least."""

_SMOOTHED: Final = 2.0


@dataclass(frozen=True)
class Glare:
    """A place where a print gives back light.

    Attributes:
        at: Its middle, in shares of the picture's width and height.
        share: How much of the picture's area is blown out there, 0..1.
    """

    at: Point
    share: float


def glare_in(lab: Lab) -> tuple[Glare, ...]:
    """Where glare hides a print, the largest first.

    Args:
        lab: Of a small copy of the print; its longer side has a thousand pixels or so.
    """
    light = np.asarray(cv2.GaussianBlur(lab[..., 0], (0, 0), _SMOOTHED), np.float32)
    blown = (light >= _BLOWN).astype(np.uint8)
    _, labels, figures, middles = cv2.connectedComponentsWithStats(blown)
    found = []
    for index in range(1, len(figures)):
        share = float(figures[index][cv2.CC_STAT_AREA]) / blown.size
        if not _LEAST <= share <= _MOST:
            continue
        blob = labels == index
        if _is_solid(blob) and _is_soft(light, blob):
            x, y = middles[index]
            at = (float((x + 0.5) / blown.shape[1]), float((y + 0.5) / blown.shape[0]))
            found.append(Glare(at, share))
    return tuple(sorted(found, key=lambda one: -one.share))


def _is_solid(blob: Mask) -> bool:
    contour = _outline(blob)
    hull = cv2.contourArea(cv2.convexHull(contour))
    return bool(cv2.contourArea(contour) >= _SOLID * hull > 0)


def _outline(blob: Mask) -> NDArray[np.int32]:
    contours, _ = cv2.findContours(blob.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(contours, key=cv2.contourArea), np.int32)


def _is_soft(light: NDArray[np.float32], blob: Mask) -> bool:
    """Whether light falls off slowly, and clearly, from all of a blob's rim."""
    points = _outline(blob)[:, 0, :].astype(np.float32)
    middle = points.mean(axis=0)
    outwards = points - middle
    outwards /= np.maximum(np.linalg.norm(outwards, axis=1, keepdims=True), 1e-6)
    height, width = light.shape
    near, far = (points + share * max(light.shape) * outwards for share in (_NEAR, _FAR))
    inside = (near >= 0).all(axis=1) & (near[:, 0] < width) & (near[:, 1] < height)
    if inside.mean() < 0.5:
        return False
    here, there, beyond = (_at(light, one[inside]) for one in (points, near, far))
    first, last = here - there, here - beyond
    slowly = np.median(first) <= _SLOWLY and np.quantile(first, 0.9) <= _NOWHERE_FAST
    return bool(slowly and np.median(last) >= _CLEARLY and np.quantile(last, 0.1) >= _EVERYWHERE)


def _at(light: NDArray[np.float32], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light at places (x, y); beyond the edge, that of the edge."""
    seen = cv2.remap(
        light, places[:, None, :], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen[:, 0], np.float32)
