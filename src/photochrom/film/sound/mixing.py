"""The clips of a film together, music lowered beneath voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from photochrom.film.sound.clips import REFERENCE, Clip
from photochrom.film.sound.loudness import Meter, Stereo, level_of, measured
from photochrom.film.sound.reading import decoded, in_blocks
from photochrom.film.sound.schedule import Soundtrack
from photochrom.film.sound.score import score_blocks
from photochrom.film.storyboard.sound import SAMPLE_RATE

BLOCK = SAMPLE_RATE
"""Sound is worked on a second at a time."""

SINK, RISE = 0.4, 1.2
"""Seconds in which music sinks before a voice, and rises after it."""

MOST_GAIN = 60.0
"""Decibels; nothing is made louder than that, not even the quietest recording."""

Heed = Callable[[], None]
"""Looks whether anybody still wants what is being made, and raises if not."""


def nobody() -> None:
    """The `Heed` of work that nothing ends."""


class Spool:
    """Samples kept in a file without a name, to be gone through more than once.

    Args:
        folder: Where there is room for it.
        blocks: (2, n) float32 each.
        heed: Called for each block, written or read: may raise, to end whoever is at work.

    Attributes:
        loudness: LUFS, integrated.
        highest: The highest sample, in dBFS; between samples there may be higher ones.
    """

    def __init__(self, folder: Path, blocks: Iterator[Stereo], heed: Heed = nobody):
        self._heed = heed
        folder.mkdir(parents=True, exist_ok=True)
        # Closed, and so gone, when the last who reads it lets it go.
        self._file: IO[bytes] = TemporaryFile(dir=folder)  # noqa: SIM115
        meter = Meter(peak=False)
        highest = 0.0
        for block in blocks:
            heed()
            meter.push(block)
            highest = max(highest, float(np.abs(block).max(initial=0)))
            self._file.write(np.ascontiguousarray(block.T, np.float32).tobytes())
        self.loudness = meter.finish().integrated
        self.highest = level_of(highest)

    @cached_property
    def peak(self) -> float:
        """True peak in dBTP; found by going through it once more."""
        return measured(self.blocks()).peak

    def blocks(self) -> Iterator[Stereo]:
        """What was kept, from the beginning."""
        self._file.seek(0)
        while data := self._file.read(8 * BLOCK):
            self._heed()
            yield np.frombuffer(data, np.float32).reshape(-1, 2).T

    def close(self) -> None:
        """Let it go."""
        self._file.close()


def mix(track: Soundtrack, folder: Path, heed: Heed = nobody) -> Iterator[Stereo]:
    """All clips of a film, none of them yet as loud as the film will be.

    Args:
        track: What is heard.
        folder: Where there is room for what is heard twice.
        heed: As for `Spool`.

    Yields:
        (2, n) float32, together exactly as long as the film.
    """
    playing: list[tuple[Clip, _Reader]] = []
    waiting = list(track.clips)
    lowered = _ducking(track)
    for start in range(0, track.count, BLOCK):
        count = min(BLOCK, track.count - start)
        while waiting and waiting[0].start < start + count:
            clip = waiting.pop(0)
            playing.append((clip, _Reader(*_source(clip, track, folder, heed))))
        voices = np.zeros((2, count), np.float32)
        beds = np.zeros((2, count), np.float32)
        for clip, reader in playing:
            first = max(clip.start, start)
            last = min(clip.stop, start + count)
            part = reader.take(last - first)
            shaped = part * np.float32(reader.gain) * _envelope(clip, first, last)
            into = voices if clip.role == "voice" else beds
            into[:, first - start : last - start] += shaped
        playing = [(clip, reader) for clip, reader in playing if clip.stop > start + count]
        yield voices + beds * lowered(start, count)


class _Reader:
    """Takes from blocks as many samples as are wanted; silence when there are no more."""

    def __init__(self, blocks: Iterator[Stereo], gain: float):
        self.gain = gain
        self._blocks = blocks
        self._rest: Stereo = np.zeros((2, 0), np.float32)

    def take(self, count: int) -> Stereo:
        parts = [self._rest]
        have = self._rest.shape[1]
        while have < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += block.shape[1]
        whole = np.concatenate(parts, axis=1)
        self._rest = whole[:, count:]
        return np.pad(whole[:, :count], ((0, 0), (0, max(0, count - have))))


def _source(
    clip: Clip, track: Soundtrack, folder: Path, heed: Heed
) -> tuple[Iterator[Stereo], float]:
    """A clip's samples and the factor that makes them as loud as the clip is to be."""
    if clip.file is not None:
        blocks, loud = in_blocks(decoded(clip.file.path), BLOCK), clip.file.loudness
    else:
        score = Spool(folder, score_blocks(track.settings.seed, track.count), heed)
        blocks, loud = score.blocks(), score.loudness
    return blocks, factor_of(min(MOST_GAIN, REFERENCE - loud) + clip.gain)


def _envelope(clip: Clip, first: int, last: int) -> NDArray[np.float32]:
    """How far a clip has risen, or not yet fallen, 0..1; both of equal power in a crossfade."""
    at = np.arange(first, last, dtype=np.float32)
    shape = np.ones(last - first, np.float32)
    if first < clip.start + clip.rise:
        shape *= _equal_power((at - clip.start) / clip.rise)
    if last > clip.stop - clip.fall:
        shape *= _equal_power((clip.stop - at) / clip.fall)
    return shape


def _ducking(track: Soundtrack) -> Callable[[int, int], NDArray[np.float32]]:
    """Gives, for a run of samples, what music is multiplied by because somebody speaks."""
    sink, rise = round(SINK * SAMPLE_RATE), round(RISE * SAMPLE_RATE)
    times: list[int] = []
    shares: list[float] = []
    for first, stop in track.speech:
        if times and first - sink <= times[-1]:
            # It would hardly have risen: it stays where it is.
            times.pop()
            shares.pop()
            times.append(stop + rise)
            times[-2] = stop
        else:
            times += [first - sink, first, stop, stop + rise]
            shares += [0.0, 1.0, 1.0]
        shares.append(0.0)

    def factor(start: int, count: int) -> NDArray[np.float32]:
        if not times:
            return np.ones(count, np.float32)
        share = np.interp(np.arange(start, start + count), times, shares)
        return np.asarray(10 ** (-track.settings.duck / 20 * _smooth(share)), np.float32)

    return factor


def factor_of(decibels: float) -> float:
    """What decibels multiply samples by."""
    return float(10 ** (decibels / 20))


def _equal_power(x: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return np.asarray(np.sin(np.pi / 2 * _smooth(np.clip(x, 0, 1))), np.float32)


def _smooth(x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.asarray(x * x * (3 - 2 * x))
