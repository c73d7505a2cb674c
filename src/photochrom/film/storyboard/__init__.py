"""The storyboard: what the film shows, in which order, for how long.

The models are plain data. They know nothing of pixels, files or fonts, so that a production file
can embed them and an editor's export can be made from them without rendering anything.

Time runs by one rule: *an item is on screen from the start of the transition into it until the
start of the transition out of it*. So the film is exactly as long as its items together, and a
longer dissolve never moves what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    model_validator,
)

from photochrom.errors import StoryboardError
from photochrom.faults import Fault
from photochrom.film.storyboard.cards import (
    CARDS,
    WRONG_CARD,
    Card,
    ComparisonCard,
    Credit,
    CreditsCard,
    DisclosureCard,
    Item,
    Mark,
    QuotationCard,
    TextCard,
    TimelineCard,
    TitleCard,
    kind_of,
    photograph_of,
)
from photochrom.film.storyboard.drawn import (
    ChartCard,
    ChartPoint,
    DrawnCard,
    FigureCard,
    MapCard,
    MapPlace,
)
from photochrom.film.storyboard.encoder import Encoder
from photochrom.film.storyboard.items import (
    Caption,
    Corner,
    Easing,
    Framing,
    Move,
    Reveal,
    Shot,
    Transition,
    WordsCard,
)
from photochrom.film.storyboard.sound import Narration, Piece, Sound
from photochrom.film.storyboard.theme import Bug, Theme
from photochrom.film.storyboard.values import (
    LOOKS,
    Color,
    Image,
    Language,
    Length,
    Model,
    OwnWords,
    Point,
    Rate,
    Rectangle,
    Seconds,
    Size,
    View,
)
from photochrom.phrases import Phrases, phrases_for

__all__ = [
    "CARDS",
    "SCHEMA",
    "UPGRADES",
    "WRONG_CARD",
    "Bug",
    "Caption",
    "Card",
    "ChartCard",
    "ChartPoint",
    "Color",
    "ComparisonCard",
    "Corner",
    "Credit",
    "CreditsCard",
    "DisclosureCard",
    "DrawnCard",
    "Easing",
    "Encoder",
    "FigureCard",
    "Film",
    "Framing",
    "Image",
    "Item",
    "Language",
    "Length",
    "MapCard",
    "MapPlace",
    "Mark",
    "Model",
    "Move",
    "Narration",
    "OwnWords",
    "Piece",
    "Point",
    "QuotationCard",
    "Rate",
    "Rectangle",
    "Reveal",
    "Seconds",
    "Shot",
    "Size",
    "Sound",
    "Storyboard",
    "TextCard",
    "Theme",
    "TimelineCard",
    "TitleCard",
    "Transition",
    "View",
    "WordsCard",
    "describe",
    "kind_of",
    "photograph_of",
    "upgrade",
]

SCHEMA = "photochrom.storyboard/1"

UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each schema of the past, the function that lifts its data to the next one."""


class Film(Model):
    """Settings of the whole film: the `[film]` table of a production.

    Attributes:
        title: For the title card that has no text of its own, and for the file's metadata.
        language: Of captions, narration and the film's own words, BCP 47; "" if it is not said.
        words: The film's own words, where they are to be others, by their names.
        size: Width and height in pixels.
        rate: Frames a second.
        theme: How it looks.
        sound: What is heard.
        encoder: What it is written as.
        captions: Whether captions stand in the picture; its track of text has them in any case.
        seed: Varies the automatic moves.
        faces: The network that finds faces for them, by its card's name; "" for cascades.
        fade: Seconds of the fade to black that ends the film.
    """

    title: str = ""
    language: Language = ""
    words: OwnWords = Field(default={})
    size: Size = (1920, 1080)
    rate: Rate = Fraction(24)
    theme: Theme = Theme()
    sound: Sound = Sound()
    encoder: Encoder = Encoder()
    captions: bool = True
    seed: int = 0
    faces: str = ""
    fade: Seconds = 1.5

    @property
    def say(self) -> Phrases:
        """Its own words, in its language."""
        return phrases_for(self.language, self.words)

    @property
    def mark(self) -> str:
        """The theme's mark in words; empty for none."""
        mark = self.theme.mark.strip()
        return self.say("mark") if mark == "auto" else mark


def _not_empty(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise ValueError("there is neither shot nor card")
    return items


class Storyboard(Model):
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


_ITEMS = frozenset({"shot", *CARDS})
_INSIDE = {
    "move": frozenset({"word", "path"}),
    "credits": frozenset({"word", "lines"}),
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
    cause, fix = Fault(first, first["loc"], patterns=LOOKS).said
    if first["type"] == "extra_forbidden":
        cause = "no such key"
    cause = f"{cause}; {fix}" if fix else cause
    more = error.error_count() - 1
    rest = f" (and {more} more)" if more else ""
    return f"{', '.join(place)}: {cause}{rest}" if place else f"{cause}{rest}"
