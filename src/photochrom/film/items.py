"""What a film shows: shots and cards, and how they move, pass and turn to color."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from photochrom.film.sound.table import AnyNarration
from photochrom.film.values import Color, Length, Model, Point, Seconds, View

Easing = Literal["smooth", "in", "out", "linear"]
Framing = Literal["auto", "fill", "mat"]


def _as_text(value: object) -> object:
    """Let a file write a year as the number that it is."""
    return str(value) if isinstance(value, int) else value


class Move(Model):
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


class Reveal(Model):
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


class Transition(Model):
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


class _Item(Model):
    length: Length
    transition: Annotated[Transition, BeforeValidator(_named("kind"))] = Transition()
    narration: AnyNarration = None

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
        narration: A voice that begins with it.
        move: The camera's path; "auto" chooses one, "still" holds the camera.
        framing: "fill" always fills the frame, "mat" shows the whole picture on the theme's
            background, "auto" fills the frame unless that would hide too much of the picture or
            cut a head.
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


class _Card(_Item):
    """What all cards have.

    Attributes:
        background: What it is made of; None: the theme's background.
    """

    background: Color | None = None


class TitleCard(_Card):
    """The film's title. Without `title` it takes the film's."""

    card: Literal["title"]
    length: Length = 5.0
    title: str = ""
    subtitle: str = ""


class TextCard(_Card):
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


class QuotationCard(_Card):
    """What somebody said or wrote, and who."""

    card: Literal["quotation"]
    length: Length = 8.0
    text: Annotated[str, Field(min_length=1)]
    source: str = ""


class Mark(Model):
    """One date of a timeline.

    Attributes:
        date: As it is to be read: "1928".
        text: What happened.
        here: Whether the film has come to this date; it stands out.
    """

    date: Annotated[str, Field(min_length=1), BeforeValidator(_as_text)]
    text: str = ""
    here: bool = False


class TimelineCard(_Card):
    """Dates under one another along a line."""

    card: Literal["timeline"]
    length: Length = 8.0
    heading: str = ""
    marks: Annotated[tuple[Mark, ...], Field(min_length=1)]


class DisclosureCard(_Card):
    """What was done to the photographs, for the audience to know. The caller writes the text."""

    card: Literal["disclosure"]
    length: Length = 8.0
    heading: str = "About the pictures"
    text: Annotated[str, Field(min_length=1)]


class Credit(Model):
    """One line of the end credits: what somebody did, and who they are."""

    role: str = ""
    names: Annotated[tuple[str, ...], Field(min_length=1)]


class CreditsCard(_Card):
    """End credits: shown still if they fit on the screen, rolling if they do not."""

    card: Literal["credits"]
    length: Length = 8.0
    heading: str = ""
    credits: Annotated[tuple[Credit, ...], Field(min_length=1)]


CARDS = ("title", "text", "chapter", "quotation", "timeline", "disclosure", "credits")

WRONG_CARD = f"card must be one of {', '.join(CARDS)}"


def kind_of(value: object) -> str | None:
    """Tell items apart by their `card` key, so that errors speak of the right one.

    Args:
        value: An item, or what is to become one.

    Returns:
        The tag of its model: "shot", or the kind of card, where a chapter is a "text".
    """
    if isinstance(value, Mapping):
        card = value.get("card", "shot")
    else:
        card = getattr(value, "card", "shot" if isinstance(value, Shot) else None)
    if card == "chapter":
        return "text"
    return str(card) if card == "shot" or card in CARDS else None


Card = TitleCard | TextCard | QuotationCard | TimelineCard | DisclosureCard | CreditsCard
Item = Annotated[
    Annotated[Shot, Tag("shot")]
    | Annotated[TitleCard, Tag("title")]
    | Annotated[TextCard, Tag("text")]
    | Annotated[QuotationCard, Tag("quotation")]
    | Annotated[TimelineCard, Tag("timeline")]
    | Annotated[DisclosureCard, Tag("disclosure")]
    | Annotated[CreditsCard, Tag("credits")],
    Discriminator(kind_of, custom_error_type="card", custom_error_message=WRONG_CARD),
]
"""A shot, or a card (whatever has a `card` key)."""
