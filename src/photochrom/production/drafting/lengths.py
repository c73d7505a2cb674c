"""How long a drafted film can be, and what it shows of its photographs in that time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from photochrom.production.drafting.parts import Part, Shot, Story
from photochrom.production.drafting.sequence import hurried, least, sequence, shortest_ending
from photochrom.production.pacing import (
    CARDS_SHARE,
    COMFORTABLE_SHOT,
    END_SHARE,
    LONGEST_SHOT,
    MOST_SHOTS_OF_ONE,
    clock,
)


def comfortable(parts: Sequence[Part]) -> float:
    """Seconds in which all of it is seen at leisure."""
    return sum(
        max(part.want.least, COMFORTABLE_SHOT if isinstance(part, Shot) else 0.0) for part in parts
    )


def shots_each(story: Story, seconds: float | None) -> int:
    """Shots of each photograph: more than one where there is more time than one can hold."""
    if seconds is None:
        return 1
    rest = seconds - seconds_of_cards(sequence(story, end=END_SHARE * seconds))
    return min(MOST_SHOTS_OF_ONE, max(1, ceil(rest / len(story.scans) / LONGEST_SHOT)))


def fitting(story: Story, seconds: float, takes: int, *, sure: bool) -> list[Part]:
    """What a film of some length shows: what it has no time for is left out.

    Args:
        story: What it is made of.
        seconds: How long it should be.
        takes: Shots of each photograph.
        sure: Whether chapters were asked for: then they stay even if time is short.
    """
    parts: list[Part] = []
    fewer = ((True, True), (False, True), (False, False))
    # They are shorter still only where nothing else is left to be left out.
    tenth = END_SHARE * seconds
    for end in sorted({tenth, min(tenth, shortest_ending(story.language)), 0.0}, reverse=True):
        for timeline, cards in fewer[: 2 if sure else 3]:
            parts = sequence(story, takes=takes, timeline=timeline, cards=cards, end=end)
            crowded = cards and not sure and seconds_of_cards(parts) > CARDS_SHARE * seconds
            if least(parts) <= seconds and not crowded:
                return parts
    return hurried(parts, seconds)


def seconds_of_cards(parts: Sequence[Part]) -> float:
    """Seconds that its cards take at least."""
    return sum(part.want.least for part in parts if not isinstance(part, Shot))


def misfit(
    asked: float, seconds: float, parts: Sequence[Part], lengths: Sequence[float], scans: int
) -> list[str]:
    """What is told of a film that is not as long as was asked, or whose shots last too long.

    Args:
        asked: Seconds that were asked for.
        seconds: Those that it has.
        parts: What it shows.
        lengths: Seconds of each of these.
        scans: How many photographs it shows.
    """
    if seconds > asked + 1e-6:
        told = f"the film is {clock(seconds)} long, not {clock(asked)}: {scans} photographs"
        # What takes its time; what is not there is not spoken of.
        shots = [part for part in parts if isinstance(part, Shot)]
        taking = {
            "captions": any(shot.caption for shot in shots),
            "narrations": any(shot.voice for shot in shots),
        }
        names = " and ".join(name for name, there in taking.items() if there)
        pairs = zip(parts, lengths, strict=True)
        cards = sum(length for part, length in pairs if not isinstance(part, Shot))
        need = f"need {clock(seconds - cards)}" + (f", its cards {clock(cards)}" if cards else "")
        if not names:
            return [f"{told} {need}; remove some shots"]
        return [f"{told} with their {names} {need}; remove some shots or shorten {names}"]
    longest = max(
        length
        for part, length in zip(parts, lengths, strict=True)
        if isinstance(part, Shot) and not part.voice
    )
    if longest > 2 * LONGEST_SHOT:
        return [
            f"{scans} photographs are few for {clock(asked)}: shots last up to {longest:.0f} s;"
            " add photographs or ask for a shorter film"
        ]
    return []
