"""An estimate of damage from shape alone."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.measure.sampling import Plane

# Defects are thinner than this, in pixels of the overview, and stand out by this much of 0..1.
_WIDEST = 7
_FAINTEST = 0.10
# And by so many times what is usual around them: a hair on a cheek counts, one among hair does not.
_STANDS_OUT = 6.0
_AROUND = 41
_SMALLEST = 4


def measure_damage(gray: Plane) -> float:
    """Estimate the share of a picture that is scratches and dust.

    Thin or small structures that are much lighter or darker than their surroundings, in places that
    have few such structures.

    Args:
        gray: (h, w) 0..1, the longer side about 1,024 or less.

    Returns:
        0..1.
    """
    if min(gray.shape) < _AROUND:
        return 0.0
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_WIDEST, _WIDEST))
    contrast = max(float(np.subtract(*np.percentile(gray, [99, 1]))), 0.05)
    light = cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, kernel)
    dark = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, kernel)
    defects = np.zeros(gray.shape, np.uint8)
    for thin in (light, dark):
        usual = cv2.boxFilter(np.minimum(light + dark, 2 * _FAINTEST), -1, (_AROUND, _AROUND))
        found = (thin > _FAINTEST * contrast) & (thin > _STANDS_OUT * usual)
        defects |= found.astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(defects, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= _SMALLEST
    large[0] = False
    return float(large[labels].mean()) if count > 1 else 0.0
