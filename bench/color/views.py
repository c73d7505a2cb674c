"""Photographs as they are looked at, and exposed on each kind of plate."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from training.shards import decode, shrink

from photochrom.emulsion import Emulsion, expose, weights
from photochrom.steps.plate import Plane

Pixels = NDArray[np.uint8]

PLATES: Final = (Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC, Emulsion.BLUE_SENSITIVE)
SIDE: Final = 256
SQUARE, WHOLE, HISTORICAL = "square", "whole", "historical"
"""How a photograph is looked at: its central square; whole; whole, but no larger than most."""
# The historical photographs are brought to the short side that most modern ones have.
_HISTORICAL_SIDE: Final = 384
STEPS_BETWEEN: Final = {SQUARE: 2, WHOLE: 3, HISTORICAL: 3}
"""Color differences are taken at every so-manieth row and column."""


def seen(photograph: Path, view: str) -> Pixels:
    """(H, W, 3) of a photograph, as a view has it."""
    rgb = decode(photograph.read_bytes())
    if view == SQUARE:
        return square(rgb)
    return shrink(rgb, _HISTORICAL_SIDE) if view == HISTORICAL else rgb


def exposed(rgb: Pixels, plate: Emulsion) -> Plane:
    """The light that a plate of typical weights records: (H, W) sRGB-encoded, 0..1."""
    return expose(rgb.astype(np.float32) / np.float32(255), weights(plate))


def square(rgb: Pixels) -> Pixels:
    """Bring a photograph to a short side of 256 and cut out its center, as papers do."""
    height, width = rgb.shape[:2]
    share = SIDE / min(height, width)
    size = (max(SIDE, round(width * share)), max(SIDE, round(height * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    small = cv2.resize(rgb, size, interpolation=how)
    top, left = (size[1] - SIDE) // 2, (size[0] - SIDE) // 2
    return np.asarray(small[top : top + SIDE, left : left + SIDE], np.uint8)


def tellings(plate: Emulsion) -> dict[str, Emulsion]:
    """What a network may be told of a plate: the truth, what peers take for granted, nothing."""
    told = {"right": plate, "panchromatic": Emulsion.PANCHROMATIC, "unknown": Emulsion.UNKNOWN}
    if plate is Emulsion.PANCHROMATIC:
        del told["panchromatic"]
    return told
