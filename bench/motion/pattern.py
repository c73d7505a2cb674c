"""A picture that is known between its pixels, too: a sum of waves.

It looks like clouds: equal contrast in every octave from the coarse to the fine, as photographs
have it on average. Because it is a formula, what a camera ought to see of it is known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

WAVES: Final = 120
# Wavelengths in pixels of the picture; even the finest can be shown by a frame's pixels.
_FINEST, _COARSEST = 10.0, 1500.0
# Standard deviation of the pattern, in codes of 0..255, about the middle.
_CONTRAST: Final = 30.0
_MIDDLE: Final = 128.0
_GRAIN: Final = 5.0
# Red, green and blue of a gray; so faint a tint that luma stays a multiple of the gray.
_TINT: Final = (1.04, 1.0, 0.9)


@dataclass(frozen=True)
class Pattern:
    """Waves of all directions and lengths.

    Attributes:
        size: Width and height of the picture in pixels.
        across: (WAVES,) turns per pixel to the right.
        down: (WAVES,) turns per pixel downwards.
        phases: (WAVES,) turns at the upper left corner.
    """

    size: tuple[int, int]
    across: NDArray[np.float64]
    down: NDArray[np.float64]
    phases: NDArray[np.float64]

    @classmethod
    def of(cls, size: tuple[int, int], seed: int = 1889) -> Pattern:
        """Waves by chance; the same seed, the same waves."""
        rng = np.random.default_rng(seed)
        length = np.exp(rng.uniform(np.log(_FINEST), np.log(_COARSEST), WAVES))
        angle = rng.uniform(0, 2 * np.pi, WAVES)
        phases = rng.uniform(0, 1, WAVES)
        return cls(size, np.cos(angle) / length, np.sin(angle) / length, phases)

    def seen(self, rect: tuple[float, float, float, float], size: tuple[int, int]) -> Plane:
        """What pixels in a rectangle show, each sampled in its middle.

        Args:
            rect: Left, top, width and height in pixels of the picture, in fractions of them, too.
            size: Width and height of what is wanted, in pixels.

        Returns:
            (height, width) codes about 128.
        """
        left, top, width, height = rect
        columns = left + (np.arange(size[0]) + 0.5) * (width / size[0])
        rows = top + (np.arange(size[1]) + 0.5) * (height / size[1])
        # cos(a + b) = cos a cos b - sin a sin b: all waves together are one product of matrices.
        a = 2 * np.pi * (np.outer(self.down, rows) + self.phases[:, None])
        b = 2 * np.pi * np.outer(self.across, columns)
        left_hand = np.concatenate([np.cos(a), -np.sin(a)]).astype(np.float32)
        right_hand = np.concatenate([np.cos(b), np.sin(b)]).astype(np.float32)
        amplitude = np.float32(_CONTRAST / np.sqrt(WAVES / 2))
        return np.asarray(left_hand.T @ right_hand * amplitude + np.float32(_MIDDLE), np.float32)

    def picture(self, seed: int = 1907) -> NDArray[np.uint8]:
        """The picture as a photograph has it: with grain and faintly brown, (H, W, 3) RGB."""
        gray = self.seen((0, 0, *self.size), self.size)
        rng = np.random.default_rng(seed)
        gray += _GRAIN * rng.standard_normal(gray.shape, np.float32)
        rgb = gray[..., None] * np.array(_TINT, np.float32)
        return np.clip(rgb + 0.5, 0, 255).astype(np.uint8)
