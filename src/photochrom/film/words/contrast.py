"""Legibility: how far words stand out from what lies below them, and how much shade that takes.

Contrast is that of WCAG 2 (W3C): the ratio of two relative luminances, 1 (none) to 21. It is
measured on the frames over which the words stand, pixel by pixel, and the shade beneath the words
is made just as dark as the ratio asks for, so that a dark corner of a picture stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.frames.pictures import Floats, rgb_from_yuv
from photochrom.film.frames.planes import Planes

RATIO = 4.5
"""What is asked of words (WCAG 2.2, success criterion 1.4.3)."""

SHORT = 5
"""Percent of the pixels below the words that may fall short of it, in the worst frame."""

MOST = 0.85
"""The darkest shade, 0..1: a picture is never covered altogether."""

_STEPS = 64
"""A shade is a multiple of one part in so many."""


def luminance(rgb: Floats) -> Floats:
    """Relative luminance, 0..1, of sRGB-encoded colors: (..., 3) in 0..1 to (...)."""
    encoded = np.clip(rgb, 0, 1)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float32)


def luminance_of(color: str) -> float:
    """Relative luminance of "#rrggbb"."""
    rgb = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return float(luminance(np.array(rgb, np.float32)))


def contrast(one: Floats | float, other: Floats | float) -> Floats:
    """The ratio, 1..21, of two luminances."""
    lighter, darker = np.maximum(one, other), np.minimum(one, other)
    return np.asarray((lighter + 0.05) / (darker + 0.05), np.float32)


def shade_for(ink: str) -> str:
    """The color that sets an ink off: black below light ones, white below dark ones."""
    light = luminance_of(ink)
    return "#000000" if contrast(light, 0.0) >= contrast(light, 1.0) else "#ffffff"


def below(frame: Planes, words: NDArray[np.bool_]) -> Floats:
    """The colors under words, a quarter of them: that is what there is of color.

    Args:
        frame: What the words lie on.
        words: (H, W), where they are.

    Returns:
        (n, 3) sRGB-encoded, 0..1.
    """
    where = words[::2, ::2]
    parts = (frame.luma[::2, ::2], frame.cb, frame.cr)
    luma, cb, cr = ((part[where] / np.float32(256)).astype(np.float32) for part in parts)
    return np.clip(rgb_from_yuv(luma, cb, cr), 0, 1)


def worst_contrast(colors: Floats, ink: str) -> float:
    """The ratio that all but `SHORT` percent of some colors have to an ink; `colors` as below."""
    ratios = contrast(luminance(colors), luminance_of(ink))
    return float(np.percentile(ratios, SHORT))


def shade_needed(
    frames: Sequence[Planes],
    words: NDArray[np.bool_],
    shape: Floats,
    ink: str,
    ratio: float = RATIO,
) -> float:
    """How dark a shade has to be where it is darkest, 0..`MOST`, for words to be legible.

    Args:
        frames: What the words lie on at some moments.
        words: (H, W), where they are.
        shape: (H, W): how much of the shade is where, 0..1.
        ink: The words' color, "#rrggbb".
        ratio: What is asked for.
    """
    if not words[::2, ::2].any():
        return 0.0
    seen = [below(frame, words) for frame in frames]
    share = shape[::2, ::2][words[::2, ::2]][:, None]
    white = 0.0 if shade_for(ink) == "#000000" else 1.0

    def is_enough(step: int) -> bool:
        alpha = share * np.float32(step / _STEPS)
        shaded = (colors + (white - colors) * alpha for colors in seen)
        return all(worst_contrast(colors, ink) >= ratio for colors in shaded)

    low, high = 0, int(MOST * _STEPS)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return high / _STEPS


def spread(words: Floats, reach: int) -> NDArray[np.bool_]:
    """Where words are, and what is within `reach` pixels of their letters.

    Args:
        words: (H, W) alpha of what was painted.
        reach: Pixels, 1 or more.
    """
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate((words > 0.3).astype(np.uint8), kernel) > 0)
