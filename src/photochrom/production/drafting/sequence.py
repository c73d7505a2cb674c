"""What a drafted film shows, in order: cards and shots, and what each asks for.

Most photographs turn to color by a dissolve; other reveals come between, none twice in a row, and
some photographs are in color from the beginning. Whose file is in color already is not revealed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from photochrom.film.storyboard import Transition
from photochrom.production.drafting.chapters import Chapter
from photochrom.production.drafting.looking import Seen
from photochrom.production.drafting.parts import Card, Part, Shot, Story, TemplateCard
from photochrom.production.drafting.scans import Scan
from photochrom.production.drafting.telling import (
    brief_seconds,
    briefest_seconds,
    disclosure_seconds,
)
from photochrom.production.pacing import (
    BRIEFEST_CHAPTER,
    least_for,
)

FEWEST_MARKS = 3
MOST_MARKS = 8
"""Chapters that a timeline shows; it has to fit on the screen."""

_TURN = Transition().seconds
_REVEALS: tuple[str, ...] = (
    *("dissolve", "none", "dissolve", "wipe", "dissolve", "iris"),
    *("dissolve", "none", "dissolve", "scan", "dissolve", "split"),
)
_CREDITS = (6.0, 4.0)
"""Seconds of the end credits: usually, and at least."""


def sequence(
    story: Story,
    *,
    takes: int = 1,
    timeline: bool = True,
    cards: bool = True,
    end: float = math.inf,
) -> list[Part]:
    """The parts of a film.

    Args:
        story: What it is made of.
        takes: Shots of each photograph.
        timeline: Whether there may be a card with the years of all chapters.
        cards: Whether there are cards of chapters.
        end: How many seconds the cards at its end may take in all.
    """
    read = least_for(story.title)
    parts: list[Part] = [Card("title", max(5.0, read), read)]
    marks = _marks(story.chapters)
    if timeline and cards and marks:
        read = max(6.0, least_for(" ".join(f"{when} {what}" for when, what in marks)))
        parts.append(Card("timeline", read, read, marks=marks))
    parts += map(TemplateCard, story.frame.before)
    reveals = _reveals(story)
    before: Scan | None = None
    headings = cards and any(chapter.heading for chapter in story.chapters)
    for chapter in story.chapters:
        turn = "dissolve"
        if chapter.heading and cards:
            years = chapter.years if chapter.named else ""
            read = least_for(f"{chapter.heading} {years}")
            seconds = max(BRIEFEST_CHAPTER, read)
            parts.append(Card("chapter", seconds, read, chapter.heading, years, transition="dip"))
        elif before is not None:
            turn = "dip"
        for scan in chapter.scans:
            if not headings and before is not None and _decade(scan) > _decade(before) > 0:
                turn = "dip"
            for take in range(takes):
                parts.append(_shot(story, scan, take, next(reveals) if take == 0 else None, turn))
                turn = "dissolve"
            before = scan
    parts += map(TemplateCard, story.frame.after)
    return [*parts, *_ending(story.language, end)]


def shortest_ending(language: str) -> float:
    """Seconds of the shortest end that tells more than a few words, with credits of their own."""
    return brief_seconds(language) + _CREDITS[-1]


def _ending(language: str, within: float) -> list[Card]:
    """What was done and who is to be thanked, in no more seconds than there are for it.

    Where there are too few for two cards, credits stand below the disclosure; where there are too
    few for anything, it has as many as its shortest words take to be read.
    """
    whole, brief = disclosure_seconds(language), brief_seconds(language)
    ways = (
        *((whole, credits) for credits in _CREDITS),
        (whole, 0.0),
        (brief, _CREDITS[-1]),
        (brief, 0.0),
        (briefest_seconds(language), 0.0),
    )
    read, credits = next((way for way in ways if sum(way) <= within), ways[-1])
    spare = min(max(within - read - credits, 0.0) / (2 if credits else 1), 2.0)
    told = Card("disclosure", read, read, transition="dip", credits=not credits, spare=spare)
    thanks = Card("credits", credits, _CREDITS[-1], spare=spare)
    return [told, thanks] if credits else [told]


def hurried(parts: Sequence[Part], seconds: float) -> list[Part]:
    """The same with shorter cards, and without as many reveals, from the end on, as must go.

    Args:
        parts: Of a film.
        seconds: How long it may be.
    """
    parts = [
        replace(part, seconds=part.briefest) if isinstance(part, Card) else part for part in parts
    ]
    for index in reversed(range(len(parts))):
        if least(parts) <= seconds:
            break
        part = parts[index]
        # Where there is as much to read, a reveal takes no time.
        if isinstance(part, Shot) and _revealing(part) > 0:
            parts[index] = replace(part, reveal="none")
    return parts


def without_reveal(parts: Sequence[Part], story: Story) -> float | None:
    """How many seconds more a film would need for its first reveal, if there is none in it.

    Args:
        parts: Of the film.
        story: What it is made of.

    Returns:
        None if there is one, or nothing that could be revealed.
    """
    shots = [part for part in parts if isinstance(part, Shot) and part.take == 0]
    if any(shot.reveal != "none" for shot in shots):
        return None
    gray = [shot for shot in shots if not story.seen.get(shot.scan.id, Seen()).is_color]
    return min((_revealing(replace(shot, reveal="dissolve")) for shot in gray), default=None)


def _revealing(shot: Shot) -> float:
    """How many seconds less a shot would need without its reveal."""
    return shot.want.least - replace(shot, reveal="none").want.least


def least(parts: Sequence[Part]) -> float:
    """Seconds that a film needs at least."""
    return sum(part.want.least for part in parts)


def lead(part: Part) -> float:
    """Seconds after it begins when a part, and no longer the one before it, is what is seen."""
    return 0.0 if part.transition == "cut" else _TURN / 2


def _marks(chapters: Sequence[Chapter]) -> tuple[tuple[str, str], ...]:
    """Chapters with names and years along a line, if time runs through them in their order."""
    named = [chapter for chapter in chapters if chapter.named]
    begins = [chapter.begins for chapter in named if chapter.begins is not None]
    if len(begins) < len(named) or not FEWEST_MARKS <= len(named) <= MOST_MARKS:
        return ()
    if not all(one < other for one, other in pairwise(begins)):
        return ()
    return tuple((chapter.years, chapter.heading) for chapter in named)


def _shot(story: Story, scan: Scan, take: int, reveal: str | None, transition: str) -> Shot:
    if reveal is not None:
        origin = "scan" if scan is story.scans[0] else "gray"
        voice = story.voices.get(scan.id, 0.0)
        return Shot(scan, 0, reveal, origin, transition=transition, voice=voice)
    # More shots of a photograph show its color, which the first has revealed: a detail, the whole.
    detail = story.seen.get(scan.id, Seen()).detail if take % 2 else None
    return Shot(scan, take, detail=detail, whole=take == 2, transition=transition)


def _reveals(story: Story) -> Iterator[str]:
    """A reveal for each photograph."""
    step = 0
    for index, scan in enumerate(story.scans):
        if story.seen.get(scan.id, Seen()).is_color:
            yield "none"
        elif index == 0:
            # The film opens with the scan as it came, and with what is done to it.
            yield "scan"
        else:
            kind = _REVEALS[step % len(_REVEALS)]
            step += 1
            upright = scan.info.height > scan.info.width
            if kind in ("iris", "split"):
                # A circle suits portraits, a parting curtain a view.
                kind = "iris" if upright else "split"
            yield kind


def _decade(scan: Scan) -> int:
    return (scan.year or 0) // 10
