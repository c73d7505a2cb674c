"""Holes in a plate, filled from their rims before a network goes over them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.plate import Plane

# From so many pixels around it a hole is filled.
_REACH: Final = 3


def flowed_in(light: Plane, holes: NDArray[np.bool_]) -> Plane:
    """Let light flow into holes along the lines of equal lightness that end at their rims.

    Bertalmio et al., "Navier-Stokes, fluid dynamics, and image and video inpainting", 2001.

    Args:
        light: (H, W), 0..1.
        holes: (H, W), where nothing is known.

    Returns:
        (H, W), as it was outside the holes; all as it was if there is nothing to flow in from.
    """
    if not holes.any() or holes.all():
        return light
    filled: Plane = cv2.inpaint(
        np.ascontiguousarray(light), holes.astype(np.uint8), _REACH, cv2.INPAINT_NS
    )
    return filled
