"""What a film shows: shots, their words, and how they move, pass and turn to color."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
    model_validator,
)

from photochrom.film.storyboard.sound import AnyNarration
from photochrom.film.storyboard.values import (
    Color,
    Image,
    Length,
    Model,
    Point,
    Seconds,
    View,
    as_text,
)

Easing = Literal["smooth", "in", "out", "linear"]
Framing = Literal["auto", "fill", "mat"]
Corner = Literal["lower left", "lower right", "upper left", "upper right"]
AnyCorner = Literal["auto", "lower left", "lower right", "upper left", "upper right"]


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


class AnyItem(Model):
    """What shots and cards have.

    Attributes:
        length: Seconds on screen, or "m:ss".
        transition: How it comes in.
        narration: A voice that begins with it.
    """

    length: Length
    transition: Annotated[Transition, BeforeValidator(_named("kind"))] = Transition()
    narration: AnyNarration = None

    @model_validator(mode="after")
    def _transition_fits(self) -> AnyItem:
        if self.transition.kind != "cut" and self.transition.seconds > self.length:
            raise ValueError(
                f"the transition ({self.transition.seconds:g} s) is longer than "
                f"the item ({self.length:g} s)"
            )
        return self


class AnyCard(AnyItem):
    """What all cards have.

    Attributes:
        background: What it is made of; None: the theme's background.
    """

    background: Color | None = None


class WordsCard(AnyCard):
    """A card of words, which may have a picture above them.

    Attributes:
        image: A logo or another picture with what is transparent in it, as PNG or SVG.
    """

    image: Image | None = None


class Caption(Model):
    """What is written over a shot: a lower third.

    Attributes:
        text: What there is to say; line breaks are kept. Without `name`, the first of several
            lines is one.
        name: Who or what is seen; set large.
        place: Where it was.
        date: When it was; the place and the date share a line of their own.
        at: In which corner it stands. "auto" keeps it from covering faces.
    """

    text: str = ""
    name: str = ""
    place: str = ""
    date: Annotated[str, BeforeValidator(as_text)] = ""
    at: AnyCorner = "auto"

    @model_validator(mode="after")
    def _says_something(self) -> Caption:
        if self.model_fields_set - {"text"} and not self.plain:
            raise ValueError("the caption says nothing; give it text, name, place or date")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, table: SerializerFunctionWrapHandler) -> str | dict[str, Any]:
        """As the text alone where there is nothing else: so most files write it."""
        return self.text if self == Caption(text=self.text) else table(self)

    @property
    def parts(self) -> tuple[str, str, str]:
        """Name, text, and place with date; each may be empty."""
        name, text = self.name.strip(), self.text.strip()
        if not name and "\n" in text:
            name, _, text = text.partition("\n")
        note = ", ".join(filter(None, (self.place.strip(), self.date.strip())))
        return name.strip(), text.strip(), note

    @property
    def plain(self) -> str:
        """All that it says, one thing a line; empty if it says nothing."""
        return "\n".join(filter(None, self.parts))

    @property
    def at_right(self) -> bool:
        """Whether it was put at the right, where a matted picture makes no room for words."""
        return self.at in ("lower right", "upper right")


def _caption(value: object) -> object:
    """Let a file write a caption that is only a text as that text."""
    if isinstance(value, str):
        return {"text": value}
    if not isinstance(value, Mapping | Caption):
        raise ValueError('write a text, or a table: { name = "...", text = "..." }')
    return value


class Shot(AnyItem):
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
        caption: What is written over it; files may write a text alone.
        credit: Small print at the lower right, or at the left of it if the caption is there.
    """

    photograph: Annotated[str, Field(min_length=1)]
    length: Length = 8.0
    move: AnyMove = "auto"
    framing: Framing = "auto"
    reveal: Annotated[Reveal, BeforeValidator(_named("kind"))] = Reveal()
    caption: Annotated[Caption, BeforeValidator(_caption)] = Caption()
    credit: str = ""

    @model_validator(mode="after")
    def _reveal_fits(self) -> Shot:
        end = self.reveal.seconds + (self.reveal.at or 0.0)
        if self.reveal.kind != "none" and end > self.length:
            raise ValueError(f"the reveal ends after the shot ({self.length:g} s)")
        return self
