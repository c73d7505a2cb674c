"""Clips: sounds in their places of the film, and how pieces of music follow one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from photochrom.errors import StoryboardError
from photochrom.film.sound.reading import SoundFile
from photochrom.film.storyboard.sound import SAMPLE_RATE, Piece, Sound

REFERENCE = -23.0
"""LUFS that every file is brought to before it is mixed, so that it doesn't matter how loud it was
recorded; the whole is then brought to the loudness that the film asks for."""

AMBIENT = -12.0
"""Decibels of ambient sound beside music and voice."""

CLICK = SAMPLE_RATE // 200
"""Every edge is rounded off over 5 ms."""

Role = Literal["music", "ambient", "voice"]


@dataclass(frozen=True)
class Clip:
    """A sound from its beginning, in a place of the film.

    Attributes:
        file: What plays; None: the score that we make.
        role: What for.
        start: Its first sample in the film.
        count: How many samples are heard.
        gain: Decibels above `REFERENCE`.
        rise: Samples in which it fades in.
        fall: Samples in which it fades out.
    """

    file: SoundFile | None
    role: Role
    start: int
    count: int
    gain: float
    rise: int = CLICK
    fall: int = CLICK

    @property
    def stop(self) -> int:
        """The sample after its last one."""
        return self.start + self.count


def bed(
    role: Role,
    pieces: Sequence[Piece],
    sound: Sound,
    count: int,
    marks: Mapping[str, int],
    files: Mapping[str, SoundFile],
) -> list[Clip]:
    """Pieces one after another, each passing into the next.

    Args:
        role: What for.
        pieces: What the storyboard says of them.
        sound: How they pass into one another.
        count: Length of the film in samples.
        marks: Where chapters begin, by their titles in small letters.
        files: The files that the pieces name.

    Raises:
        StoryboardError: If they are not in order, or a chapter is not there.
    """
    cross = round(sound.crossfade * SAMPLE_RATE)
    extra = AMBIENT if role == "ambient" else 0.0
    starts: list[int] = []
    for number, piece in enumerate(pieces, start=1):
        where = f"film.sound.{role} {number}"
        ended = starts[-1] + _step(files[pieces[number - 2].file], cross) if starts else 0
        start = _start(piece, where, marks, ended)
        if starts and start <= starts[-1]:
            raise StoryboardError(
                "begins before the piece above it", where=where, fix="put them in their order"
            )
        if start >= count:
            raise StoryboardError(
                f"begins after the film, which is {count / SAMPLE_RATE:.1f} s long",
                where=where,
                fix="leave it out, or let it begin sooner",
            )
        starts.append(start)
    clips: list[Clip] = []
    for piece, (start, until) in zip(pieces, pairwise([*starts, count]), strict=True):
        file = files[piece.file]
        # The next piece rises while this one falls.
        stop = min(count, until + cross) if until < count else count
        gain = piece.gain + extra
        clips += _repeated(file, role, start, stop, gain, cross, repeat=piece.repeat)
    rise, fall = ends(sound, count)
    return [_at_ends(clip, count, rise, fall) for clip in clips]


def lasting(files: Sequence[SoundFile], sound: Sound) -> int:
    """How many samples pieces of music last, each played once and passing into the next.

    Args:
        files: At least one.
        sound: How they pass into one another.
    """
    cross = round(sound.crossfade * SAMPLE_RATE)
    return sum(_step(file, cross) for file in files[:-1]) + files[-1].samples


def _start(piece: Piece, where: str, marks: Mapping[str, int], ended: int) -> int:
    if piece.at is not None and piece.chapter:
        raise StoryboardError("has both `at` and `chapter`", where=where, fix="choose one")
    if piece.at is not None:
        return round(piece.at * SAMPLE_RATE)
    if not piece.chapter:
        return ended
    title = " ".join(piece.chapter.split()).casefold()
    if title not in marks:
        raise StoryboardError(
            f'there is no chapter "{piece.chapter}"',
            where=where,
            fix="name the title card's title or the heading of a chapter card",
        )
    return marks[title]


def _step(file: SoundFile, cross: int) -> int:
    """After how many samples something can follow a file, passing over from it."""
    return max(file.samples - cross, file.samples // 2)


def _repeated(
    file: SoundFile, role: Role, start: int, stop: int, gain: float, cross: int, *, repeat: bool
) -> list[Clip]:
    step = _step(file, cross)
    fade = min(cross, file.samples - step)
    clips: list[Clip] = []
    while start < stop and (repeat or not clips):
        length = min(file.samples, stop - start)
        rise = min(fade if clips else cross, length // 2)
        clips.append(
            Clip(file, role, start, length, gain, max(rise, CLICK), max(min(fade, length), CLICK))
        )
        if start + file.samples >= stop:
            break
        start += step
    return clips


def ends(sound: Sound, count: int) -> tuple[int, int]:
    """Rise and fall of the whole film, shorter in a film of seconds."""
    rise, fall = round(sound.fade_in * SAMPLE_RATE), round(sound.fade_out * SAMPLE_RATE)
    return max(CLICK, min(rise, count // 4)), max(CLICK, min(fall, count // 3))


def _at_ends(clip: Clip, count: int, rise: int, fall: int) -> Clip:
    if clip.start == 0:
        clip = replace(clip, rise=min(rise, clip.count))
    if clip.stop >= count:
        clip = replace(clip, fall=min(fall, clip.count))
    return clip
