"""The colors that a photograph has itself: taken out of its pixels, and carried along.

A photograph that is in color is restored in its light, like any other; its own colors come back at
the end. They are kept at up to a size at which the eye sees no difference, and joined to the light
along its edges.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb
from photochrom.steps.plate import Chroma

Floats = NDArray[np.float32]

# Long side at which own colors are kept.
_LONGEST: Final = 2048
# How far from a defect's cells its color reaches: lenses blur, and JPEG keeps color at half size.
_BESIDE: Final = 2


def own_colors(pixels: NDArray[np.unsignedinteger[Any]]) -> Chroma:
    """The colors of a photograph in color.

    Args:
        pixels: (H, W, 3) uint8 or uint16, sRGB-encoded.

    Returns:
        Chroma that was measured, not guessed: as certain as can be.
    """
    height, width = pixels.shape[:2]
    share = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    color = small.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    ab = np.ascontiguousarray(lab_from_srgb(color)[..., 1:])
    return Chroma(ab, np.ones(ab.shape[:2], np.float32), measured=True)


def without_defects(chroma: Chroma, mask: NDArray[np.uint8]) -> Chroma:
    """Colors where `mask`, (H, W), is above 0 flow in from around it, as light did."""
    height, width = chroma.certainty.shape
    small = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > 0
    if not small.any():
        return chroma
    around = np.ones((2 * _BESIDE + 1,) * 2, np.uint8)
    holes = cv2.dilate(small.astype(np.uint8), around) > 0
    known = np.where(holes, np.float32(0), np.float32(1))
    flowed = _flowed_in(np.dstack([chroma.ab * known[..., None], known]))
    ab = np.where(holes[..., None], flowed, chroma.ab)
    return replace(chroma, ab=ab)


def _flowed_in(state: Floats) -> Floats:
    """The mean of what is known around each place, of the nearest size at which any is.

    "Pull-push" (Gortler et al., "The lumigraph", 1996).

    Args:
        state: (h, w, c + 1): values times how well they are known, and that, 0..1.

    Returns:
        (h, w, c).
    """
    height, width = state.shape[:2]
    if min(height, width) == 1:
        return _weighed(state)[..., :-1]
    coarse: Floats = cv2.pyrUp(_flowed_in(cv2.pyrDown(state)), dstsize=(width, height))
    missing: Floats = 1 - np.clip(state[..., -1:], 0, 1)
    whole = np.concatenate([coarse, np.ones_like(missing)], axis=2)
    filled = np.asarray(state + whole * missing, np.float32)
    return _weighed(filled)[..., :-1]


def _weighed(state: Floats) -> Floats:
    """Means, and 1 for their weight."""
    return np.asarray(state / np.maximum(state[..., -1:], np.float32(1e-6)), np.float32)
