"""A drafted film and its music: how long that is, and pictures that change on its beats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from photochrom.film.sound.beats import Beats, beats_in
from photochrom.film.sound.clips import bed, lasting
from photochrom.film.sound.reading import SoundFile, decoded
from photochrom.film.storyboard.sound import SAMPLE_RATE, Piece, Sound
from photochrom.production.pacing import Want

RATE = 24
"""Frames a second of a drafted film, on which pictures change."""

REACH = 0.9
"""Seconds by which a change may be moved to meet a beat."""

NO_BEAT = 2.0
"""What it costs to meet none; the most that meeting one can cost is 1."""

STRONG = 0.5
"""What a strong beat is worth beside a near one."""


@dataclass(frozen=True)
class Music:
    """Pieces that are played one after another.

    Attributes:
        files: What has been found in them.
        beats: The beats of each.
    """

    files: tuple[SoundFile, ...]
    beats: tuple[Beats, ...]

    @classmethod
    def hear(cls, paths: Sequence[Path], *, beats: bool = True) -> Music:
        """Listens to pieces of music.

        Args:
            paths: Sound files.
            beats: Whether to look for beats.

        Raises:
            StoryboardError: One is not there or cannot be played.
        """
        files = tuple(SoundFile.open(path) for path in paths)
        none = Beats((), ())
        heard = {path: beats_in(decoded(path)) if beats else none for path in dict.fromkeys(paths)}
        return cls(files, tuple(heard[path] for path in paths))

    @property
    def seconds(self) -> float:
        """How long all last, each played once."""
        return lasting(self.files, Sound()) / SAMPLE_RATE

    def within(self, seconds: float) -> Music:
        """The pieces that begin within a film of some length; always the first."""
        count = round(seconds * SAMPLE_RATE)
        fitting = sum(
            lasting(self.files[: index + 1], Sound()) - file.samples < count
            for index, file in enumerate(self.files)
        )
        return Music(self.files[:fitting], self.beats[:fitting])

    def beats_of_film(self, seconds: float) -> list[tuple[float, float]]:
        """When beats are heard in a film; where pieces pass into one another, those of the next.

        Args:
            seconds: Length of the film, in which all of them begin (`within`).

        Returns:
            Seconds from its beginning, rising, and the strength of each, 0..1.
        """
        # Two pieces may be one file: names are places in the row.
        names = [str(index) for index in range(len(self.files))]
        files = dict(zip(names, self.files, strict=True))
        count = round(seconds * SAMPLE_RATE)
        clips = bed("music", [Piece(file=name) for name in names], Sound(), count, {}, files)
        beats = {file.digest: beats for file, beats in zip(self.files, self.beats, strict=True)}
        found: list[tuple[float, float]] = []
        for index, clip in enumerate(clips):
            stop = clips[index + 1].start if index + 1 < len(clips) else clip.stop
            assert clip.file is not None
            heard = beats[clip.file.digest]
            for time, strength in zip(heard.times, heard.strengths, strict=True):
                at = time + clip.start / SAMPLE_RATE
                if at * SAMPLE_RATE < stop:
                    found.append((at, strength))
        return found

    def notes(self, music: Sequence[Path], *, beats: bool) -> list[str]:
        """What to know of the music: pieces that do not begin, and those without a beat.

        Args:
            music: All pieces, of which only those that are heard are here.
            beats: Whether pictures are to change on its beats.
        """
        notes = []
        if unheard := ", ".join(path.name for path in music[len(self.files) :]):
            notes.append(f"the film ends before this music begins: {unheard}")
        if beats:
            notes += [
                f"{file.path.name}: no steady beat is heard in it, on which pictures could change"
                for file, found in zip(self.files, self.beats, strict=True)
                if not found.times
            ]
        return notes


def on_beats(
    lengths: Sequence[float],
    wants: Sequence[Want],
    leads: Sequence[float],
    beats: Sequence[tuple[float, float]],
) -> list[float]:
    """Moves the changes from one item to the next to beats that are near.

    Of all ways to do it the one is taken that moves little, meets strong beats, and leaves each
    item as long as it must be (dynamic programming from change to change).

    Args:
        lengths: Seconds of each item.
        wants: What each asks for.
        leads: For each, how long after it begins it is the picture that is seen: half of its
            transition. That moment is to meet the beat.
        beats: When there are any, and how strong each is, 0..1.

    Returns:
        Lengths with the same sum, to the thousandth; all changes fall on whole frames.
    """
    starts = [sum(lengths[:index]) for index in range(len(lengths) + 1)]
    options: list[list[tuple[int, float]]] = [[(0, 0.0)]]
    for start, lead in zip(starts[1:-1], leads[1:], strict=True):
        # Where it is now is always possible, so that there is always a way.
        here = {round(start * RATE): NO_BEAT}
        for at, strength in beats:
            off = abs(at - lead - start)
            if off <= REACH:
                frame = round((at - lead) * RATE)
                cost = STRONG * (off / REACH) ** 2 + STRONG * (1 - strength)
                here[frame] = min(cost, here.get(frame, NO_BEAT))
        options.append(sorted(here.items()))
    end = starts[-1] * RATE
    options.append([(round(end), 0.0)])

    cheapest = [[0.0]]
    came_from: list[list[int]] = [[0]]
    for index in range(1, len(options)):
        want, now = wants[index - 1], lengths[index - 1]
        least = math.floor(min(want.least, now) * RATE + 1e-6)
        # Half a frame more: the film's end need not be a whole one.
        most = max(want.most, now) * RATE + 0.5
        costs, origins = [], []
        for frame, cost in options[index]:
            ways = [
                (cheapest[-1][origin] + cost, origin)
                for origin, (before, _) in enumerate(options[index - 1])
                if least <= frame - before <= most
            ]
            best, origin = min(ways, default=(math.inf, 0))
            costs.append(best)
            origins.append(origin)
        cheapest.append(costs)
        came_from.append(origins)

    chosen = 0
    frames = [options[-1][0][0]]
    for index in range(len(options) - 1, 0, -1):
        chosen = came_from[index][chosen]
        frames.append(options[index - 1][chosen][0])
    frames.reverse()
    # Rounded places, not rounded lengths: errors must not add up.
    places = [round(frame / RATE, 3) for frame in frames[:-1]] + [round(starts[-1], 3)]
    return [round(after - before, 3) for before, after in pairwise(places)]
