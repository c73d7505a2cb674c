"""A contact sheet: frames of a film in rows, each with its timecode."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import skia
from numpy.typing import NDArray

from photochrom.errors import StoryboardError
from photochrom.film.exchange.timecode import timecode
from photochrom.film.storyboard import Film
from photochrom.film.words.type import Style, Typesetter

COLUMNS = 6
CELL = 320
"""Width of a frame on the sheet, in pixels; films that are narrower are shown as they are."""

MOST = 3000
"""Frames on a sheet; a larger one is a picture that nobody opens."""

GAP = 14
TYPE = 16
STRIP = 34
"""Height of the strip below a frame that holds its timecode."""

_PAPER, _INK = (58, 58, 58), "#e0e0e0"

Pixels = NDArray[np.uint8]


def moments(frames: int, rate: Fraction, every: float) -> list[int]:
    """The frames of a sheet: one every so many seconds, from the first frame on.

    Args:
        frames: Length of the film.
        rate: Frames a second.
        every: Seconds between two of them, more than 0.

    Raises:
        StoryboardError: They are too many for a sheet.
    """
    step = max(Fraction(every).limit_denominator(1000) * rate, Fraction(1))
    count = -(-frames // step)
    if count > MOST:
        raise StoryboardError(
            f"a sheet of {count} frames is too large", fix=f"at most {MOST}: make --every longer"
        )
    return [int(index * step) for index in range(count)]


def contact_sheet(pictures: Iterable[tuple[int, Pixels]], count: int, film: Film) -> Pixels:
    """Frames in rows, from left to right.

    Args:
        pictures: For each frame its number in the film and (H, W, 3) sRGB-encoded RGB, of
            the film's size.
        count: How many there are, 1 or more.
        film: Gives size, rate and the font.

    Returns:
        (H, W, 3) sRGB-encoded RGB.
    """
    width, height = film.size
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    size = (GAP + columns * (width + GAP), GAP + rows * (height + STRIP))
    sheet = np.full((size[1], size[0], 4), (*_PAPER, 255), np.uint8)
    surface = skia.Surface.MakeRasterDirect(
        skia.ImageInfo.Make(*size, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType), sheet
    )
    setter, style = Typesetter(), Style(film.theme.text_font, TYPE, _INK, tracking=0.4)
    for place, (frame, picture) in enumerate(pictures):
        row, column = divmod(place, columns)
        x, y = GAP + column * (width + GAP), GAP + row * (height + STRIP)
        sheet[y : y + height, x : x + width, :3] = picture
        # Counted from the beginning of the film, as `photochrom film frame` wants it.
        words = setter.block(timecode(frame, film.rate), style, width)
        words.paint(surface.getCanvas(), x, y + height + 2)
    surface.flushAndSubmit()
    return np.ascontiguousarray(sheet[..., :3])
