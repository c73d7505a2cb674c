"""Does a scan show a negative?

Three things say. Light and dark are not alike in photographs (`asymmetry`), though night and snow
look much like each other's negatives. A face is a face in one of two pictures only, the scan or its
inverse. And the film of a color negative is orange all over.

A doubtful scan is not told of: whoever is warned wrongly stops to read warnings.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from photochrom.colorspace import srgb_to_linear
from photochrom.measure.asymmetry import asymmetries
from photochrom.measure.faces import certainty_of_faces, reduced
from photochrom.measure.sampling import Plane

# Of the asymmetries; from `training/negative.py` on 1,608 photographs of color-train.
_WEIGHTS: Final = np.array(
    [3.187, 1.214, -0.006458, 0.3832, 0.9421, 3.582, 1.5, -0.3662, -0.06098, 0.7794, -0.37,
     -1.422, -1.799, -0.3085, -0.03978, 0.3318, 0.2654, -1.114, -1.011, -0.2088, -0.1001,
     -0.001974, 0.1604, -1.066, 0.08426, 0.1192, -0.07652, -0.1675, 0.1626, -0.8424, -0.1356,
     0.3811, -0.03085, -0.07903, -0.08247, 1.026, 1.078, 7.62, -14.35, 6.487, -10.43, 1.716, 1.02]
)  # fmt: skip
# The logarithm of odds that all together have to reach.
_SURE: Final = 2.2
# And what a mask adds to it: sepia prints can be as orange.
_MASK: Final = 2.5
_FACES_AREA: Final = 140_000
_SMALLEST: Final = 32
# By how much (as decimal logarithms of light) red passes blue, red green and green blue on film
# with an orange mask: nearly everywhere, and in the middle.
_LEAST, _USUAL = (0.33, 0.08, 0.05), (0.5, 0.2, 0.12)
_NEARLY_ALL: Final = 0.05
_SIDE: Final = 128


def measure_negative(gray: Plane, color: Plane | None) -> float:
    """Estimate how likely it is that a scan shows a negative.

    Args:
        gray: (h, w) 0..1, sRGB-encoded, the longer side about 1,024 or less.
        color: (h, w, 3) the same in color; None for gray scans.

    Returns:
        0..1; above one half it should be looked at. Below, it may be less than that: faces in the
        scan itself, which speak against, are looked for only where they can decide.
    """
    if min(gray.shape) < _SMALLEST or np.ptp(gray) < 0.02:
        return 0.0
    small = reduced(np.rint(np.clip(gray, 0, 1) * 255).astype(np.uint8), _FACES_AREA)
    odds = float(asymmetries(gray) @ _WEIGHTS)
    odds += float(np.log1p(certainty_of_faces(cv2.bitwise_not(small))))
    if color is not None and _has_mask(color):
        odds += _MASK
    if odds > _SURE:
        odds -= float(np.log1p(certainty_of_faces(small)))
    return round(float(1 / (1 + np.exp(np.clip(_SURE - odds, -30, 30)))), 3)


def _has_mask(color: Plane) -> bool:
    """Whether a picture is as orange as film of color negatives, all over."""
    share = min(1.0, _SIDE / max(color.shape[:2]))
    size = [max(1, round(side * share)) for side in (color.shape[1], color.shape[0])]
    small = cv2.resize(color, size, interpolation=cv2.INTER_AREA).reshape(-1, 3)
    red, green, blue = np.log10(np.maximum(srgb_to_linear(np.clip(small, 0, 1)), 1e-4)).T
    steps = (red - blue, red - green, green - blue)
    return all(
        np.quantile(step, _NEARLY_ALL) > least and np.median(step) > usual
        for step, least, usual in zip(steps, _LEAST, _USUAL, strict=True)
    )
