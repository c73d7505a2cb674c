"""Reels: runs of segments that are rendered one after the other, so that pictures are opened once.

A photograph is seen in the transition into it, in its body and in the transition out of it. Opening
it three times would cost as much as a hundred frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.film.plan.timeline import Segment

LONGEST = 60.0
"""Seconds of a reel beyond which it costs more, when it is lost, than it saves."""


@dataclass(frozen=True)
class Reel:
    """Segments that follow one another and the folder for their files, in one pickle."""

    segments: tuple[Segment, ...]
    cache: Path

    @property
    def key(self) -> str:
        """Of its first segment, which is in no other reel."""
        return self.segments[0].key

    @property
    def name(self) -> str:
        """What people call it, for progress."""
        names = [segment.name for segment in self.segments if segment.kind == "body"]
        names = names or [segment.name for segment in self.segments]
        return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)


def reels(missing: Sequence[Segment], cache: Path, workers: int) -> list[Reel]:
    """Cut what is to be rendered into reels, for workers that each take the next one when free.

    Reels become shorter towards the end, so that no worker is left alone with a long one (guided
    self-scheduling: Polychronopoulos and Kuck, 1987).

    Args:
        missing: In the order of the film, no key twice.
        cache: Where their files go.
        workers: How many work on them.
    """
    made: list[Reel] = []
    left = sum(segment.frames for segment in missing)
    run: list[Segment] = []
    for segment, following in zip(missing, [*missing[1:], None], strict=False):
        run.append(segment)
        frames = sum(one.frames for one in run)
        share = left / (2 * workers)
        enough = frames >= min(share, LONGEST * segment.take.film.rate)
        # A transition stays with the body that follows it.
        if (
            following is None
            or not _adjoin(segment, following)
            or (enough and segment.take is not following.take)
        ):
            made.append(Reel(tuple(run), cache))
            left -= frames
            run = []
    return made


def _adjoin(segment: Segment, following: Segment) -> bool:
    return segment.start + segment.frames == following.start
