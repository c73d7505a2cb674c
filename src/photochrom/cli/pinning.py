"""Documented colors on the command line: `--pin PLACE=COLOR[:SOURCE]`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from photochrom.emulsion import Emulsion
    from photochrom.numbered import Numbered
    from photochrom.places import Place
    from photochrom.steps.plate import Pin

FORM = "PLACE=COLOR[:SOURCE]"
_HOW = "write X,Y=COLOR[:SOURCE], with a region's number, a box or a mask's file for X,Y"


def pins_of(
    texts: Sequence[str],
    photos: Sequence[Place],
    *,
    emulsion: Emulsion | None = None,
    year: int | None = None,
    negative: bool = False,
) -> tuple[Pin, ...]:
    """Documented colors in words.

    Args:
        texts: What was said.
        photos: The photographs that were named.
        emulsion: Of the plate, for its regions.
        year: When it was taken, for the same.
        negative: Whether the scan is of a negative.

    Raises:
        click.BadParameter: One is no pin, or lies outside of the picture; or two contradict.
    """
    from photochrom.errors import PhotochromError
    from photochrom.pinning import contradiction

    @cache
    def regions() -> Numbered:
        from photochrom.numbered import numbered
        from photochrom.photograph import Photograph

        photograph = Photograph.open(_scan(photos))
        return numbered(photograph, emulsion=emulsion, year=year, negative=negative)

    pins = []
    for text in texts:
        try:
            pins.append(_pin(text, photos, regions))
        except (ValueError, PhotochromError) as error:
            how = "" if isinstance(error, PhotochromError) else f"; {_HOW}"
            raise click.BadParameter(f"{text!r}: {error}{how}.", param_hint="--pin") from error
    if (pair := contradiction(pins)) is not None:
        first, second = (texts[number] for number in pair)
        raise click.BadParameter(
            f"{first!r} and {second!r} are two colors of one place.", param_hint="--pin"
        )
    return tuple(pins)


def _pin(text: str, photos: Sequence[Place], regions: Callable[[], Numbered]) -> Pin:
    from photochrom.pinning import box_of, mask_of, packed, point_of
    from photochrom.steps.plate import Pin

    place, equals, rest = text.partition("=")
    color, _, source = (part.strip() for part in rest.partition(":"))
    if not equals or not color:
        raise ValueError("there is no color")
    pin = partial(
        Pin,
        color=_color(color),
        source=source or "the command line",
        sure="documented" if source else "assumed",
    )
    if (numbers := _numbers(place)) is not None:
        mask, at = packed(regions().mask(numbers), f"region {place}")
        return pin(at=at, mask=mask)
    figures = _figures(place)
    size = partial(_size, photos)
    if figures is None:
        mask, at = mask_of(Path(place.strip()), size)
        return pin(at=at, mask=mask)
    if len(figures) == 2:
        return pin(at=point_of((figures[0], figures[1]), size))
    if len(figures) == 4:
        left, top, wide, high = box_of((figures[0], figures[1], figures[2], figures[3]), size)
        return pin(at=(left + wide / 2, top + high / 2), box=(left, top, wide, high))
    raise ValueError("a place is X,Y, LEFT,TOP,WIDTH,HEIGHT, regions as 7+12, or a file")


def _color(text: str) -> str | tuple[int, int, int]:
    """A color as it is said, or that of a region of another picture."""
    from photochrom.pinning import swatch_color

    file, at, box = text.rpartition("@")
    if not at:
        return text
    try:
        left, top, wide, high = map(float, box.split(","))
    except ValueError:
        how = "write FILE@LEFT,TOP,WIDTH,HEIGHT"
        raise ValueError(f"{text!r} is no swatch: {how}") from None
    return swatch_color(Path(file), (left, top, wide, high))


def _numbers(place: str) -> list[int] | None:
    """The regions that a place is, "7" or "7+12"; None if it is no regions."""
    parts = [part.strip() for part in place.split("+")]
    return [int(part) for part in parts] if all(map(str.isdecimal, parts)) else None


def _figures(place: str) -> list[float] | None:
    """The figures that a place is; None if it is a file."""
    try:
        return [float(part) for part in place.split(",")]
    except ValueError:
        if Path(place.strip()).suffix:
            return None
        raise ValueError(f"{place!r} is no place") from None


def _scan(photos: Sequence[Place]) -> Path:
    if len(photos) != 1 or not isinstance(photos[0], Path) or photos[0].is_dir():
        raise ValueError("regions, masks and pixels are of one photograph of this machine")
    return photos[0]


def _size(photos: Sequence[Place]) -> tuple[int, int]:
    from photochrom.photograph import dimensions

    return dimensions(_scan(photos))
