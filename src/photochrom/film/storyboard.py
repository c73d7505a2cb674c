"""The storyboard: what the film shows, in which order, for how long.

The models are plain data. They know nothing of pixels, files or fonts, so that a production file
can embed them and an editor's export can be made from them without rendering anything.

Time runs by one rule: *an item is on screen from the start of the transition into it until the
start of the transition out of it*. So the film is exactly as long as its items together, and a
longer dissolve never moves what comes after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationError,
    model_validator,
)

from photochrom.errors import StoryboardError

SCHEMA = "photochrom.storyboard/1"

UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each schema of the past, the function that lifts its data to the next one."""


def _seconds(value: object) -> object:
    """Read "1:05" or "1:05.5" as minutes and seconds; leave numbers to pydantic."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(?:(\d+):([0-5]\d)|(\d+))(\.\d+)?", value.strip())
    if match is None:
        raise ValueError(f'"{value}" is no length; write seconds (8.5) or "m:ss" ("1:05")')
    minutes, tens, alone, part = match.groups()
    return int(minutes or 0) * 60 + int(tens or alone) + float(part or 0)


def _rate(value: object) -> object:
    if isinstance(value, float):
        raise ValueError(f'write {value} as an exact fraction, like 24 or "24000/1001"')
    if isinstance(value, int | str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f'"{value}" is no frame rate; write 24 or "24000/1001"') from None
    return value


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

Rate = Annotated[
    Fraction,
    BeforeValidator(_rate),
    AfterValidator(_plausible_rate),
    PlainSerializer(lambda rate: rate.numerator if rate.denominator == 1 else str(rate)),
]
"""Frames a second, exact: 24, 25, "24000/1001"."""

Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
"""An sRGB color, "#rrggbb"."""

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

Easing = Literal["smooth", "in", "out", "linear"]
Framing = Literal["auto", "fill", "mat"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Theme(_Model):
    """How the film looks.

    Attributes:
        title_font: Family for titles; a font package's family name, or a path to a font file.
        text_font: Family for captions and credits.
        background: What cards and mats are made of.
        ink: The color of text.
        rule: The color of thin rules and of small print.
        vignette: 0 (none) .. 1: how much the corners of pictures darken.
        letterbox: Width over height of the picture area; bars above and below when it is wider
            than the frame. None: no bars.
    """

    title_font: str = "EB Garamond"
    text_font: str = "Alegreya Sans"
    background: Color = "#1b1917"
    ink: Color = "#efe8da"
    rule: Color = "#b5a27f"
    vignette: Annotated[float, Field(ge=0, le=1)] = 0.0
    letterbox: Annotated[float, Field(ge=1, le=4)] | None = None


class Sound(_Model):
    """What is heard.

    Attributes:
        kind: "score", a quiet score made by photochrom itself, or "silence".
        seed: Another number, another score.
        loudness: Integrated loudness of the score in LUFS (EBU R128).
    """

    kind: Literal["score", "silence"] = "score"
    seed: int = 0
    loudness: Annotated[float, Field(ge=-40, le=-10)] = -23.0


class Film(_Model):
    """Settings of the whole film: the `[film]` table of a production.

    Attributes:
        title: For the title card that has no text of its own, and for the file's metadata.
        size: Width and height in pixels.
        rate: Frames a second.
        theme: How it looks.
        sound: What is heard.
        seed: Varies the automatic moves.
        fade: Seconds of the fade to black that ends the film.
    """

    title: str = ""
    size: Annotated[tuple[int, int], AfterValidator(_even_size)] = (1920, 1080)
    rate: Rate = Fraction(24)
    theme: Theme = Theme()
    sound: Sound = Sound()
    seed: int = 0
    fade: Seconds = 1.5


class Move(_Model):
    """The camera's path over a picture.

    Attributes:
        start: What fills the frame at the beginning (`from` in files): a rectangle, widened or
            narrowed to the frame's shape around its center without leaving the picture, or a point,
            around which the frame shows three fifths of what it could.
        via: What the camera passes on its way, without a halt; None for the straight way.
        end: What fills the frame at the end (`to` in files).
        easing: "smooth" starts and stops gently; "in" only starts, "out" only stops gently.
    """

    start: Annotated[View, Field(alias="from")]
    via: View | None = None
    end: Annotated[View, Field(alias="to")]
    easing: Easing = "smooth"


AnyMove = Annotated[
    Annotated[Literal["auto", "still"], Tag("word")] | Annotated[Move, Tag("path")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "path"),
]
"""A `Move`, or the name of one that is made up."""


class Reveal(_Model):
    """The passage from the black-and-white picture to the colored one.

    Attributes:
        kind: "wipe" (a soft edge travels across), "split" (from the middle to both sides), "iris"
            (a circle opens), "scan" (a bar of light comes down) or "dissolve"; "none" shows color
            all along.
        center: Where an iris opens; a point of the picture.
        from_: What is seen first (`from` in files): the "scan" as it came, or the restored "gray".
        at: Seconds after the shot's start; None puts it where the eye has had time to look.
        seconds: How long the passage takes.
    """

    kind: Literal["none", "wipe", "split", "iris", "scan", "dissolve"] = "none"
    center: Point = (0.5, 0.5)
    from_: Annotated[Literal["scan", "gray"], Field(alias="from")] = "gray"
    at: Seconds | None = None
    seconds: Length = 2.5


class Transition(_Model):
    """How an item comes after the one before it.

    Attributes:
        kind: "cut", "dissolve", or "dip" (through the theme's background). For the first item the
            film before it is black.
        seconds: How long it takes; it is the beginning of the item's own length.
    """

    kind: Literal["cut", "dissolve", "dip"] = "dissolve"
    seconds: Length = 1.0


def _named(key: str) -> Callable[[object], object]:
    """Let a file write `reveal = "wipe"` for `reveal = { kind = "wipe" }`."""

    def expand(value: object) -> object:
        return {key: value} if isinstance(value, str) else value

    return expand


class _Item(_Model):
    length: Length
    transition: Annotated[Transition, BeforeValidator(_named("kind"))] = Transition()

    @model_validator(mode="after")
    def _transition_fits(self) -> _Item:
        if self.transition.kind != "cut" and self.transition.seconds > self.length:
            raise ValueError(
                f"the transition ({self.transition.seconds:g} s) is longer than "
                f"the item ({self.length:g} s)"
            )
        return self


class Shot(_Item):
    """A photograph, shown for a while.

    Attributes:
        photograph: The photograph's id.
        length: Seconds on screen, or "m:ss".
        transition: How it comes in.
        move: The camera's path; "auto" chooses one, "still" holds the camera.
        framing: "fill" always fills the frame, "mat" shows the whole picture on the theme's
            background, "auto" fills the frame unless that would hide too much of the picture.
        reveal: From black-and-white to color.
        caption: Text at the lower left; line breaks are kept.
        credit: Small print at the lower right.
    """

    photograph: Annotated[str, Field(min_length=1)]
    length: Length = 8.0
    move: AnyMove = "auto"
    framing: Framing = "auto"
    reveal: Annotated[Reveal, BeforeValidator(_named("kind"))] = Reveal()
    caption: str = ""
    credit: str = ""

    @model_validator(mode="after")
    def _reveal_fits(self) -> Shot:
        end = self.reveal.seconds + (self.reveal.at or 0.0)
        if self.reveal.kind != "none" and end > self.length:
            raise ValueError(f"the reveal ends after the shot ({self.length:g} s)")
        return self


class TitleCard(_Item):
    """The film's title on the theme's background. Without `title` it takes the film's."""

    card: Literal["title"]
    length: Length = 5.0
    title: str = ""
    subtitle: str = ""


class TextCard(_Item):
    """A chapter, or a few sentences between two shots."""

    card: Literal["text", "chapter"]
    length: Length = 5.0
    heading: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> TextCard:
        if not self.heading and not self.text:
            raise ValueError("the card has neither heading nor text")
        return self


class DisclosureCard(_Item):
    """What was done to the photographs, for the audience to know. The caller writes the text."""

    card: Literal["disclosure"]
    length: Length = 8.0
    heading: str = "About the pictures"
    text: Annotated[str, Field(min_length=1)]


class Credit(_Model):
    """One line of the end credits: what somebody did, and who they are."""

    role: str = ""
    names: Annotated[tuple[str, ...], Field(min_length=1)]


class CreditsCard(_Item):
    """End credits: shown still if they fit on the screen, rolling if they do not."""

    card: Literal["credits"]
    length: Length = 8.0
    heading: str = ""
    credits: Annotated[tuple[Credit, ...], Field(min_length=1)]


def _kind_of_item(value: object) -> str | None:
    """Tell items apart by their `card` key, so that errors speak of the right one."""
    if isinstance(value, Mapping):
        card = value.get("card")
        return "shot" if card is None else "text" if card == "chapter" else str(card)
    card = getattr(value, "card", None)
    if card is not None:
        return "text" if card == "chapter" else str(card)
    return "shot" if isinstance(value, Shot) else None


Card = TitleCard | TextCard | DisclosureCard | CreditsCard
Item = Annotated[
    Annotated[Shot, Tag("shot")]
    | Annotated[TitleCard, Tag("title")]
    | Annotated[TextCard, Tag("text")]
    | Annotated[DisclosureCard, Tag("disclosure")]
    | Annotated[CreditsCard, Tag("credits")],
    Discriminator(
        _kind_of_item,
        custom_error_type="card",
        custom_error_message='card must be "title", "text", "chapter", "disclosure" or "credits"',
    ),
]
"""A shot, or a card (whatever has a `card` key)."""


def _not_empty(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise ValueError("there is neither shot nor card")
    return items


class Storyboard(_Model):
    """The whole film.

    Attributes:
        schema_: Version of this format (`schema` in files).
        film: Settings.
        shots: What is shown, in order (`shot` in files).
    """

    schema_: Annotated[Literal["photochrom.storyboard/1"], Field(alias="schema")] = (
        "photochrom.storyboard/1"
    )
    film: Film = Film()
    shots: Annotated[tuple[Item, ...], Field(alias="shot"), AfterValidator(_not_empty)]

    @model_validator(mode="after")
    def _items_leave_room_for_each_other(self) -> Storyboard:
        last = self.shots[-1]
        transition = 0.0 if last.transition.kind == "cut" else last.transition.seconds
        if self.film.fade + transition > last.length:
            raise ValueError(
                f"the last item ({last.length:g} s) is too short for its transition and "
                f"the final fade ({self.film.fade:g} s)"
            )
        return self

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: str | None = None) -> Storyboard:
        """Check data of any known schema version.

        Args:
            data: As read from TOML or JSON.
            where: The file, for errors.

        Raises:
            StoryboardError: If the data is not a storyboard; names the item and the key.
        """
        try:
            return cls.model_validate(upgrade(dict(data), where))
        except ValidationError as error:
            raise StoryboardError(describe(error), where=where) from None

    @property
    def length(self) -> float:
        """Seconds."""
        return sum(item.length for item in self.shots)


def upgrade(data: dict[str, Any], where: str | None = None) -> dict[str, Any]:
    """Lift a storyboard written for an earlier schema to this one, step by step.

    Raises:
        StoryboardError: If the schema is unknown, as when the file comes from a newer photochrom.
    """
    schema = data.get("schema", SCHEMA)
    while schema in UPGRADES:
        data = UPGRADES[schema](data)
        schema = data["schema"]
    if schema != SCHEMA:
        raise StoryboardError(
            f'the schema "{schema}" is not known',
            where=where,
            fix=f'this photochrom reads "{SCHEMA}"; a newer one may be needed',
        )
    return data


_ITEMS = frozenset({"shot", "title", "text", "disclosure", "credits"})
_INSIDE = {
    "move": frozenset({"word", "path"}),
    **dict.fromkeys(("from", "via", "to"), frozenset({"rectangle", "point"})),
}
"""Tags that pydantic puts into an error's place to tell the members of a union apart."""


def describe(error: ValidationError) -> str:
    """One readable line for the first thing that is wrong ("shot 3, length: ...").

    Args:
        error: From any model of this module.
    """
    first = error.errors(include_url=False)[0]
    place: list[str] = []
    before: int | str = ""
    for part in first["loc"]:
        if isinstance(part, int) and place:
            place[-1] = f"{place[-1]} {part + 1}"
        elif not (isinstance(before, int) and part in _ITEMS) and part not in _INSIDE.get(
            str(before), ()
        ):
            place.append(str(part))
        before = part
    cause = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        cause = "no such key"
    elif first["type"] == "missing":
        cause = "is missing"
    more = error.error_count() - 1
    rest = f" (and {more} more)" if more else ""
    return f"{', '.join(place)}: {cause}{rest}" if place else f"{cause}{rest}"
