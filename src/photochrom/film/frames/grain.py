"""Film grain over pictures.

Grain that changes with every frame is what film has, and what costs an encoder most; grain that
stands still looks like dirt on a window as soon as the camera moves. It changes with every second
frame here. All patterns are cut out of one field of noise, at places that hang on nothing but the
number of the frame in its shot, so a frame costs one addition.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.frames.planes import Planes

FULL = 4.0
"""Standard deviation of the strongest grain, in 8-bit codes."""

FINE = 0.7
"""How far a grain reaches (a Gaussian's width) in pixels of a 1080-pixel frame."""

FRAMES = 2
"""For how many frames a pattern stands."""

SEED = 1893

_MARGIN = 256
_CLIP = 3.0


class Grain:
    """Grain for one size of picture.

    Args:
        strength: 0..1, more than 0.
        size: Width and height of the picture area.
        scale: From `captions.unit`: grain is as large beside the picture in any size of frame.
    """

    def __init__(self, strength: float, size: tuple[int, int], scale: float):
        self._size = size
        self._field = _field(strength, size, scale)

    def step(self, frame: int) -> int:
        """Which pattern a frame of a shot has; frames of one step have the same."""
        return frame // FRAMES

    def over(self, planes: Planes, step: int) -> Planes:
        """The frame with grain on its light; its color and the frame itself stay as they are."""
        width, height = self._size
        x, y = np.random.default_rng((SEED, step)).integers(0, _MARGIN, 2)
        pattern = self._field[y : y + height, x : x + width]
        luma = cv2.add(planes.luma, pattern, dtype=cv2.CV_16U)
        return Planes(np.asarray(luma, np.uint16), planes.cb, planes.cr)


@lru_cache(maxsize=2)
def _field(strength: float, size: tuple[int, int], scale: float) -> NDArray[np.int16]:
    """Noise in codes times 256, larger than the picture; every segment of a film needs the same."""
    shape = (size[1] + _MARGIN, size[0] + _MARGIN)
    noise = np.random.default_rng(SEED).standard_normal(shape, dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), max(FINE * scale, 0.1))
    smooth *= np.float32(1 / smooth.std())
    # Rare peaks would leave the codes that video has for white and black.
    return np.asarray(np.clip(smooth, -_CLIP, _CLIP) * (FULL * strength * 256), np.int16)
