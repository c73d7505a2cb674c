"""A quiet score of our own making.

It is slow chords on a soft pad, single piano-like notes picked from them, and a room: additive
synthesis throughout, no samples, no soundfont, nobody's recording. Everything random comes from one
seed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from photochrom.film.sound.loudness import Stereo, samples_of
from photochrom.film.storyboard.sound import SAMPLE_RATE

RATE = 16_000
"""The score is computed at a third of the film's rate: its highest partial is at 6 kHz."""

BLOCK = 1 << 16
"""Samples at `RATE` that are computed at a time, about four seconds."""

_STEP = 512

ROOTS = (48, 50, 52, 53, 55)
"""C to G below middle C, as MIDI notes."""

PROGRESSIONS = (
    ((0, 7, 14, 16), (-3, 9, 12, 16), (5, 9, 12, 19), (-5, 7, 14, 17)),
    ((0, 7, 11, 16), (5, 12, 16, 21), (-3, 7, 12, 16), (5, 9, 12, 19)),
    ((-3, 4, 12, 19), (5, 9, 16, 21), (0, 7, 14, 19), (-5, 5, 12, 14)),
)
"""Open voicings in semitones from the root; none resolves hard, all lead into one another."""


@dataclass(frozen=True)
class Score:
    """What is played; a separate thing from how it sounds.

    Attributes:
        chords: (start, length, notes) in seconds and MIDI numbers.
        notes: (start, MIDI number, strength 0..1) of the single notes.
    """

    chords: tuple[tuple[float, float, tuple[int, ...]], ...]
    notes: tuple[tuple[float, int, float], ...]


Tone = tuple[int, Callable[[], NDArray[np.float32]], float]
"""First sample, what computes it, and where it stands between left (-1) and right (1)."""


def score_blocks(seed: int, count: int) -> Iterator[Stereo]:
    """The score of a film, without fades, as loud as it happens to be.

    Args:
        seed: Another seed, another score.
        count: Length in samples at 48 kHz.

    Yields:
        (2, n) float32 at 48 kHz, together exactly `count` samples.
    """
    rng = np.random.default_rng(seed)
    total = -(-count * RATE // SAMPLE_RATE)
    score = _compose(total / RATE, rng)
    tones = _tones(score, rng)
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
    given = 0
    for block in chain(_in_a_room(_play(tones, total), rng), [None]):
        frame = None
        if block is not None:
            planes = np.ascontiguousarray(block)
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate = RATE
        for part in resampler.resample(frame):
            samples = samples_of(part)[:, : count - given]
            given += samples.shape[1]
            yield samples
    yield np.zeros((2, count - given), np.float32)


def _compose(seconds: float, rng: np.random.Generator) -> Score:
    root = int(rng.choice(ROOTS))
    progression = PROGRESSIONS[int(rng.integers(len(PROGRESSIONS)))]
    bar = float(rng.uniform(6.4, 7.6))
    count = max(1, round(seconds / bar))
    bar = seconds / count
    beat = bar / 8
    chords, notes = [], []
    for index in range(count):
        # The last chord is home, whatever the progression was about to do.
        shape = progression[0 if index == count - 1 else index % len(progression)]
        pitches = tuple(root + step for step in shape)
        chords.append((index * bar, bar, pitches))
        for step in range(8):
            likely = (0.75, 0.10, 0.30, 0.15, 0.45, 0.12, 0.28, 0.08)[step]
            if index and index < count - 1 and rng.random() < likely:
                pitch = int(rng.choice(pitches[1:])) + 12 * int(rng.integers(1, 3))
                late = float(rng.normal(0, 0.012))
                notes.append(
                    (index * bar + step * beat + late, pitch, float(rng.uniform(0.35, 0.8)))
                )
    return Score(tuple(chords), tuple(notes))


def _tones(score: Score, rng: np.random.Generator) -> list[Tone]:
    """All tones in the order in which they begin; none is computed before it is played."""
    tones: list[Tone] = []
    for start, length, pitches in score.chords:
        for place, pitch in enumerate(pitches):
            phases = rng.uniform(0, 2 * np.pi, (2, 5))
            level = 0.09 / (1 + 0.25 * place)
            render = partial(_pad, pitch, length + 4.0, phases, level)
            # The lowest note in the middle, the others around it.
            tones.append((round((start - 1.2) * RATE), render, (0.0, -0.3, 0.3, 0.0)[place % 4]))
    for start, pitch, strength in score.notes:
        render = partial(_struck, pitch, rng.uniform(0, 2 * np.pi, 7), 0.11 * strength)
        tones.append((round(start * RATE), render, float(rng.uniform(-0.35, 0.35))))
    return sorted(tones, key=lambda tone: tone[0])


def _play(tones: list[Tone], count: int) -> Iterator[Stereo]:
    """The tones together, cut at the film's ends, a block at a time."""
    waiting = deque(tones)
    sounding = np.zeros((2, BLOCK), np.float32)
    for start in range(0, count, BLOCK):
        while waiting and waiting[0][0] < start + BLOCK:
            first, render, pan = waiting.popleft()
            tone = render()[max(0, -first) :]
            sounding = _add(sounding, tone, max(first, 0) - start, pan)
        yield sounding[:, : min(BLOCK, count - start)]
        rest = sounding[:, BLOCK:]
        sounding = np.pad(rest, ((0, 0), (0, max(0, BLOCK - rest.shape[1]))))


def _pad(
    pitch: int, seconds: float, phases: NDArray[np.float64], level: float
) -> NDArray[np.float32]:
    """A warm held tone: two slightly different strings that beat, few partials, slow in and out."""
    count = round(seconds * RATE)
    tone = np.zeros(count, np.float32)
    for string, detune in enumerate((-0.0012, 0.0014)):
        base = _hertz(pitch) * (1 + detune)
        for number in range(1, 6):
            if base * number > 2600:
                break
            tone += _wave(base * number, 0.0, phases[string, number - 1], number**-1.9, count)
    time = np.arange(count, dtype=np.float32) / RATE
    rise, fall = np.clip(time / 2.6, 0, 1), np.clip((seconds - time) / 3.4, 0, 1)
    return np.asarray(tone * _smooth(rise) * _smooth(fall) * level, np.float32)


def _struck(pitch: int, phases: NDArray[np.float64], level: float) -> NDArray[np.float32]:
    """A felted, piano-like note: upper partials a little sharp, and gone sooner."""
    seconds = 5.0
    count = round(seconds * RATE)
    time = np.arange(count, dtype=np.float32) / RATE
    tone = np.zeros(count, np.float32)
    base = _hertz(pitch)
    for number in range(1, 8):
        hertz = base * number * float(np.sqrt(1 + 0.0004 * number * number))
        if hertz > 6000:
            break
        decay = 0.9 + 0.55 * number * (base / 260) ** 0.4
        tone += _wave(hertz, decay, phases[number - 1], number**-1.7, count)
    attack = _smooth(np.clip(time / 0.012, 0, 1))
    release = np.clip((seconds - time) / 0.5, 0, 1)
    return np.asarray(tone * attack * release * level, np.float32)


def _add(sounding: Stereo, tone: NDArray[np.float32], first: int, pan: float) -> Stereo:
    """Mix a tone into what sounds, with equal-power panning -1..1; it grows with the tone."""
    more = first + tone.size - sounding.shape[1]
    if more > 0:
        sounding = np.pad(sounding, ((0, 0), (0, more)))
    angle = (pan + 1) * np.pi / 4
    sounding[0, first : first + tone.size] += np.float32(np.cos(angle)) * tone
    sounding[1, first : first + tone.size] += np.float32(np.sin(angle)) * tone
    return sounding


def _in_a_room(dry: Iterator[Stereo], rng: np.random.Generator) -> Iterator[Stereo]:
    """Add a gentle hall: convolution with decaying noise that grows darker as it dies."""
    length = round(2.8 * RATE)
    time = np.arange(length) / RATE
    kernels = []
    for _ in range(2):
        noise = rng.normal(size=length)
        dark = np.convolve(noise, np.hanning(16) / 8, mode="same")
        blend = np.exp(-6.0 * time)
        tail = (noise * blend * 0.35 + dark * (1 - 0.5 * blend)) * np.exp(-2.3 * time)
        tail *= _smooth(np.clip(time / 0.03, 0, 1))
        kernels.append(tail / np.sqrt(np.sum(tail**2)))
    # Overlap-add: what a block leaves behind sounds on in the next.
    size = 1 << (BLOCK + length - 1).bit_length()
    spectra = np.fft.rfft(np.array(kernels, np.float32), size)
    left = np.zeros((2, size), np.float32)
    for block in dry:
        left += np.fft.irfft(np.fft.rfft(block, size) * spectra, size)
        count = block.shape[1]
        yield block + np.float32(0.55) * left[:, :count]
        left = np.pad(left[:, count:], ((0, 0), (0, count)))


def _smooth(x: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def _wave(
    hertz: float, decay: float, phase: float, level: float, count: int
) -> NDArray[np.float32]:
    """One partial: a sine that dies away by e^-decay a second.

    exp(x + y) is exp(x) times exp(y): a sine and an exponential are computed for every step-th
    sample and for the first step samples, in double precision, and the others are products.
    """
    rate = (2j * np.pi * hertz - decay) / RATE
    coarse = np.exp(rate * np.arange(0, count, _STEP) + 1j * phase) * level
    fine = np.exp(rate * np.arange(_STEP))
    wave = np.multiply.outer(coarse.imag.astype(np.float32), fine.real.astype(np.float32))
    wave += np.multiply.outer(coarse.real.astype(np.float32), fine.imag.astype(np.float32))
    return np.asarray(wave.ravel()[:count], np.float32)


def _hertz(pitch: int) -> float:
    """Equal temperament, A4 (69) at 440 Hz."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))
