"""What a storyboard is made of: times, rates, sizes, colors and places, as files may write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
)

from photochrom.errors import PlaceError
from photochrom.film.storyboard.languages import checked
from photochrom.phrases import checked as checked_words
from photochrom.places import place_of, public


def is_font_file(name: str) -> bool:
    """Whether the name of a font is that of a file, and not of a family."""
    return public(name).lower().endswith((".ttf", ".otf", ".ttc"))


def _is_image(name: str) -> str:
    if not public(name).lower().endswith((".png", ".svg")):
        raise ValueError(f'"{name}" is neither PNG nor SVG; save it as one of them')
    try:
        place_of(name)
    except PlaceError as error:
        raise ValueError(str(error)) from None
    return name


def _seconds(value: object) -> object:
    """Read "1:05" or "1:05.5" as minutes and seconds; leave numbers to pydantic."""
    if isinstance(value, bool):
        raise ValueError('it takes seconds (8.5) or "m:ss" ("1:05")')
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(?:(\d+):([0-5]\d)|(\d+))(\.\d+)?", value.strip())
    if match is None and re.fullmatch(r"\d+:\d\d(\.\d+)?", value.strip()):
        raise ValueError(f'"{value}" is no length; seconds after a colon go from 00 to 59')
    if match is None:
        raise ValueError(f'"{value}" is no length; write seconds (8.5) or "m:ss" ("1:05")')
    minutes, tens, alone, part = match.groups()
    return int(minutes or 0) * 60 + int(tens or alone) + float(part or 0)


SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "720p": (1280, 720),
        "1080p": (1920, 1080),
        "4k": (3840, 2160),
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "1:1": (1080, 1080),
    }
)
"""What sizes may be called: HD, full HD, ultra HD; by shape: wide, upright for phones, square."""

NTSC: Mapping[str, Fraction] = MappingProxyType(
    {
        "23.976": Fraction(24000, 1001),
        "29.97": Fraction(30000, 1001),
        "59.94": Fraction(60000, 1001),
    }
)
"""Frame rates that everybody calls by a rounded number."""


def _rate(value: object) -> object:
    if str(value) in NTSC:
        return NTSC[str(value)]
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f'write {value} as an exact fraction, like 24 or "24000/1001"')
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f'"{value}" is no frame rate; write 24 or "24000/1001"') from None
    raise ValueError('a frame rate is a number, like 24 or "24000/1001"')


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lower() not in SIZES:
        raise ValueError(f'"{value}" is no size; write [1920, 1080] or one of {", ".join(SIZES)}')
    return SIZES[value.lower()]


def _plausible_rate(value: Fraction) -> Fraction:
    if not 10 <= value <= 120:
        raise ValueError(f"a film runs at 10 to 120 frames a second, not {float(value):g}")
    return value


def _even_size(value: tuple[int, int]) -> tuple[int, int]:
    for side in value:
        if side % 2 or not 128 <= side <= 8192:
            raise ValueError("width and height must be even numbers from 128 to 8192")
    return value


def _inside(value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = value
    if min(left, top) < 0 or left + width > 1 + 1e-9 or top + height > 1 + 1e-9:
        raise ValueError(
            "the rectangle leaves the picture; it is [left, top, width, height] in 0..1"
        )
    if min(width, height) < 0.02:
        raise ValueError("the rectangle is narrower than a fiftieth of the picture")
    return value


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]
"""A time of 0 or more, as seconds or "m:ss"."""

Length = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=3600, allow_inf_nan=False)]
"""How long an item is on screen, as seconds or "m:ss"."""

Image = Annotated[str, AfterValidator(_is_image)]
"""A picture with what is transparent in it: a PNG or SVG file. Whoever films the storyboard knows
where it is."""

Rate = Annotated[
    Fraction,
    BeforeValidator(_rate),
    AfterValidator(_plausible_rate),
    PlainSerializer(lambda rate: rate.numerator if rate.denominator == 1 else str(rate)),
]
"""Frames a second, exact: 24, 25, "24000/1001"."""

Language = Annotated[str, AfterValidator(checked)]
"""A language by its BCP 47 tag ("en", "de-CH", "zh-Hant"); "" where it is not said."""

OwnWords = Annotated[
    dict[str, str | tuple[str, ...]],
    BeforeValidator(checked_words),
]
"""Phrases of the film's in words of the user's, by their names; see `photochrom.phrases`."""

_COLOR = r"^#[0-9a-fA-F]{6}$"

LOOKS: Mapping[str, str] = MappingProxyType({_COLOR: '"#a0b1c2"'})
"""For each pattern that a text has to fit, a text that does."""

Color = Annotated[str, Field(pattern=_COLOR)]
"""An sRGB color, "#rrggbb"."""

Size = Annotated[tuple[int, int], BeforeValidator(_size), AfterValidator(_even_size)]
"""Width and height of frames in pixels, both even; files may write a name of `SIZES`."""

Rectangle = Annotated[tuple[float, float, float, float], AfterValidator(_inside)]
"""[left, top, width, height] in shares of the picture's width and height."""


def _rectangle_or_point(value: object) -> str:
    return "point" if isinstance(value, list | tuple) and len(value) == 2 else "rectangle"


Point = tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]]
"""[x, y] in shares of the picture's width and height."""

View = Annotated[
    Annotated[Rectangle, Tag("rectangle")] | Annotated[Point, Tag("point")],
    Discriminator(
        lambda value: (
            "point" if isinstance(value, list | tuple) and len(value) == 2 else "rectangle"
        )
    ),
]
"""What a camera looks at: a rectangle that fills the frame, or a point that it comes near to."""


def as_text(value: object) -> object:
    """Let a file write a year as the number, and a day as the date, that it is."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Model(BaseModel):
    """Data of a storyboard: frozen, and without any key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def frames_in(seconds: float, rate: Fraction) -> int:
    """How many frames a length is, at least one."""
    return max(1, round(Fraction(seconds).limit_denominator(100_000) * rate))
