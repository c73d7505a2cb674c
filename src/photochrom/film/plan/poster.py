"""The one frame that stands for the film."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.engine.keys import FILES, key_of
from photochrom.film.plan.cues import Cue, cues
from photochrom.film.plan.timeline import Segment, one_frame
from photochrom.film.storyboard import Caption, Shot

CODE = 1
"""Raised whenever the same frame gives another file."""

Labels = Mapping[str, Mapping[str, str]]
"""For each photograph, what a picture that shows it is to say of itself; see `save_rows`."""


@dataclass(frozen=True)
class Poster:
    """A frame of the film, and how its picture is labelled.

    Attributes:
        segment: The frame as a segment of its own.
        label: For the picture's metadata.
    """

    segment: Segment
    label: Mapping[str, str]

    def at(self, files: Mapping[str, Path]) -> Poster:
        """The same where its files lie elsewhere; `files` has their places by their digests."""
        take = self.segment.take.at(files)
        return replace(self, segment=replace(self.segment, take=take))

    @property
    def key(self) -> str:
        """SHA-256 of everything that the file depends on, hexadecimal."""
        frame = {"frame": self.segment.key}
        return key_of("poster", CODE, self.label, inputs=frame, libraries=FILES)


def poster(segments: Sequence[Segment], labels: Labels | None = None) -> Poster:
    """Chooses the frame: the first shot in full color, between its transitions, without words.

    Without a photograph that was colored it is the first shot, and without any shot the first card.

    Args:
        segments: From `plan`.
        labels: For pictures of the photographs.
    """
    items = cues(segments)
    shots = [cue for cue in items if isinstance(cue.item, Shot) and _full(cue) is not None]
    chosen = next((cue for cue in shots if cue.take.colored), shots[0] if shots else items[0])
    take, index = chosen.take, _full(chosen)
    if index is None:
        index = (take.first + max(take.first, take.last - 1)) // 2
    if not isinstance(take.item, Shot):
        return Poster(one_frame(take, index), {})
    silent = take.item.model_copy(update={"caption": Caption(), "credit": ""})
    label = (labels or {}).get(take.item.photograph, {})
    return Poster(one_frame(replace(take, item=silent), index), label)


def _full(cue: Cue) -> int | None:
    """The frame in the middle of what is shown in full color, or None if no whole frame is."""
    take = cue.take
    span = take.reveal_span()
    first = take.first if span is None else max(take.first, math.ceil(span[1]))
    return (first + take.last - 1) // 2 if first < take.last else None
