"""From colors found to colors shown: paler where unsure, livelier where weak, never glaring.

A network in doubt says pale colors. One factor for all of them makes up for that, and where the
network was in no doubt, of a lawn or a sky, it glares. So weak colors are raised by more than
strong ones, and the colors of skin by less than others, as the vibrance of raw developers does;
what is all but gray is not raised. Hue is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

MOST_VIBRANCE: Final = 1.5
"""With more, of two colors of one hue the stronger could come out the weaker."""

# The share of the knee below which colors are taken for gray, that stays gray; and what the rise of
# colors would be at most, a little above half the knee, to make that 1.
_GRAY: Final = np.float32(0.3)
_MOST_RISE: Final = np.float32(0.66094)

# The hue of skin, in degrees of CIELAB: the median of the bench's faces, four of five of which are
# within 14 of it. A hue counts as skin's by the cosine of its distance, squared so many times: at
# 23 degrees by half.
_SKIN_HUE: Final = 46.0
_SKIN_SQUARINGS: Final = 3
_TOWARDS_SKIN: Final = np.array(
    [np.cos(np.radians(_SKIN_HUE)), np.sin(np.radians(_SKIN_HUE))], np.float32
)
# Chroma up to the first is kept; beyond, it nears the second.
_KEPT_CHROMA, _LARGEST_CHROMA = np.float32(60), np.float32(100)
# L* between which colors fade in from black, and out towards white.
_BLACKS, _WHITES = (1.0, 12.0), (93.0, 100.0)
_NEUTRAL: Final = np.float32(1e-3)


@dataclass(frozen=True)
class Vividness:
    """How vivid colors are shown; the step's parameters of the same names."""

    saturation: float = 1.0
    vibrance: float = 0.0
    knee: float = 24.0
    skin: float = 0.8
    caution: float = 0.0

    def __call__(self, ab: Floats, certainty: Plane, lightness: Plane) -> Floats:
        """Colors as they are shown.

        Args:
            ab: (h, w, 2) a* and b* as they were found.
            certainty: (h, w), 0..1.
            lightness: (h, w) L* of the picture that is shown.

        Returns:
            (h, w, 2) float32, of the same hues.
        """
        doubt = 1 - np.float32(self.caution) * (1 - certainty)
        factor = doubt * self.raise_of(ab * doubt[..., None])
        factor *= _smooth_step(lightness, *_BLACKS) * (1 - _smooth_step(lightness, *_WHITES))
        return _limited(ab * factor[..., None])

    def raise_of(self, ab: Floats) -> Plane:
        """By how much colors, (h, w, 2), are raised: a factor, (h, w).

        It is saturation * (1 + vibrance) for weak colors, a little above half the knee; less near
        gray, where it is the saturation alone, and beyond: of the rise two thirds are left at the
        knee, a sixth at twice the knee.
        """
        chroma = np.linalg.norm(ab, axis=-1)
        alike = np.maximum(ab @ _TOWARDS_SKIN, 0) / np.maximum(chroma, _NEUTRAL)
        for _ in range(_SKIN_SQUARINGS):
            alike *= alike
        share = chroma / np.float32(self.knee)
        square = share * share
        rise = square / (square + _GRAY * _GRAY) / (1 + square * share) / _MOST_RISE
        rise *= np.float32(self.vibrance) * (1 - np.float32(self.skin) * alike)
        raised: Plane = np.float32(self.saturation) * (1 + rise)
        return raised


def _limited(ab: Floats) -> Floats:
    """The same colors, none beyond the largest chroma."""
    chroma = np.linalg.norm(ab, axis=-1, keepdims=True)
    room = _LARGEST_CHROMA - _KEPT_CHROMA
    limited = _KEPT_CHROMA + room * np.tanh((chroma - _KEPT_CHROMA) / room)
    scale = np.where(chroma > _KEPT_CHROMA, limited / np.maximum(chroma, _KEPT_CHROMA), 1)
    shown: Floats = (ab * scale).astype(np.float32)
    return shown


def _smooth_step(value: Plane, low: float, high: float) -> Plane:
    position = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    step: Plane = position * position * (3 - 2 * position)
    return step
