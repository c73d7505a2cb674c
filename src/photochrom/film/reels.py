"""Reels: runs of segments that are rendered one after the other, so that pictures are opened once.

A photograph is seen in the transition into it, in its body and in the transition out of it. Opening
it three times would cost as much as a hundred frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.film.scenes import Scene, scene_for
from photochrom.film.takes import Take
from photochrom.film.timeline import Segment

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


class Scenes:
    """The scenes of some segments, each opened when it is first needed.

    Args:
        segments: All that will be asked for; pictures are loaded as far as they show them.
    """

    def __init__(self, segments: Iterable[Segment]):
        self._spans: dict[int, tuple[int, int]] = {}
        for segment in segments:
            for take, first, stop in _used(segment):
                low, high = self._spans.get(id(take), (first, stop))
                self._spans[id(take)] = min(low, first), max(high, stop)
        # With its take, so that no other can come to have the same id.
        self._open: dict[int, tuple[Take, Scene]] = {}

    def of(self, segment: Segment) -> tuple[Scene, Scene | None]:
        """The scene of a segment and of what goes in it; whatever else was open is let go.

        Args:
            segment: One of those that were named.

        Raises:
            PhotographError: A still cannot be read.
        """
        takes = {id(take): take for take, _, _ in _used(segment)}
        self._open = {key: one for key, one in self._open.items() if key in takes}
        for key, take in takes.items():
            if key not in self._open:
                self._open[key] = take, scene_for(take, *self._spans[key])
        before = segment.before
        return (
            self._open[id(segment.take)][1],
            None if before is None else self._open[id(before)][1],
        )


def _used(segment: Segment) -> Iterable[tuple[Take, int, int]]:
    """The takes that are seen in a segment, and which of their frames."""
    yield segment.take, segment.offset, segment.offset + segment.frames
    if segment.before is not None:
        yield segment.before, segment.before.span - segment.frames, segment.before.span
