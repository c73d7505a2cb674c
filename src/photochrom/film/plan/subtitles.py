"""What a film says, as text with its times: captions, and descriptions of what is to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from photochrom.film.graphics.saying import said_by
from photochrom.film.plan.cues import Cue
from photochrom.film.storyboard import (
    ComparisonCard,
    DisclosureCard,
    DrawnCard,
    QuotationCard,
    Shot,
    TextCard,
    TimelineCard,
    TitleCard,
    photograph_of,
)
from photochrom.film.takes import Take
from photochrom.film.words.lettering import caption_corner
from photochrom.film.words.subtitles import CLOSING, ENDS, PAUSES, Subtitle, wrapped
from photochrom.phrases import Phrases, one_line


def captions(items: Sequence[Cue]) -> list[Subtitle]:
    """The captions of shots, each for exactly as long as it is, or would be, seen in the picture.

    Text on cards is not repeated: cards hold nothing else, and nobody can miss it.

    Args:
        items: From `cues`.
    """
    found = []
    for cue in items:
        if not isinstance(cue.item, Shot) or not cue.item.caption.plain:
            continue
        take = cue.take
        seen = [index for index in range(take.first, take.last) if take.presence(index) > 0]
        if seen:
            start, stop = cue.start + seen[0], cue.start + seen[-1] + 1
            # Where the picture has none, nothing is in the way below.
            corner = caption_corner(take) if take.film.captions else "upper left"
            high = corner in ("upper left", "upper right")
            found.append(Subtitle(start, stop, wrapped(cue.item.caption.plain), high))
    return found


def descriptions(items: Sequence[Cue], alts: Mapping[str, str]) -> list[Subtitle]:
    """What is to be seen, to be read aloud: alternative texts, captions, and the words of cards.

    A photograph is described when it comes, and not again while the next shots stay with it.

    Args:
        items: From `cues`.
        alts: By photograph, what is to be seen in it; photographs may be missing.
    """
    found = []
    shown = ""
    for cue in items:
        photograph = photograph_of(cue.item) or ""
        alt = "" if photograph == shown else alts.get(photograph, "")
        shown, say = photograph, cue.take.film.say
        if isinstance(cue.item, Shot):
            words = [in_one_line(cue.item.caption.plain, say)]
        else:
            words = words_on(cue.take)
        text = _spoken([alt, *words], say)
        if text:
            found.append(Subtitle(cue.start, cue.stop, text))
    return found


def words_on(take: Take) -> list[str]:
    """What a card says, from top to bottom; texts may be empty.

    Args:
        take: A card.
    """
    card, say = take.item, take.film.say
    assert not isinstance(card, Shot)
    if isinstance(card, TitleCard):
        return [card.title or take.film.title, card.subtitle]
    if isinstance(card, TextCard):
        return [card.heading, card.text]
    if isinstance(card, DisclosureCard):
        return [card.heading or "", card.text, *(one.said(say) for one in card.lines)]
    if isinstance(card, QuotationCard):
        return [card.text, card.source]
    if isinstance(card, TimelineCard):
        marks = (say.labelled(mark.date, mark.text) for mark in card.marks)
        return [card.heading, *marks]
    if isinstance(card, ComparisonCard):
        return [card.heading, *card.labels(take.colored, say)]
    if isinstance(card, DrawnCard):
        return said_by(card, say)
    return [card.heading, *(one.said(say) for one in card.credits)]


def in_one_line(caption: str, say: Phrases) -> str:
    """A caption of several lines as one: a name, and after a comma what belongs to it."""
    said = ""
    for line in (one_line(line) for line in caption.splitlines() if line.strip()):
        paused = not said or said.endswith(PAUSES)
        said = say.sentences((said, line)) if paused else say.paused(said, line)
    return said


def _spoken(parts: Iterable[str], say: Phrases) -> str:
    """Sentences in one line; whatever reads them pauses between those that had no full stop."""
    clean = [one_line(part) for part in parts]
    ended = ((part, part.rstrip(CLOSING).endswith(ENDS)) for part in clean if part)
    return say.sentences(
        part if whole else say("together-ended", text=part) for part, whole in ended
    )
