"""Eye tones: what the plate recorded, made as light and dark as an eye saw it.

An orthochromatic plate took red lips for black and a blue sky for white. Where that is asked for
(`tones = "eye"`), the color network also says by how much each place was lighter or darker to an
eye. This is the one thing that moves the luminance of a colored picture, and an estimate like the
colors: it is never done unasked, and the plate's own light stays beside it. What moves are things,
not pixels: grain and detail ride on the light as they were.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import gray_from_lightness
from photochrom.steps.curves import lightness
from photochrom.steps.plate import Plane

# L* over which a change fades in from black, and out towards white, of what is so as a whole.
_BLACK: Final = 4.0
_WHITE: Final = 1.5
# The largest change, in L*.
_LARGEST: Final = 40.0
# Entries of the table: lightness fine enough for the darkest 16-bit gray.
_LIGHTNESSES: Final = 2**18


def held(change: Plane, lightness: Plane) -> Plane:
    """Hold what a network says back where nothing is known: black stays black, white stays white.

    Args:
        change: (h, w) float32, L* to add to each place.
        lightness: (h, w) float32, L* of each place on the plate.

    Returns:
        (h, w) float32, L* to add; `lightness` plus it lies in 0..100.
    """
    room = np.minimum(lightness / np.float32(_BLACK), (100 - lightness) / np.float32(_WHITE))
    change = np.clip(change, -_LARGEST, _LARGEST) * np.clip(room, 0, 1)
    held_back: Plane = np.clip(change, -lightness, 100 - lightness).astype(np.float32)
    return held_back


class Toning:
    """Makes light lighter or darker by so much L*.

    The curve back is a table: a scan has millions of pixels.
    """

    def __init__(self) -> None:
        levels = np.arange(_LIGHTNESSES, dtype=np.float32) * np.float32(100 / (_LIGHTNESSES - 1))
        self._gray = gray_from_lightness(levels)

    def __call__(self, light: Plane, change: NDArray[np.float32]) -> Plane:
        """Tone some rows.

        Args:
            light: (n, W) float32, sRGB-encoded gray, 0..1.
            change: (n, W) float32, L* to add.

        Returns:
            (n, W) float32, sRGB-encoded gray, 0..1.
        """
        seen = np.clip(lightness(light) + change, 0, 100)
        seen *= np.float32((_LIGHTNESSES - 1) / 100)
        seen += np.float32(0.5)
        toned: Plane = self._gray[seen.astype(np.int32)]
        return toned
