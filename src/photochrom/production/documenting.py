"""What colors a production documents in its photographs: places and colors, made out and checked.

A color is the photograph's own, or that of a part of a subject at the time of the photograph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from photochrom.colors.stated import hex_of
from photochrom.dates import years_in
from photochrom.errors import PhotochromError, PhotographError, ProductionError
from photochrom.photograph import dimensions
from photochrom.pinning import box_of, contradiction, mask_of, point_of, swatch_color
from photochrom.production.file import ProductionFile
from photochrom.production.subjects import DocumentedColor, Part, Subject, Swatch
from photochrom.steps.plate import Pin


@dataclass(frozen=True)
class Documented:
    """A documented color of a photograph.

    Attributes:
        pin: Where it is and what it is.
        number: Which of the photograph's `colors` it is.
        subject: Whose part it is; None if it is no part of a subject.
        part: Which part.
    """

    pin: Pin
    number: int
    subject: Subject | None = None
    part: Part | None = None


def documented(file: ProductionFile, index: int) -> tuple[Documented, ...]:
    """The documented colors of a photograph.

    Args:
        file: The production.
        index: Which photograph of it.

    Raises:
        ProductionError: A place is out of the picture, a mask or a swatch cannot be read, no color
            of a part holds at the photograph's time, or two colors contradict at one place; names
            file, line and key.
    """
    entry = file.production.photographs[index]
    found = tuple(_documented(file, index, number) for number in range(len(entry.colors)))
    if (pair := contradiction([one.pin for one in found])) is not None:
        first, second = (found[number].pin for number in pair)
        raise file.error(
            f"{entry.id}: two colors of one place contradict: {_called(first)} and "
            f"{_called(second)} ('colors', {pair[0] + 1} and {pair[1] + 1})",
            *("photograph", index, "colors", pair[1]),
            fix="remove one, or place them apart",
        )
    return found


def contradictions(file: ProductionFile) -> Iterator[ProductionError]:
    """What is wrong with the documented colors of a production; one for each photograph."""
    for index, entry in enumerate(file.production.photographs):
        # A scan that is not there keeps the others from nothing.
        if not file.scan(entry).file.is_file():
            continue
        try:
            documented(file, index)
        except ProductionError as error:
            yield error


def part_of(file: ProductionFile, index: int, name: str, *loc: str | int) -> tuple[Subject, Part]:
    """The part of a subject that holds when a photograph was taken.

    Args:
        file: The production.
        index: Which photograph.
        name: "subject.part".
        loc: Where the file names it.

    Raises:
        ProductionError: There is none, or several.
    """
    entry = file.production.photographs[index]
    id, _, called = name.partition(".")
    subject = next(one for one in file.production.subjects if one.id == id)
    parts = [one for one in subject.parts if one.name == called]
    if entry.date is None:
        if len(parts) > 1:
            what = (
                f"{entry.id} has no date, and {name!r} has {len(parts)} colors at different times"
            )
            raise file.error(what, *loc, fix="give the photograph a 'date'")
        return subject, parts[0]
    years = years_in(entry.date)
    assert years is not None  # The schema has seen to it.
    holding = [one for one in parts if one.years[0] <= years.last and one.years[1] >= years.first]
    if len(holding) == 1:
        return subject, holding[0]
    told = ", ".join(one.period for one in parts)
    if not holding:
        what = f"{entry.id} is of {entry.date}, and {name!r} holds {told}"
        raise file.error(what, *loc, fix="correct a date, or document its color at that time")
    what = f"{entry.id} is of {entry.date}, and then {name!r} has {len(holding)} colors ({told})"
    raise file.error(what, *loc, fix="date the photograph more narrowly")


def _documented(file: ProductionFile, index: int, number: int) -> Documented:
    color = file.production.photographs[index].colors[number]
    loc = ("photograph", index, "colors", number)
    subject = part = None
    if color.part is not None:
        subject, part = part_of(file, index, color.part, *loc, "part")
    said: DocumentedColor | Part = color if part is None else part
    source = color.source or ("" if part is None else part.source)
    sure = color.sure or ("documented" if part is None else part.sure)
    try:
        rgb = said.color or _swatch(file, said.swatch)
        at, box, mask = _place(file, index, color)
        pin = Pin(at, rgb, source, color.strength, sure, box, mask)
    except ProductionError:
        raise
    except PhotochromError as error:
        raise file.error(f"'colors {number + 1}': {error}", *loc) from error
    except ValueError as error:
        what = f"{file.production.photographs[index].id}, 'colors {number + 1}': {error}"
        raise file.error(what, *loc) from error
    return Documented(pin, number, subject, part)


def _place(
    file: ProductionFile, index: int, color: DocumentedColor
) -> tuple[tuple[float, float], tuple[float, float, float, float] | None, str]:
    """Where a color is: a point, the box around it, the map of it."""
    scan = file.resolve(file.production.photographs[index].file)
    size = partial(dimensions, scan)
    if color.mask is not None:
        mask, at = mask_of(file.resolve(color.mask), size)
        return at, None, mask
    if color.box is not None:
        box = box_of(color.box, size)
        return (box[0] + box[2] / 2, box[1] + box[3] / 2), box, ""
    assert color.at is not None
    return point_of(color.at, size), None, ""


def _swatch(file: ProductionFile, swatch: Swatch | None) -> tuple[int, int, int]:
    if swatch is None:
        raise PhotographError("there is no color")
    return swatch_color(file.resolve(swatch.file), swatch.box)


def _called(pin: Pin) -> str:
    return f"{pin.said or hex_of(pin.color)} ({pin.source})"
