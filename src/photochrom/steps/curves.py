"""CIELAB lightness of large planes, from a table: a scan has millions of pixels, and powers and
roots take longer than all else that is made of one."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lightness_from_gray
from photochrom.steps.plate import Plane

# Entries: every 16-bit gray.
_LIGHTS: Final = 2**16


def codes(light: Plane) -> NDArray[np.uint16]:
    """sRGB-encoded light, 0..1, as 16 bits; what lies outside is taken for the end."""
    found: NDArray[np.uint16] = (
        np.clip(light, 0, 1) * np.float32(_LIGHTS - 1) + np.float32(0.5)
    ).astype(np.uint16)
    return found


def lightness(light: Plane) -> Plane:
    """L*, 0..100, of sRGB-encoded light, 0..1, to the nearest 16-bit gray."""
    found: Plane = _table().take(codes(light))
    return found


@cache
def _table() -> Plane:
    light = np.arange(_LIGHTS, dtype=np.float32) / np.float32(_LIGHTS - 1)
    return lightness_from_gray(light)
