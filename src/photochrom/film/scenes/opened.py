"""Scenes: takes, filmed. Each gives its frames without text, and lays its text over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from photochrom.film.frames.planes import Planes
from photochrom.film.plan.timeline import Segment
from photochrom.film.scenes.cards import CardScene
from photochrom.film.scenes.comparison import ComparisonScene
from photochrom.film.scenes.drawn import DrawnScene
from photochrom.film.scenes.photograph import PhotographScene
from photochrom.film.storyboard import ComparisonCard, DrawnCard, Shot
from photochrom.film.takes import Take


class Scene(Protocol):
    """What a take looks like, frame by frame."""

    def frame(self, index: int) -> Planes:
        """The take's frame without text. May be the very object that the frame before was."""

    def with_text(self, planes: Planes, index: int) -> Planes:
        """The frame with captions or the words of a card, as they are at that moment."""


def scene_for(take: Take, first: int, stop: int) -> Scene:
    """The scene of a take, loaded for a run of its frames."""
    if isinstance(take.item, Shot):
        return PhotographScene(take, first, stop)
    if isinstance(take.item, ComparisonCard):
        return ComparisonScene(take)
    if isinstance(take.item, DrawnCard):
        return DrawnScene(take)
    return CardScene(take)


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
