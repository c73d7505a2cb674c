"""Reels: runs of segments that are rendered one after the other, so that pictures are opened once.

A photograph is seen in the transition into it, in its body and in the transition out of it. Opening
it three times would cost as much as a hundred frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.engine import Input, Store
from photochrom.film.plan.timeline import Segment

LONGEST = 60.0
"""Seconds of a reel beyond which it costs more, when it is lost, than it saves."""


@dataclass(frozen=True)
class Reel:
    """Segments that follow one another and the store for their files, in one pickle."""

    segments: tuple[Segment, ...]
    store: Store
    anew: bool = False
    """Whether segments that the store has are rendered, too, and take their place."""

    @property
    def key(self) -> str:
        """Of its last segment: when that has been rendered, all have."""
        return self.segments[-1].key

    @property
    def name(self) -> str:
        """What people call it, for progress."""
        names = [segment.name for segment in self.segments if segment.kind == "body"]
        names = names or [segment.name for segment in self.segments]
        return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)

    def files(self) -> dict[str, Input]:
        """The files that it shows, by their digests."""
        takes = [take for one in self.segments for take in (one.take, one.before) if take]
        return {digest: file for take in takes for digest, file in take.files().items()}

    def at(self, files: Mapping[str, Path]) -> Reel:
        """The same where its files lie elsewhere; `files` has their places by their digests."""
        # One take for one take: scenes are kept open by it.
        takes = {
            id(take): take.at(files) for s in self.segments for take in (s.take, s.before) if take
        }
        segments = (
            replace(one, take=takes[id(one.take)], before=one.before and takes[id(one.before)])
            for one in self.segments
        )
        return replace(self, segments=tuple(segments))


def reels(
    missing: Sequence[Segment], store: Store, workers: int, *, anew: bool = False
) -> list[Reel]:
    """Cut what is to be rendered into reels, for workers that each take the next one when free.

    Reels become shorter towards the end, so that no worker is left alone with a long one (guided
    self-scheduling: Polychronopoulos and Kuck, 1987).

    Args:
        missing: In the order of the film, no key twice.
        store: Where their files go.
        workers: How many work on them.
        anew: Whether they are rendered even if they are there by then.
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
            made.append(Reel(tuple(run), store, anew))
            left -= frames
            run = []
    return made


def _adjoin(segment: Segment, following: Segment) -> bool:
    return segment.start + segment.frames == following.start
