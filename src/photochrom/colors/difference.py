"""CIEDE2000: how different two colors look.

Source: Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula" (2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_HIGH = 25.0**7


def ciede2000(one: ArrayLike, other: ArrayLike) -> Floats:
    """The difference between colors; 1 is just seen, 5 is another color.

    Args:
        one: (..., 3) L*, a*, b*.
        other: Of a shape that fits.

    Returns:
        (...) float64.
    """
    light_1, a_1, b_1 = np.moveaxis(np.asarray(one, np.float64), -1, 0)
    light_2, a_2, b_2 = np.moveaxis(np.asarray(other, np.float64), -1, 0)
    middle = (np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2
    raised = 1 + 0.5 * (1 - np.sqrt(middle**7 / (middle**7 + _HIGH)))
    chroma_1, hue_1 = _polar(a_1 * raised, b_1)
    chroma_2, hue_2 = _polar(a_2 * raised, b_2)
    gray = chroma_1 * chroma_2 == 0
    turn = np.where(gray, 0, (hue_2 - hue_1 + 180) % 360 - 180)
    light, chroma = (light_1 + light_2) / 2, (chroma_1 + chroma_2) / 2
    hue = np.where(gray, hue_1 + hue_2, hue_1 + turn / 2)
    step_light, step_chroma = light_2 - light_1, chroma_2 - chroma_1
    step_hue = 2 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(turn / 2))
    away = np.square(light - 50)
    scale_light = 1 + 0.015 * away / np.sqrt(20 + away)
    scale_chroma = 1 + 0.045 * chroma
    scale_hue = 1 + 0.015 * chroma * _unevenness(hue)
    around = 60 * np.exp(-np.square(((hue % 360) - 275) / 25))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + _HIGH)) * np.sin(np.radians(around))
    parts = step_light / scale_light, step_chroma / scale_chroma, step_hue / scale_hue
    total = sum(np.square(part) for part in parts) + rotation * parts[1] * parts[2]
    found: Floats = np.sqrt(np.maximum(total, 0))
    return found


def _polar(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _unevenness(hue: Floats) -> Floats:
    """How unevenly hues are spaced around the circle."""
    waves: Floats = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    return waves
