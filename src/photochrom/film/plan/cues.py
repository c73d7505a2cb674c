"""Where each item of a storyboard stands in the finished film, to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from photochrom.film.output.muxing import Chapter
from photochrom.film.plan.timeline import Segment
from photochrom.film.storyboard import Card, Film, Shot
from photochrom.film.storyboard.cards import chapter_title
from photochrom.film.takes import Take
from photochrom.phrases import one_line

FEWEST_CHAPTERS = 2
"""A menu of one chapter leads nowhere."""


@dataclass(frozen=True)
class Cue:
    """An item and its place in the film.

    A transition belongs to the item that it leads to, so cues follow one another without a gap and
    add up to the film.

    Attributes:
        take: The item.
        start: Its first frame.
        frames: How many frames until the next item begins.
    """

    take: Take
    start: int
    frames: int

    @property
    def item(self) -> Shot | Card:
        return self.take.item

    @property
    def stop(self) -> int:
        """The frame after its last one."""
        return self.start + self.frames


def cues(segments: Sequence[Segment]) -> list[Cue]:
    """The items of a film in order.

    Args:
        segments: From `plan`, all of them.
    """
    found: list[Cue] = []
    for segment in segments:
        if found and found[-1].take is segment.take:
            last = found.pop()
            found.append(Cue(last.take, last.start, last.frames + segment.frames))
        else:
            found.append(Cue(segment.take, segment.start, segment.frames))
    return found


def chapters(items: Sequence[Cue], film: Film) -> list[Chapter]:
    """The chapters that the title card and the chapter cards begin.

    What comes before the first of those cards is a chapter too, because menus begin at the
    beginning; it has the film's title.

    Args:
        items: From `cues`.
        film: Gives the title.

    Returns:
        Chapters without a gap from the film's first frame to its last; none at all where there
        would be only one.
    """
    marks = [(cue.start, one_line(chapter_title(cue.item, film.title))) for cue in items]
    marks = [(start, name) for start, name in marks if name]
    if not marks:
        return []
    if marks[0][0] > 0:
        marks.insert(0, (0, one_line(film.title) or film.say("chapter-opening")))
    if len(marks) < FEWEST_CHAPTERS:
        return []
    ends = [*marks, (items[-1].stop, "")]
    return [Chapter(start, stop, name) for (start, name), (stop, _) in pairwise(ends)]
