"""What a record says of places, as pictures that lie over the photograph.

What was filled is magenta: no photograph has it. Certainty goes from dark blue (a guess) by gray to
yellow (sure), which people of every color vision tell apart, as light and dark do in print.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import PhotochromError
from photochrom.record import Record
from photochrom.reporting.pictures import Shown, shown_as_png
from photochrom.steps.maps import unpacked

FILLED: Final = "#e6007e"
RAMP: Final = ("#0b2a5b", "#4d5a73", "#8a8a80", "#c4b25a", "#ffe945")
"""Colors of certainty, in equal steps."""

SPREAD: Final = (0.3, 0.8)
"""The certainties of the first and the last of them: hardly any lie beyond."""

_LEVELS: Final = 32


def overlay(record: Record, step: str) -> Shown | None:
    """The overlay of what a step noted of places.

    Args:
        record: The picture's.
        step: "repair" or "color".

    Returns:
        None if it noted nothing, or nothing that can be read.
    """
    notes = next((one.notes for one in record.taken if one.name == step), {})
    if "map" not in notes:
        return None
    try:
        values = unpacked(notes["map"])
    except PhotochromError:
        return None
    levels = np.round(values * (_LEVELS - 1)).astype(np.uint8)
    return _filled(levels) if step == "repair" else _certainty(levels)


def _filled(levels: NDArray[np.uint8]) -> Shown:
    alphas = bytes(round(255 * level / (_LEVELS - 1)) for level in range(_LEVELS))
    return _in_colors(levels, [_rgb(FILLED)] * _LEVELS, alphas)


def _certainty(levels: NDArray[np.uint8]) -> Shown:
    stops = np.array([_rgb(color) for color in RAMP], np.float64)
    sure = (np.linspace(0, 1, _LEVELS) - SPREAD[0]) / (SPREAD[1] - SPREAD[0])
    at = np.clip(sure, 0, 1) * (len(RAMP) - 1)
    channels = [np.interp(at, np.arange(len(RAMP)), stops[:, channel]) for channel in range(3)]
    colors = np.round(np.stack(channels, axis=1)).astype(int).tolist()
    return _in_colors(levels, colors, None)


def _in_colors(levels: NDArray[np.uint8], colors: list[list[int]], alphas: bytes | None) -> Shown:
    height, width = levels.shape
    indexed = Image.frombytes("P", (width, height), levels.tobytes())
    indexed.putpalette([channel for color in colors for channel in color])
    if alphas is not None:
        indexed.info["transparency"] = alphas
    return shown_as_png(indexed)


def _rgb(color: str) -> list[int]:
    return list(bytes.fromhex(color[1:]))
