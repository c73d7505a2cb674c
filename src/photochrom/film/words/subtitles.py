"""What the film says, as text tracks: captions, and descriptions for those who cannot see it.

Written by hand and not by a library: it takes a dozen lines, and pysubs2, which reads them back in
the tests, takes braces and backslashes in a caption for its own markup.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from photochrom.film.cues import Cue
from photochrom.film.storyboard import (
    ComparisonCard,
    DisclosureCard,
    QuotationCard,
    Shot,
    TextCard,
    TimelineCard,
    TitleCard,
    photograph_of,
)
from photochrom.film.takes import Take
from photochrom.film.words.lettering import caption_corner

LINE = 42
"""Letters in a line of a caption, at most; what broadcasters allow (BBC subtitle guidelines: 37 to
42 by the medium)."""

ENDS = tuple(".!?…。！？।؟")
CLOSING = "\"'”’»)]"
PAUSES = (*ENDS, *",;:、，—–")


@dataclass(frozen=True)
class Subtitle:
    """A text and when it is there.

    Attributes:
        start: First frame.
        stop: Frame after the last one.
        text: One or more lines.
        high: Whether the picture has the same words in its upper half.
        spoken: Whether it is heard; else it stands in the picture, too.
    """

    start: int
    stop: int
    text: str
    high: bool = False
    spoken: bool = False


def captions(items: Sequence[Cue]) -> list[Subtitle]:
    """The captions of shots, each for exactly as long as it is seen in the picture.

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
            high = caption_corner(take) in ("upper left", "upper right")
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
        shown = photograph
        if isinstance(cue.item, Shot):
            text = _spoken([alt, in_one_line(cue.item.caption.plain)])
        else:
            text = _spoken([alt, *words_on(cue.take)])
        if text:
            found.append(Subtitle(cue.start, cue.stop, text))
    return found


def srt(subtitles: Iterable[Subtitle], rate: Fraction) -> str:
    """Subtitles as SubRip text; times are those of frames, to the millisecond."""
    blocks = [
        f"{number}\n{_clock(one.start, rate, ',')} --> {_clock(one.stop, rate, ',')}\n{one.text}\n"
        for number, one in enumerate(subtitles, start=1)
    ]
    return "\n".join(blocks)


def vtt(subtitles: Iterable[Subtitle], rate: Fraction, *, settings: str = "") -> str:
    """Subtitles as WebVTT text (W3C WebVTT 1).

    Args:
        subtitles: What to write.
        rate: Frames a second.
        settings: Of every cue that the picture has low, such as "line:1", the second line from the
            top. What is only heard stands where players put subtitles.
    """
    after = f" {settings}" if settings else ""
    blocks = [
        f"{number}\n{_clock(one.start, rate, '.')} --> {_clock(one.stop, rate, '.')}"
        f"{'' if one.high or one.spoken else after}\n"
        f"{_escaped(one.text)}\n"
        for number, one in enumerate(subtitles, start=1)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def words_on(take: Take) -> list[str]:
    """What a card says, from top to bottom; texts may be empty.

    Args:
        take: A card.
    """
    card = take.item
    assert not isinstance(card, Shot)
    if isinstance(card, TitleCard):
        return [card.title or take.film.title, card.subtitle]
    if isinstance(card, TextCard | DisclosureCard):
        return [card.heading, card.text]
    if isinstance(card, QuotationCard):
        return [card.text, card.source]
    if isinstance(card, TimelineCard):
        marks = (": ".join(filter(None, (mark.date, mark.text))) for mark in card.marks)
        return [card.heading, *marks]
    if isinstance(card, ComparisonCard):
        return [card.heading, *card.labels(take.colored)]
    lines = (": ".join(filter(None, (one.role, "; ".join(one.names)))) for one in card.credits)
    return [card.heading, *lines]


def in_one_line(caption: str) -> str:
    """A caption of several lines as one: a name, and after a comma what belongs to it."""
    lines = [" ".join(line.split()) for line in caption.splitlines() if line.strip()]
    return " ".join(
        [*(one if one.endswith(PAUSES) else f"{one}," for one in lines[:-1]), *lines[-1:]]
    )


def _clock(frame: int, rate: Fraction, point: str) -> str:
    milliseconds = round(frame / rate * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(text: str) -> str:
    """Lines of at most `LINE` letters, about equally long; a blank line would end a subtitle."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(part for line in lines if line for part in _balanced(line))


def _balanced(line: str) -> list[str]:
    def wrap(width: int) -> list[str]:
        return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)

    count = len(wrap(LINE))
    narrow = next(width for width in range(1, LINE + 1) if len(wrap(width)) <= count)
    return wrap(narrow)


def _spoken(parts: Iterable[str]) -> str:
    """Sentences in one line; whatever reads them pauses between those that had no full stop."""
    clean = [" ".join(part.split()) for part in parts]
    ended = ((part, part.rstrip(CLOSING).endswith(ENDS)) for part in clean if part)
    return " ".join(part if whole else f"{part}." for part, whole in ended)
