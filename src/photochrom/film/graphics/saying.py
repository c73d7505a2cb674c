"""What a drawn card says in words: for those who do not see it, and for what is set from fonts."""

from __future__ import annotations

from photochrom.film.storyboard import ChartCard, DrawnCard, FigureCard, MapCard
from photochrom.phrases import Phrases, counted, one_line


def said_by(card: DrawnCard, say: Phrases) -> list[str]:
    """What a card says, from top to bottom; of a chart every value. Texts may be empty.

    Args:
        card: Which.
        say: The film's own words.
    """
    if isinstance(card, FigureCard):
        # "22" alone is no sentence: what it counts belongs to it.
        number = counted(card.number, say, card.unit)
        words = [card.heading, f"{number} {one_line(card.text)}".strip()]
    elif isinstance(card, ChartCard):
        values = (
            say.labelled(say.paused(str(one.year), one.text), counted(one.value, say, card.unit))
            for one in card.points
        )
        words = [card.heading, card.text, say.listed(values)]
    else:
        assert isinstance(card, MapCard)
        names = say.enumerated(one.name.strip() for one in card.places)
        words = [card.heading, card.text, names]
    return [*words, source_of(card, say)]


def source_of(card: DrawnCard, say: Phrases) -> str:
    """Where what is drawn is from, as the card says it; empty if it says nothing."""
    source = card.source.strip()
    return say("source-line", source=source) if source else ""


def signs_of(card: DrawnCard, say: Phrases) -> str:
    """Every character that a card may show while its numbers count, and perhaps more."""
    marks = say("thousands-mark") + say("decimal-mark")
    return "".join(said_by(card, say)) + marks + "0123456789"
