"""Sound: a quiet score of our own making, or silence.

The score is slow chords on a soft pad, single piano-like notes picked from them, and a room. It is
additive synthesis throughout: no samples, no soundfont, nobody's recording. Everything random comes
from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

from photochrom.film.encode import SAMPLE_RATE
from photochrom.film.storyboard import Sound

CODE = 1
"""Raised whenever the same settings give another score."""

Stereo = NDArray[np.float32]
"""(2, n) samples at 48 kHz."""

PEAK = 0.84
"""-1.5 dBFS: room for what the AAC decoder adds between samples."""

FADE_IN, FADE_OUT = 2.5, 5.0

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


def make_sound(sound: Sound, seconds: float) -> Stereo:
    """The film's sound.

    Args:
        sound: Which, and how loud.
        seconds: Length of the film.

    Returns:
        (2, n) float32 in -1..1 at 48 kHz, exactly as long as the film.
    """
    count = round(seconds * SAMPLE_RATE)
    if sound.kind == "silence" or count == 0:
        return np.zeros((2, count), np.float32)
    rng = np.random.default_rng(sound.seed)
    dry = _play(_compose(seconds, rng), count, rng)
    played = _faded(_in_a_room(dry, rng))
    gain = 10 ** ((sound.loudness - loudness(played)) / 20)
    top = float(np.abs(played).max())
    return played * np.float32(min(gain, PEAK / max(top, 1e-9)))


def loudness(samples: Stereo) -> float:
    """Integrated loudness in LUFS (EBU R128), measured by FFmpeg's `ebur128`.

    Returns:
        -70 for silence.
    """
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="flt", layout="stereo", channels=2)
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    value = -70.0
    step = SAMPLE_RATE // 10
    for start in range(0, samples.shape[1], step):
        part = samples[:, start : start + step]
        packed = np.ascontiguousarray(part.T, dtype=np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        graph.push(frame)
        value = _drain(graph, value)
    graph.push(None)
    return _drain(graph, value)


def _drain(graph: av.filter.Graph, value: float) -> float:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return value
        value = float(frame.metadata.get("lavfi.r128.I", value))


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


def _play(score: Score, count: int, rng: np.random.Generator) -> Stereo:
    out = np.zeros((2, count), np.float32)
    for start, length, pitches in score.chords:
        for place, pitch in enumerate(pitches):
            tone = _pad(pitch, length + 4.0, rng) * np.float32(0.09 / (1 + 0.25 * place))
            # The lowest note in the middle, the others around it.
            _add(out, tone, start - 1.2, pan=(0.0, -0.3, 0.3, 0.0)[place % 4])
    for start, pitch, strength in score.notes:
        tone = _struck(pitch, rng) * np.float32(0.11 * strength)
        _add(out, tone, start, pan=float(rng.uniform(-0.35, 0.35)))
    return out


def _pad(pitch: int, seconds: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """A warm held tone: two slightly different strings that beat, few partials, slow in and out."""
    count = round(seconds * SAMPLE_RATE)
    tone = np.zeros(count, np.float32)
    for detune in (-0.0012, 0.0014):
        base = _hertz(pitch) * (1 + detune)
        angle = (2j * np.pi * _turns(base, count)).astype(np.complex64)
        turn = np.exp(angle)
        # Partials are powers of one turning pointer: an exponential a string, not one a partial.
        pointer = np.ones(count, np.complex64)
        for partial in range(1, 6):
            if base * partial > 2600:
                break
            pointer *= turn
            phase = np.complex64(np.exp(1j * rng.uniform(0, 2 * np.pi)) / partial**1.9)
            tone += (pointer * phase).imag
    time = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    rise, fall = np.clip(time / 2.6, 0, 1), np.clip((seconds - time) / 3.4, 0, 1)
    return np.asarray(tone * _smooth(rise) * _smooth(fall), np.float32)


def _struck(pitch: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A felted, piano-like note: upper partials a little sharp, and gone sooner."""
    seconds = 5.0
    count = round(seconds * SAMPLE_RATE)
    time = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    tone = np.zeros(count, np.float32)
    base = _hertz(pitch)
    for partial in range(1, 8):
        hertz = base * partial * float(np.sqrt(1 + 0.0004 * partial * partial))
        if hertz > 6000:
            break
        decay = np.float32(0.9 + 0.55 * partial * (base / 260) ** 0.4)
        phase = np.float32(rng.uniform(0, 2 * np.pi))
        wave = np.sin(2 * np.pi * _turns(hertz, count).astype(np.float32) + phase)
        tone += np.exp(-decay * time) * wave / np.float32(partial**1.7)
    attack = _smooth(np.clip(time / 0.012, 0, 1))
    return np.asarray(tone * attack * np.clip((seconds - time) / 0.5, 0, 1), np.float32)


def _add(out: Stereo, tone: NDArray[np.float32], start: float, pan: float) -> None:
    """Mix a tone in at a time (cut at the film's ends), with equal-power panning -1..1."""
    first = round(start * SAMPLE_RATE)
    skip = max(0, -first)
    first = max(0, first)
    tone = tone[skip : skip + max(0, out.shape[1] - first)]
    if tone.size:
        angle = (pan + 1) * np.pi / 4
        out[0, first : first + tone.size] += np.float32(np.cos(angle)) * tone
        out[1, first : first + tone.size] += np.float32(np.sin(angle)) * tone


def _in_a_room(dry: Stereo, rng: np.random.Generator) -> Stereo:
    """Add a gentle hall: convolution with decaying noise that grows darker as it dies."""
    length = round(2.8 * SAMPLE_RATE)
    time = np.arange(length) / SAMPLE_RATE
    wet = np.empty_like(dry)
    for side in range(2):
        noise = rng.normal(size=length)
        dark = np.convolve(noise, np.hanning(48) / 24, mode="same")
        blend = np.exp(-6.0 * time)
        tail = (noise * blend * 0.35 + dark * (1 - 0.5 * blend)) * np.exp(-2.3 * time)
        tail *= _smooth(np.clip(time / 0.03, 0, 1))
        wet[side] = _convolved(dry[side], tail / np.sqrt(np.sum(tail**2)))
    return (dry + np.float32(0.55) * wet).astype(np.float32)


def _convolved(signal: NDArray[np.float32], kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """Overlap-add convolution, cut to the signal's length."""
    block = 1 << 18
    size = 1 << (block + len(kernel) - 1).bit_length()
    spectrum = np.fft.rfft(kernel, size)
    out = np.zeros(len(signal) + size, np.float32)
    for start in range(0, len(signal), block):
        part = np.fft.rfft(signal[start : start + block], size)
        out[start : start + size] += np.fft.irfft(part * spectrum, size).astype(np.float32)
    return out[: len(signal)]


def _faded(samples: Stereo) -> Stereo:
    time = np.arange(samples.shape[1], dtype=np.float32) / SAMPLE_RATE
    seconds = samples.shape[1] / SAMPLE_RATE
    rise = min(FADE_IN, seconds / 4)
    fall = min(FADE_OUT, seconds / 3)
    curve = _smooth(np.clip(time / rise, 0, 1)) * _smooth(np.clip((seconds - time) / fall, 0, 1))
    return (samples * curve).astype(np.float32)


def _smooth(x: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def _turns(hertz: float, count: int) -> NDArray[np.float64]:
    """Where in its turn (0..1) a wave is at each sample.

    Counted in double and cut to one turn: a float32 phase of many turns would hiss.
    """
    return np.asarray(np.arange(count) * (hertz / SAMPLE_RATE) % 1.0)


def _hertz(pitch: int) -> float:
    """Equal temperament, A4 (69) at 440 Hz."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))
