"""Munsell's notation of colors, as textile and paint collections write it.

The table beside this file holds a* and b* (D65) of the Munsell renotations (Newhall, Nickerson and
Judd, 1943; illuminant C, adapted by Bradford's matrix): for 40 hues, values 1 to 9 and even chromas
up to 26, as far as there are such colors. Between them colors are interpolated, and beyond the
strongest of a hue they go on in its direction. Lightness is ASTM D1535's polynomial.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

Lab = tuple[float, float, float]
Floats = NDArray[np.float64]

_FAMILIES: Final = ("R", "YR", "Y", "GY", "G", "BG", "B", "PB", "P", "RP")
_NUMBER = r"\d+(?:\.\d+)?"
_CHROMATIC = re.compile(
    rf"(?:munsell\s+)?({_NUMBER})\s*({'|'.join(_FAMILIES)})\s+({_NUMBER})\s*/\s*({_NUMBER})", re.I
)
_NEUTRAL = re.compile(rf"(?:munsell\s+)?N\s*({_NUMBER})\s*/?(?:\s*0)?", re.I)
_STRONGEST: Final = 40.0


def munsell(text: str) -> Lab | None:
    """CIELAB (D65) of a color in Munsell's notation, "5R 4/14" or "N 6/"; None if it is none.

    Raises:
        ValueError: It is, but there is no such color.
    """
    if match := _NEUTRAL.fullmatch(text):
        return _lightness(_value(match[1], text)), 0.0, 0.0
    match = _CHROMATIC.fullmatch(text)
    if match is None:
        return None
    hue, value, chroma = float(match[1]), _value(match[3], text), float(match[4])
    if not 0 <= hue <= 10:
        raise ValueError(f'"{text}" is no color: hues of Munsell go from 0 to 10 of each letter')
    if chroma > _STRONGEST:
        raise ValueError(f'"{text}" is no color: no chroma of Munsell is beyond {_STRONGEST:g}')
    # 2.5R is the first of the 40 hues.
    place = (_FAMILIES.index(match[2].upper()) * 4 + hue / 2.5 - 1) % 40
    a, b = _between(place, value, chroma)
    return _lightness(value), a, b


def _value(text: str, whole: str) -> float:
    value = float(text)
    if not 0 <= value <= 10:
        raise ValueError(f'"{whole}" is no color: values of Munsell go from 0 to 10')
    return value


def _lightness(value: float) -> float:
    """L* of a value, 0..10."""
    powers = (1.1914, -0.22533, 0.23352, -0.020484, 0.00081939)
    luminance = sum(factor * value**power for power, factor in enumerate(powers, 1)) / 100
    if luminance > (6 / 29) ** 3:
        return float(116 * np.cbrt(luminance) - 16)
    return float(luminance * (29 / 3) ** 3)


def _between(hue: float, value: float, chroma: float) -> tuple[float, float]:
    low = int(hue)
    part = hue - low
    ends = [_of_value(one % 40, value, chroma) for one in (low, low + 1)]
    a, b = ends[0] * (1 - part) + ends[1] * part
    return float(a), float(b)


def _of_value(hue: int, value: float, chroma: float) -> Floats:
    # Black and white have no color; between them and the table's ends it falls evenly.
    held = min(max(value, 1.0), 9.0)
    low = min(int(held), 8)
    ends = [_of_chroma(_table()[hue, one - 1], chroma) for one in (low, low + 1)]
    found: Floats = ends[0] * (1 - (held - low)) + ends[1] * (held - low)
    return found * min(value, 10 - value, 1.0)


def _of_chroma(row: Floats, chroma: float) -> Floats:
    known = row[np.isfinite(row[:, 0])]
    chromas = np.arange(len(known) + 1) * 2.0
    steps = np.vstack([np.zeros((1, 2)), known])
    if chroma > chromas[-1]:
        return np.asarray(steps[-1] * chroma / chromas[-1], np.float64)
    return np.array([np.interp(chroma, chromas, axis) for axis in steps.T])


@cache
def _table() -> Floats:
    """(40, 9, 13, 2): of hues from 2.5R, values from 1, chromas from 2; NaN where none is."""
    with (files("photochrom.colors") / "munsell.npz").open("rb") as file, np.load(file) as held:
        return np.asarray(held["ab"], np.float64)
