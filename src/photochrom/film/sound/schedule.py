"""What is heard when: the storyboard's sound on the film's time, to the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from textwrap import shorten
from typing import Any

from photochrom.engine import Input
from photochrom.engine.keys import SOUND, key_of
from photochrom.errors import StoryboardError
from photochrom.film.output.encode import sound_fingerprint
from photochrom.film.sound.clips import Clip, bed, ends
from photochrom.film.sound.reading import SoundFile
from photochrom.film.storyboard import Shot, Storyboard
from photochrom.film.storyboard.cards import chapter_title
from photochrom.film.storyboard.sound import SAMPLE_RATE, Narration, Sound
from photochrom.film.storyboard.values import frames_in
from photochrom.places import public

CODE = 3
"""Raised whenever the same sound is mixed or played differently."""

SPARE = SAMPLE_RATE // 2
"""So much of a recording may go on over the next voice, or be lost at the end: room, not words."""


@dataclass(frozen=True)
class Spoken:
    """Words, and where they are heard.

    Attributes:
        text: What is said.
        spans: Where, as (first, after the last) samples of the film, in order.
    """

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Soundtrack:
    """All that is heard in a film.

    Attributes:
        settings: The storyboard's.
        count: Length of the film in samples.
        clips: In order of their start.
        speech: Where somebody speaks, as (first, after the last) samples of the film.
        words: What is said, as far as it is known, in order of its beginning.
    """

    settings: Sound
    count: int
    clips: tuple[Clip, ...]
    speech: tuple[tuple[int, int], ...]
    words: tuple[Spoken, ...] = ()

    def files(self) -> dict[str, Input]:
        """The files that are heard, by their digests."""
        heard = {clip.file.digest: clip.file.path for clip in self.clips if clip.file is not None}
        return {digest: Input(path, digest) for digest, path in heard.items()}

    def at(self, files: Mapping[str, Path]) -> Soundtrack:
        """The same where its files lie elsewhere; `files` has their places by their digests."""
        clips = tuple(
            replace(one, file=replace(one.file, path=files[one.file.digest])) if one.file else one
            for one in self.clips
        )
        return replace(self, clips=clips)

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything audible, hexadecimal: of files what is in them, not their names."""
        settings = self.settings
        facts: list[Any] = [sound_fingerprint(), self.count, settings.loudness, settings.peak]
        for clip in self.clips:
            source = f"score {settings.seed}" if clip.file is None else clip.file.digest
            facts.append(
                [source, clip.role, clip.start, clip.count, clip.gain, clip.rise, clip.fall]
            )
        if self.speech:
            facts += [settings.duck, self.speech]
        return key_of("track", CODE, facts, libraries=SOUND)


def names_in(storyboard: Storyboard) -> list[str]:
    """The sound files that a storyboard names, each once."""
    sound = storyboard.film.sound
    pieces = [piece.file for piece in (*sound.music, *sound.ambient)]
    voices = [sound.narration, *(item.narration for item in storyboard.shots)]
    recordings = [voice.file for voice in voices if voice and voice.file is not None]
    return list(dict.fromkeys([*pieces, *recordings]))


def schedule(storyboard: Storyboard, files: Mapping[str, SoundFile]) -> Soundtrack:
    """Puts all sounds on the film's time.

    Args:
        storyboard: The film.
        files: For each name of a sound file in it, the file.

    Raises:
        StoryboardError: If a file or a chapter that is named is not there, or two voices would
            speak at once, or one beyond the film's end.
    """
    film = storyboard.film
    sound = film.sound
    for name in names_in(storyboard):
        if name not in files:
            raise StoryboardError(f'there is no sound file "{name}"')
    starts = [0]
    for item in storyboard.shots:
        starts.append(starts[-1] + frames_in(item.length, film.rate))
    begins = [_sample(frame, film.rate) for frame in starts]
    count = begins[-1]
    marks = {
        " ".join(title.split()).casefold(): begin
        for item, begin in zip(storyboard.shots, begins, strict=False)
        if (title := chapter_title(item, film.title))
    }
    clips, words = _voices(storyboard, begins, files)
    speech = _joined(
        (clip.start + first, min(clip.start + stop, count))
        for clip in clips
        if clip.file is not None
        for first, stop in clip.file.spoken
        if clip.start + first < count
    )
    clips += bed("music", sound.music, sound, count, marks, files)
    clips += bed("ambient", sound.ambient, sound, count, marks, files)
    if not sound.music and sound.kind == "score":
        rise, fall = ends(sound, count)
        clips.append(Clip(None, "music", 0, count, 0.0, rise, fall))
    in_order = tuple(sorted(clips, key=lambda clip: clip.start))
    return Soundtrack(sound, count, in_order, speech, words)


def _voices(
    storyboard: Storyboard, begins: Sequence[int], files: Mapping[str, SoundFile]
) -> tuple[list[Clip], tuple[Spoken, ...]]:
    """The voices that are recorded; a text that is not is not heard."""
    count = begins[-1]
    told: list[tuple[Narration, int, str]] = []
    if storyboard.film.sound.narration is not None:
        told.append((storyboard.film.sound.narration, 0, "film.sound"))
    for index, item in enumerate(storyboard.shots):
        if item.narration is not None:
            name = f' ("{item.photograph}")' if isinstance(item, Shot) else f" ({item.card} card)"
            told.append((item.narration, begins[index], f"shot {index + 1}{name}"))
    told = [one for one in told if one[0].file is not None]
    clips = []
    for narration, begin, where in told:
        assert narration.file is not None
        file = files[narration.file]
        start = begin + round(narration.at * SAMPLE_RATE)
        over = start + file.samples - count
        if over > SPARE:
            late = f"{over / SAMPLE_RATE:.1f} s after the film"
            raise StoryboardError(
                f"the narration {_called(narration)} ends {late}",
                where=where,
                fix="make the shot or the last shots longer, or the recording shorter",
            )
        clips.append(Clip(file, "voice", start, file.samples - max(0, over), narration.gain))
    in_order = sorted(zip(clips, told, strict=True), key=lambda pair: pair[0].start)
    for (before, (earlier, _, _)), (after, (narration, _, where)) in pairwise(in_order):
        # A track for the whole film may leave room for others: words must not meet, silence may.
        if _overlap(before, after) > SPARE:
            raise StoryboardError(
                f"the narration {_called(narration)} begins while {_called(earlier)} still speaks",
                where=where,
                fix="make the shot before it longer, or set `at` of the narration",
            )
    words = (Spoken(one.text, _heard(clip)) for clip, (one, _, _) in in_order)
    return clips, tuple(one for one in words if one.text.strip())


def _called(narration: Narration) -> str:
    """What errors call a narration: its file, or its first words if it has none of its own."""
    if narration.text and Path(narration.file or "").is_absolute():
        return f'"{shorten(narration.text, 30, placeholder="…")}"'
    return public(narration.file or "")


def _heard(clip: Clip) -> tuple[tuple[int, int], ...]:
    """Where a voice is heard in the film."""
    assert clip.file is not None
    return tuple(
        (clip.start + first, min(clip.start + stop, clip.stop))
        for first, stop in clip.file.spoken
        if clip.start + first < clip.stop
    )


def _overlap(one: Clip, other: Clip) -> int:
    """For how many samples both speak."""
    assert one.file is not None
    assert other.file is not None
    return sum(
        max(0, min(one.start + b, other.start + d) - max(one.start + a, other.start + c))
        for a, b in one.file.spoken
        for c, d in other.file.spoken
    )


def _joined(spans: Iterator[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for first, stop in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((first, stop))
    return tuple(found)


def _sample(frame: int, rate: Fraction) -> int:
    """Where a frame begins."""
    return round(frame * SAMPLE_RATE / rate)
