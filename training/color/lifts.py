"""How much lighter a color was to an eye than to a plate, by the gray that the plate shows.

The lightness of a surface whose a* and b* are known follows from the gray that it left on a plate
whose sensitivity is known. Where several colors are thought possible, so are several lightnesses;
their mean is the least wrong.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import (
    lightness_from_gray,
    linear_to_srgb,
    srgb_from_lab,
    srgb_to_linear,
)
from photochrom.emulsion import Emulsion, weights

GRAYS: Final = 33
"""Grays, evenly spaced from 0 to 1, for which the table holds answers."""

_LIGHTNESSES: Final = 201


def lift_table(centers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tabulate what is to be added to the plate's L* for an eye's.

    Args:
        centers: (Q, 2) a*, b*.

    Returns:
        (emulsions, Q, GRAYS) in units of L*; the unknown emulsion is taken for panchromatic.
    """
    lightness = np.linspace(0, 100, _LIGHTNESSES, dtype=np.float32)
    lab = np.empty((len(centers), _LIGHTNESSES, 3), np.float32)
    lab[..., 0], lab[..., 1:] = lightness, centers[:, None]
    linear = srgb_to_linear(np.clip(srgb_from_lab(lab), 0, 1))
    shown = np.linspace(0, 1, GRAYS, dtype=np.float32)
    table = np.empty((len(Emulsion), len(centers), GRAYS), np.float32)
    for number, emulsion in enumerate(Emulsion):
        grays = linear_to_srgb(linear @ np.array(weights(emulsion), np.float32))
        for answers, gray in zip(table[number], grays, strict=True):
            # Colors out of gamut are clipped, and stop getting lighter; interpolation wants a rise.
            rising = np.maximum.accumulate(gray) + np.arange(_LIGHTNESSES) * 1e-7
            answers[:] = np.interp(shown, rising, lightness) - lightness_from_gray(shown)
    return table
