"""Who and what is seen, and in which colors: `[[subject]]` tables, and `colors` of photographs.

A color is said once, with its source, and photographs say where it is seen.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from photochrom.colors.stated import Sure, stated
from photochrom.dates import readable, years_in
from photochrom.errors import PlaceError
from photochrom.places import place_of


def year_in(text: str) -> int | None:
    """The first year, 1800 to 2099, that a date in words or figures names ("about 1931": 1931).

    See `photochrom.dates` for what is understood.
    """
    years = years_in(text)
    return None if years is None else years.first


def _date(value: object) -> object:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError('it takes a date: write 1931, 1931-05-17 or "about 1931"')
    return readable(value)


def _has_year(value: str) -> str:
    if year_in(value) is None:
        raise ValueError(
            f'"{value}" names no year from 1800 to 2099; write 1931, 1931-05-17 or "about 1931"'
        )
    return value


def _is_place(value: str) -> str:
    try:
        place_of(value)
    except PlaceError as error:
        raise ValueError(str(error)) from None
    return value


Date = Annotated[str, BeforeValidator(_date), AfterValidator(_has_year)]
"""A date as people know it: 1931, 1931-05-17, "May 1931", "about 1931", "1930s", "1904/1906"; or as
libraries write it: "192X", "[192-?]", "ca. 1904", "19th century"."""

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
FileName = Annotated[Text, AfterValidator(_is_place)]


def _is_color(value: str) -> str:
    stated(value)
    return value


def _is_name(value: str) -> str:
    if "." in value:
        raise ValueError('it has no dots: parts are named "subject.part"')
    return value


def _shares_or_pixels(value: tuple[float, ...]) -> tuple[float, ...]:
    if max(value) > 1 and not all(one.is_integer() for one in value):
        said = ", ".join(f"{one:g}" for one in value)
        raise ValueError(
            f"it lies outside of the picture: {said} (shares go from 0 to 1, pixels are whole)"
        )
    return value


ColorWords = Annotated[Text, AfterValidator(_is_color)]
Name = Annotated[Text, AfterValidator(_is_name)]
Coordinate = Annotated[float, Field(ge=0, le=1_000_000)]
Point = Annotated[tuple[Coordinate, Coordinate], AfterValidator(_shares_or_pixels)]
Box = Annotated[
    tuple[Coordinate, Coordinate, Coordinate, Coordinate], AfterValidator(_shares_or_pixels)
]


class Model(BaseModel):
    """What all tables are: nothing in them but what is described."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Swatch(Model):
    """A region of another picture, in color, whose color it is.

    Attributes:
        file: The picture; relative to the production file.
        box: [left, top, width, height] of the region; without it the whole picture.
    """

    file: FileName
    box: Box | None = None


class Reference(Model):
    """A picture in color that shows the same as a photograph: a poster, a thing in a museum.

    Attributes:
        file: The picture; relative to the production file, or a URL.
        source: Who says that it shows the same in its true colors; without it its file's name.
        sure: Whether its colors are "documented", "reported" or "assumed".
    """

    file: FileName
    source: Text | None = None
    sure: Sure = "assumed"


def _references(value: object) -> object:
    """Files and tables, one or several, as a list of tables."""
    several = value if isinstance(value, list | tuple) else [value]
    return [{"file": one} if isinstance(one, str) else one for one in several]


References = Annotated[tuple[Reference, ...], BeforeValidator(_references)]


class DocumentedColor(Model):
    """A color that is known, at a place in the picture, with the source that says so.

    Places are in shares of the scan's width and height, or in pixels where a figure is above 1,
    from the upper left corner of the scan as it is seen upright.

    Attributes:
        at: [x, y]: the thing that lies there.
        box: [left, top, width, height]: the thing in the middle of it, as far as it is inside.
        mask: A picture, as large as the scan or of its shape: white where the color is.
        color: "#rrggbb", a CSS name, "lab(41 62 38)" or "Munsell 5R 4/14".
        swatch: A region of another picture that has the color.
        part: "subject.part": its color, as the subject has it.
        source: Where it is documented; of a part as the part says.
        sure: Whether it is "documented", "reported" or "assumed".
        strength: 0..1, how much of it is shown.
    """

    at: Point | None = None
    box: Box | None = None
    mask: FileName | None = None
    color: ColorWords | None = None
    swatch: Swatch | None = None
    part: Text | None = None
    source: Text | None = None
    sure: Sure | None = None
    strength: Share = 1.0

    @model_validator(mode="after")
    def _once(self) -> DocumentedColor:
        if sum(one is not None for one in (self.at, self.box, self.mask)) != 1:
            raise ValueError("it has one place: give 'at', 'box' or 'mask'")
        if sum(one is not None for one in (self.color, self.swatch, self.part)) != 1:
            raise ValueError("it has one color: give 'color', 'swatch' or 'part'")
        if self.source is None and self.part is None:
            raise ValueError("it has no 'source': who says so?")
        return self


class Part(Model):
    """Something of a subject that has a color: hair, eyes, a jersey, a ribbon.

    Attributes:
        name: What it is called; several of one name hold at other times.
        color: "#rrggbb", a CSS name, "lab(41 62 38)" or "Munsell 5R 4/14".
        swatch: A region of another picture that has the color.
        source: Where it is documented.
        sure: Whether it is "documented", "reported" or "assumed".
        first: From when it holds (`from` in files).
        last: Until when it holds (`to` in files).
    """

    name: Name
    color: ColorWords | None = None
    swatch: Swatch | None = None
    source: Text
    sure: Sure = "documented"
    first: Annotated[Date | None, Field(alias="from")] = None
    last: Annotated[Date | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _once(self) -> Part:
        if (self.color is None) == (self.swatch is None):
            raise ValueError("it has one color: give 'color' or 'swatch'")
        if self.years[0] > self.years[1]:
            raise ValueError(f"it holds from {self.first} to {self.last}, which is before")
        return self

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year in which it holds."""
        first, last = years_in(self.first), years_in(self.last)
        return (0 if first is None else first.first, 9999 if last is None else last.last)

    @property
    def period(self) -> str:
        """When it holds, in words; "" for always."""
        since = f"from {self.first}" if self.first else ""
        until = f"to {self.last}" if self.last else ""
        return " ".join(filter(None, (since, until)))


class Subject(Model):
    """A person, a team, a car, a hall: a `[[subject]]` table.

    Attributes:
        id: What photographs call it.
        name: What people call it; without it the id.
        parts: What of it has which color (`part` in files).
        notes: For whoever works on the production; nothing depends on it.
    """

    id: Name
    name: str = ""
    parts: Annotated[tuple[Part, ...], Field(alias="part")] = ()
    notes: str = ""

    @property
    def called(self) -> str:
        """Its name, or else its id."""
        return self.name or self.id
