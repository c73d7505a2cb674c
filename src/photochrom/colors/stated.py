"""Colors as people state them: "#c4121e", "crimson", "lab(41 62 38)", "Munsell 5R 4/14".

Sources: CSS Color Module Level 4 (names; `lab()` is relative to D50, as museums measure, and is
adapted to D65 by Bradford's matrix); the Munsell renotations (Newhall, Nickerson and Judd, 1943).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from photochrom.colorspace import lab_from_srgb, srgb_from_lab
from photochrom.faults import nearest

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]

Sure = Literal["documented", "reported", "assumed"]
"""How sure a color is: it can be looked up, somebody has told it, somebody takes it for likely."""

HOW: Final = 'write "#c4121e", a CSS name, "lab(41 62 38)" or "Munsell 5R 4/14"'

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_LAB = re.compile(rf"(?:cie)?lab\s*\(\s*({_NUMBER})%?[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*\)", re.I)
_HEX = re.compile("#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.I)
# Bradford's adaptation of XYZ, from D50 to D65, and the two whites.
_TO_D65: Final = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)
_D50, _D65 = np.array([0.96422, 1.0, 0.82521]), np.array([0.95047, 1.0, 1.08883])


@dataclass(frozen=True)
class Stated:
    """A color that somebody has stated.

    Attributes:
        rgb: sRGB, each 0..255: the color, or of one that sRGB has not, the nearest of its hue and
            lightness.
        lab: CIELAB (D65), just as it was stated.
    """

    rgb: RGB
    lab: Lab


def stated(text: str) -> Stated:
    """Understand a color in words.

    Raises:
        ValueError: It is no color; says what one is.
    """
    from photochrom.colors.munsell import munsell

    words = text.strip()
    if _HEX.fullmatch(words):
        digits = words[1:] if len(words) > 4 else "".join(2 * one for one in words[1:])
        return _exactly(bytes.fromhex(digits))
    # Which reads pictures, too: a file is read before a build with nothing to do as well.
    from PIL import ImageColor

    if words.lower() in ImageColor.colormap:
        return _exactly(ImageColor.getrgb(words)[:3])
    if match := _LAB.fullmatch(words):
        light, a, b = (float(part) for part in match.groups())
        if not 0 <= light <= 100:
            raise ValueError(f'"{text}" is no color: L* goes from 0 to 100')
        return _of(_adapted((light, a, b)))
    if (found := munsell(words)) is not None:
        return _of(found)
    like = nearest(words.lower(), ImageColor.colormap)
    raise ValueError(f'"{text}" is no color; ' + (f"did you mean {like!r}?" if like else HOW))


def _exactly(rgb: Iterable[int]) -> Stated:
    red, green, blue = rgb
    exact = lab_from_srgb(np.array([red, green, blue], np.float32) / 255)
    return Stated((red, green, blue), _lab(exact))


def hex_of(rgb: RGB) -> str:
    """ "#rrggbb"."""
    return f"#{bytes(rgb).hex()}"


def _adapted(lab: Lab) -> Lab:
    light, a, b = lab
    y = (light + 16) / 116
    curve = np.array([y + a / 500, y, y - b / 200])
    straight = 3 * (6 / 29) ** 2 * (curve - 4 / 29)
    xyz = _TO_D65 @ (np.where(curve > 6 / 29, curve**3, straight) * _D50) / _D65
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def _of(lab: Lab) -> Stated:
    """The color; one that sRGB has not is made paler until it has it."""
    low, high = 0.0, 1.0
    wanted = np.array(lab, np.float32)
    if _inside(wanted):
        low = 1.0
    else:
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if _inside(_paler(wanted, middle)) else (low, middle)
    red, green, blue = (
        round(float(one) * 255) for one in np.clip(srgb_from_lab(_paler(wanted, low)), 0, 1)
    )
    return Stated((red, green, blue), lab)


def _paler(lab: np.ndarray, share: float) -> np.ndarray:
    return lab * np.array([1, share, share], np.float32)


def _inside(lab: np.ndarray) -> bool:
    rgb = srgb_from_lab(lab)
    return bool((rgb > -0.002).all() and (rgb < 1.002).all())


def _lab(values: np.ndarray) -> Lab:
    light, a, b = (float(one) for one in values)
    return light, a, b
