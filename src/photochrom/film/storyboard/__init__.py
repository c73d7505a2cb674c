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
    BeforeValidator,
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
    is_font_file,
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


def _as_bug(value: object) -> object:
    """Let a file write `bug = "logo.svg"` for `bug = { image = "logo.svg" }`."""
    return {"image": value} if isinstance(value, str) else value


class Bug(Model):
    """A small picture in a corner, throughout the film.

    Attributes:
        image: A PNG or SVG file.
        at: In which corner.
        strength: 0 (not there) .. 1 (opaque).
    """

    image: Image
    at: Literal["upper left", "upper right"] = "upper right"
    strength: Annotated[float, Field(ge=0, le=1)] = 0.75


class Theme(Model):
    """How the film looks.

    Attributes:
        title_font: Family for titles; a font package's family name, or a path to a font file.
        text_font: Family for captions and credits.
        background: What cards and mats are made of.
        surround: What a picture that does not fill the frame lies on: "plain", the background, or
            "blur", the picture itself, out of focus and sunk into the background.
        ink: The color of text.
        rule: The color of thin rules and of small print.
        vignette: 0 (none) .. 1: how much the corners of pictures darken.
        letterbox: Width over height of the picture area; bars above and below when it is wider
            than the frame. None: no bars.
        grain: 0 (none) .. 1: film grain over pictures, and over nothing else.
        mark: A word or two in a corner of shots, in small print, for as long as colors are seen
            that were not photographed; "auto" has the film say it. Empty: none.
        logo: A PNG or SVG file that stands at the foot of title cards and below the end credits.
        bug: A small picture in a corner, throughout the film.
    """

    title_font: str = "EB Garamond"
    text_font: str = "Alegreya Sans"
    background: Color = "#1b1917"
    ink: Color = "#efe8da"
    rule: Color = "#b5a27f"
    surround: Literal["plain", "blur"] = "plain"
    vignette: Annotated[float, Field(ge=0, le=1)] = 0.0
    letterbox: Annotated[float, Field(ge=1, le=4)] | None = None
    grain: Annotated[float, Field(ge=0, le=1)] = 0.0
    mark: str = ""
    logo: Image | None = None
    bug: Annotated[Bug | None, BeforeValidator(_as_bug)] = None

    @property
    def font_files(self) -> dict[str, str]:
        """Those of its fonts that are files, by their key."""
        fonts = {"title_font": self.title_font, "text_font": self.text_font}
        return {key: name for key, name in fonts.items() if is_font_file(name)}

    @property
    def image_files(self) -> dict[tuple[str, ...], str]:
        """Its pictures from elsewhere, by the keys that lead to their names."""
        bug = None if self.bug is None else self.bug.image
        images = {("logo",): self.logo, ("bug", "image"): bug}
        return {keys: name for keys, name in images.items() if name is not None}

    def located(self, at: Callable[[str], str]) -> Theme:
        """The same with its files where they are.

        Args:
            at: Says for the name of a file where it is.
        """
        changed: dict[str, Any] = {key: at(name) for key, name in self.font_files.items()}
        if self.logo is not None:
            changed["logo"] = at(self.logo)
        if self.bug is not None:
            changed["bug"] = self.bug.model_copy(update={"image": at(self.bug.image)})
        return self.model_copy(update=changed)


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
