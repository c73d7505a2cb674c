"""The cards of a film: what is on the screen when no photograph fills it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from photochrom.film.storyboard.drawn import ChartCard, DrawnCard, FigureCard, MapCard
from photochrom.film.storyboard.items import AnyCard, Shot, WordsCard
from photochrom.film.storyboard.values import Length, Model, as_text
from photochrom.phrases import Phrases, dated


class TitleCard(WordsCard):
    """The film's title. Without `title` it takes the film's."""

    card: Literal["title"]
    length: Length = 5.0
    title: str = ""
    subtitle: str = ""


class TextCard(WordsCard):
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


class QuotationCard(WordsCard):
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

    date: Annotated[str, Field(min_length=1), BeforeValidator(as_text)]
    text: str = ""
    here: bool = False


class TimelineCard(WordsCard):
    """Dates under one another along a line."""

    card: Literal["timeline"]
    length: Length = 8.0
    heading: str = ""
    marks: Annotated[tuple[Mark, ...], Field(min_length=1)]


class Credit(Model):
    """One line of the end credits: what somebody did, and who they are."""

    role: str = ""
    names: Annotated[tuple[str, ...], Field(min_length=1)]

    def said(self, say: Phrases) -> str:
        """All of it in one line.

        Args:
            say: The film's own words.
        """
        return say.labelled(self.role, say.listed(self.names))


_AnyCredits = Annotated[
    Annotated[Literal["auto"], Tag("word")] | Annotated[tuple[Credit, ...], Tag("lines")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "lines"),
]


class DisclosureCard(WordsCard):
    """What was done to the photographs, for the audience to know. The caller writes the text.

    Without `heading` the film has one of its own; "" is none. With `credits` it is the last card
    of a film that is too short for two; for "auto" the caller writes them.
    """

    card: Literal["disclosure"]
    length: Length = 8.0
    heading: str | None = None
    text: Annotated[str, Field(min_length=1)]
    credits: _AnyCredits = ()

    @property
    def lines(self) -> tuple[Credit, ...]:
        """The credits that are known."""
        return () if self.credits == "auto" else self.credits


class CreditsCard(WordsCard):
    """End credits: shown still if they fit on the screen, rolling if they do not."""

    card: Literal["credits"]
    length: Length = 8.0
    heading: str = ""
    credits: Annotated[tuple[Credit, ...], Field(min_length=1)]


class ComparisonCard(AnyCard):
    """A photograph before and after, beside itself: whole, and standing still.

    Attributes:
        photograph: Its id.
        from_: What it was (`from` in files): the "scan" as it came, or the restored "gray".
        style: "beside" shows both states beside or above one another, whichever is larger;
            "divider" shows one picture and a line that travels across it.
        heading: Above them.
        before: What stands below the older state. None: what it is.
        after: What stands below the result. None: what it is.
        credit: Small print at the lower right.
    """

    card: Literal["comparison"]
    length: Length = 8.0
    photograph: Annotated[str, Field(min_length=1)]
    from_: Annotated[Literal["scan", "gray"], Field(alias="from")] = "scan"
    style: Literal["beside", "divider"] = "beside"
    heading: str = ""
    before: str | None = None
    after: str | None = None
    credit: str = ""

    def labels(self, colored: bool, say: Phrases) -> tuple[str, str]:
        """What stands below the two states.

        Args:
            colored: Whether the result is.
            say: The film's own words.
        """
        before = say({"scan": "compared-scan", "gray": "compared-restored"}[self.from_])
        after = say("compared-colored" if colored else "compared-restored")
        return (
            before if self.before is None else self.before,
            after if self.after is None else self.after,
        )


CARDS = (
    "title",
    "text",
    "chapter",
    "quotation",
    "timeline",
    "comparison",
    "figure",
    "chart",
    "map",
    "disclosure",
    "credits",
)

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


def shows_logo(item: Shot | Card) -> bool:
    """Whether the theme's logo stands on an item: on titles, and where credits are."""
    ends = isinstance(item, CreditsCard) or (isinstance(item, DisclosureCard) and item.lines != ())
    return ends or isinstance(item, TitleCard)


def photograph_of(item: Shot | Card) -> str | None:
    """The id of the photograph that an item shows, if it shows one."""
    return item.photograph if isinstance(item, Shot | ComparisonCard) else None


Card = (
    TitleCard
    | TextCard
    | QuotationCard
    | TimelineCard
    | ComparisonCard
    | DrawnCard
    | DisclosureCard
    | CreditsCard
)

ByKind = Discriminator(kind_of, custom_error_type="card", custom_error_message=WRONG_CARD)
"""Which member of a union of items data is for."""

PlainItem = (
    Annotated[Shot, Tag("shot")]
    | Annotated[TitleCard, Tag("title")]
    | Annotated[TextCard, Tag("text")]
    | Annotated[QuotationCard, Tag("quotation")]
    | Annotated[TimelineCard, Tag("timeline")]
    | Annotated[ComparisonCard, Tag("comparison")]
    | Annotated[FigureCard, Tag("figure")]
    | Annotated[ChartCard, Tag("chart")]
    | Annotated[MapCard, Tag("map")]
)
"""Items that a production file writes as the storyboard has them."""

Item = Annotated[
    PlainItem
    | Annotated[DisclosureCard, Tag("disclosure")]
    | Annotated[CreditsCard, Tag("credits")],
    ByKind,
]
"""A shot, or a card (whatever has a `card` key)."""


def worded(item: Shot | Card, say: Phrases) -> Shot | Card:
    """An item with what the film itself says on it, in the film's language.

    Dates that are written as figures are said in words, and a place and a date become one line.

    Args:
        item: As it was written.
        say: The film's own words.
    """
    if isinstance(item, DisclosureCard) and item.heading is None:
        return item.model_copy(update={"heading": say("disclosure-heading")})
    if isinstance(item, TimelineCard):
        marks = (one.model_copy(update={"date": dated(one.date, say)}) for one in item.marks)
        return item.model_copy(update={"marks": tuple(marks)})
    if isinstance(item, Shot) and (item.caption.place or item.caption.date):
        note = say.paused(item.caption.place.strip(), dated(item.caption.date, say))
        caption = item.caption.model_copy(update={"place": note, "date": ""})
        return item.model_copy(update={"caption": caption})
    return item


def chapter_title(item: Shot | Card, film: str) -> str:
    """What a card that begins a chapter calls it; empty for all other items.

    Args:
        item: An item of a film.
        film: The film's title.
    """
    if isinstance(item, TitleCard):
        return item.title or film or item.subtitle
    if isinstance(item, TextCard) and item.card == "chapter":
        return item.heading or item.text
    return ""
