"""Cards on which something is drawn: a number, a chart, a map."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from photochrom.film.storyboard.items import AnyCard
from photochrom.film.storyboard.values import Length, Model

_MOST_DIGITS = 15


def _number(value: object) -> object:
    """A number with the decimals that it was written with."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("it takes a number: 22 or 2.2")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f'"{value}" is no number; write 22 or 2.2, without a unit') from None
    if not number.is_finite() or len(f"{number:f}".strip("-").replace(".", "")) > _MOST_DIGITS:
        raise ValueError(f"{value} has more digits than anybody reads; {_MOST_DIGITS} are most")
    return number


Number = Annotated[Decimal, BeforeValidator(_number)]
"""A number that is shown with the decimals that it was written with: 22, 2.2."""


class FigureCard(AnyCard):
    """One number, which counts up, and perhaps what it is a share of.

    Attributes:
        heading: A few words above it.
        number: The number.
        unit: What stands behind it: "%", "km".
        of: What it is a share of, which is drawn; None: nothing is.
        drawn: How: "dots" (one each, for whole numbers up to `MOST_DOTS`), a "bar", or "auto",
            dots where there may be any.
        text: What it counts: a line below.
        source: Where it is from: small print.
    """

    card: Literal["figure"]
    length: Length = 7.0
    heading: str = ""
    number: Number
    unit: str = ""
    of: Number | None = None
    drawn: Literal["auto", "dots", "bar"] = "auto"
    text: str = ""
    source: str = ""

    @property
    def dots(self) -> bool:
        """Whether each one is a dot; else a share is a bar."""
        return self.drawn != "bar" and self._countable

    @property
    def _countable(self) -> bool:
        both = (self.number, self.of or Decimal(0))
        return all(one == one.to_integral_value() for one in both) and both[1] <= MOST_DOTS

    @model_validator(mode="after")
    def _is_a_share(self) -> FigureCard:
        if self.of is not None and not 0 <= self.number <= self.of:
            raise ValueError(f"{self.number} is no share of {self.of}")
        if self.of is not None and not self.of:
            raise ValueError("nothing is a share of 0")
        if self.drawn == "dots" and not self._countable:
            raise ValueError(f"dots are for whole numbers up to {MOST_DOTS}; a bar is for all")
        return self


MOST_DOTS = 2000
"""Of more dots nobody sees the single one."""


class ChartPoint(Model):
    """One value of a chart; files may write [year, value].

    Attributes:
        year: When it was so.
        value: What was.
        text: What was special then, in a word or two.
        here: Whether the film speaks of it: it stands out.
    """

    year: Annotated[int, Field(ge=-9999, le=9999)]
    value: Number
    text: str = ""
    here: bool = False


def _pair(value: object) -> object:
    """Let a file write [1900, 2.2] for { year = 1900, value = 2.2 }."""
    if isinstance(value, list | tuple):
        if len(value) != 2:
            raise ValueError("a point is [year, value], like [1900, 2.2]")
        return {"year": value[0], "value": value[1]}
    if not isinstance(value, Mapping | ChartPoint):
        raise ValueError("a point is [year, value], like [1900, 2.2]")
    return value


def _in_order(points: tuple[ChartPoint, ...]) -> tuple[ChartPoint, ...]:
    for one, two in pairwise(points):
        if two.year <= one.year:
            raise ValueError(f"{two.year} comes after {one.year}; write years in order, each once")
    return points


class ChartCard(AnyCard):
    """Values over years, as a line or as bars.

    Attributes:
        heading: What is shown.
        text: A line more about it.
        style: "line", or "bars".
        points: The values, by their years.
        unit: What stands behind a value: "%", "km".
        source: Where they are from: small print.
    """

    card: Literal["chart"]
    length: Length = 10.0
    heading: str = ""
    text: str = ""
    style: Literal["line", "bars"] = "line"
    points: Annotated[
        tuple[Annotated[ChartPoint, BeforeValidator(_pair)], ...],
        Field(min_length=2, max_length=200),
        AfterValidator(_in_order),
    ]
    unit: str = ""
    source: str = ""


class MapPlace(Model):
    """A place on a map.

    Attributes:
        name: What stands beside it.
        latitude: Degrees north; south of the equator less than 0.
        longitude: Degrees east; west of Greenwich less than 0.
    """

    name: str = ""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class MapCard(AnyCard):
    """A country in its outline, and places in it.

    Attributes:
        heading: Where it was.
        text: A line or two about it.
        country: Its two or three letters by ISO 3166-1, or its name in English.
        places: Places, each a dot with a name.
        source: Where borders, and what is said, are from: small print.
    """

    card: Literal["map"]
    length: Length = 8.0
    heading: str = ""
    text: str = ""
    country: Annotated[str, Field(min_length=1)]
    places: Annotated[tuple[MapPlace, ...], Field(max_length=40)] = ()
    source: str = "Natural Earth"


DrawnCard = FigureCard | ChartCard | MapCard
"""A card on which something is drawn."""
