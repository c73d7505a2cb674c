"""Where the beats of a piece of music are.

Sounds begin where the spectrum gains energy (spectral flux); how often they do is the period at
which that repeats; and the beats are the row of moments about a period apart that meets most of
what begins: dynamic programming, after D. P. W. Ellis, "Beat Tracking by Dynamic Programming",
Journal of New Music Research 36 (2007). The tempo may drift, not change.

Measured on music of known tempo (`tests/test_film_beats.py`): clicks are met within 10 ms, drums
within 20, chords played by hand within 35; what has no beginnings, or none at a steady pace, is
given no beats. A piece of eight minutes takes two to four seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from photochrom.film.sound.loudness import Stereo
from photochrom.film.sound.reading import in_blocks
from photochrom.film.storyboard.sound import SAMPLE_RATE

STEP = SAMPLE_RATE // 100
"""The spectrum is looked at every 10 ms."""

WINDOW = 2048
"""Samples that are looked at, 43 ms."""

BANDS = 36
LOWEST, HIGHEST = 40.0, 10_000.0
"""Hertz; between them the bands are equally wide on the mel scale."""

RANGE = 40.0
"""Decibels below the loudest sound within which sounds count: cymbals must not drown the drum."""

EARLY = 0.004
"""Seconds by which a sound is noticed too soon: as soon as it enters the window."""

USUAL = 0.5
"""Seconds from beat to beat that are taken where several fit as well (120 a minute)."""

SPREAD = 0.9
"""How far the usual may be departed from, in octaves (a Gaussian's width)."""

SHORTEST, LONGEST = 0.25, 1.6
"""Seconds from beat to beat: 240 to 37.5 a minute."""

STEADY = 100.0
"""How much an even row of beats is worth beside sounds that begin a little off it."""

CLEAR = 0.2
"""How like itself a piece must be one beat later, 0..1, to have beats at all."""

Envelope = NDArray[np.float64]


@dataclass(frozen=True)
class Beats:
    """The beats of a piece.

    Attributes:
        times: Seconds from its beginning, rising; empty where no beat is to be heard.
        strengths: For each, how much begins there beside the strongest, 0..1.
    """

    times: tuple[float, ...]
    strengths: tuple[float, ...]


def beats_in(sound: Iterable[Stereo]) -> Beats:
    """Finds the beats of a piece of music.

    Args:
        sound: Its samples, (2, n) float32 at 48 kHz, a few at a time.
    """
    onsets = onset_strength(sound)
    period = beat_period(onsets)
    if period is None:
        return Beats((), ())
    row = _best_row(onsets, period)
    peaks = np.array([_summit(onsets, index) for index in row])
    heights = np.clip(onsets[row], 0, None)
    # A row goes on evenly into silence; beats do not.
    loud = heights >= 0.5 * np.sqrt((heights**2).mean())
    first, last = np.flatnonzero(loud)[[0, -1]]
    heights = heights[first : last + 1] / heights.max()
    times = peaks[first : last + 1] * STEP / SAMPLE_RATE + EARLY
    return Beats(tuple(float(time) for time in times), tuple(float(one) for one in heights))


def onset_strength(sound: Iterable[Stereo]) -> Envelope:
    """How much begins to sound at each moment: (n,), every 10 ms, in units of its own spread.

    Args:
        sound: As for `beats_in`.
    """
    window = np.hanning(WINDOW).astype(np.float32)
    filters = _mel_filters()
    # Half a window of silence before, so that the first one stands around the first sample.
    kept = np.zeros(WINDOW // 2, np.float32)
    powers: list[NDArray[np.float32]] = []
    silence = np.zeros((2, WINDOW // 2), np.float32)
    for block in chain(in_blocks(sound, 1000 * STEP), [silence]):
        kept = np.concatenate([kept, block.mean(axis=0)])
        if kept.size < WINDOW:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(kept, WINDOW)[::STEP]
        powers.append(np.abs(np.fft.rfft(frames * window)).astype(np.float32) ** 2 @ filters)
        kept = kept[len(frames) * STEP :]
    if not powers:
        return np.zeros(0)
    bands = 10 * np.log10(np.concatenate(powers) + 1e-12)
    bands = np.maximum(bands, bands.max() - RANGE)
    gains = np.maximum(np.diff(bands, axis=0, prepend=bands[:1]), 0).mean(axis=1)
    # What swells slowly is no beginning.
    gains = gains - _smoothed(gains, 50)
    spread = float(gains.std())
    return np.asarray(_smoothed(gains, 2) / spread if spread > 1e-9 else gains * 0, np.float64)


def beat_period(onsets: Envelope) -> float | None:
    """From beat to beat, in steps of 10 ms; None where nothing repeats.

    Args:
        onsets: From `onset_strength`.
    """
    rate = SAMPLE_RATE / STEP
    shortest, longest = round(SHORTEST * rate), round(LONGEST * rate)
    if len(onsets) < 3 * longest or not onsets.any():
        return None
    centered = onsets - onsets.mean()
    spectrum = np.fft.rfft(centered, 2 << len(onsets).bit_length())
    alike = np.fft.irfft(np.abs(spectrum) ** 2)[: 2 * longest + 2]
    # Fewer moments are compared over a longer time.
    alike *= len(onsets) / alike[0] / (len(onsets) - np.arange(len(alike)))
    lags = np.arange(shortest, longest + 1)
    # What comes again after a beat comes again after two; they may be half a step off.
    twice = np.max([alike[2 * lags + off] for off in (-1, 0, 1)], axis=0)
    score = alike[lags] + 0.5 * twice
    usual = np.exp(-0.5 * (np.log2(lags / rate / USUAL) / SPREAD) ** 2)
    best = int(np.argmax(score * usual))
    if score[best] < 1.5 * CLEAR:
        return None
    return _summit(alike, int(lags[best]))


def _best_row(onsets: Envelope, period: float) -> NDArray[np.intp]:
    """The row of moments, about a period apart, at which most begins."""
    reach = np.arange(round(period / 2), round(2 * period) + 1)
    uneven = -STEADY * np.log(reach / period) ** 2
    total, came_from = onsets.copy(), np.full(len(onsets), -1)
    padded = np.concatenate([np.full(reach[-1], -np.inf), total])
    offset = int(reach[-1])
    for at in range(int(reach[0]), len(onsets)):
        options = padded[at + offset - reach] + uneven
        best = int(np.argmax(options))
        if options[best] > 0:
            padded[at + offset] += options[best]
            came_from[at] = at - reach[best]
    total = padded[offset:]
    # The row ends within the last period or so: where its sum is largest.
    tail = len(onsets) - round(1.5 * period)
    row = [tail + int(np.argmax(total[tail:]))]
    while came_from[row[-1]] >= 0:
        row.append(int(came_from[row[-1]]))
    return np.array(row[::-1], np.intp)


def _summit(values: Envelope, index: int) -> float:
    """Where between samples the peak at or beside one lies, by a parabola."""
    first, stop = max(1, index - 2), min(len(values) - 1, index + 3)
    if first >= stop:
        return float(index)
    index = first + int(np.argmax(values[first:stop]))
    left, top, right = values[index - 1 : index + 2]
    bend = left - 2 * top + right
    return index + (float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0)


def _smoothed(values: Envelope, width: int) -> Envelope:
    """Means over `width` samples to either side, weighted like a hill."""
    hill = np.hanning(2 * width + 3)[1:-1]
    hill /= hill.sum()
    return np.convolve(np.pad(values, width, mode="edge"), hill, mode="valid")


def _mel_filters() -> NDArray[np.float32]:
    """(bins, bands): triangles of equal width on the mel scale, each of sum 1."""
    top = 2595 * np.log10(1 + HIGHEST / 700)
    bottom = 2595 * np.log10(1 + LOWEST / 700)
    edges = 700 * (10 ** (np.linspace(bottom, top, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)[:, None]
    rising = (hertz - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - hertz) / np.diff(edges)[1:]
    filters = np.clip(np.minimum(rising, falling), 0, None)
    # The lowest bands are narrower than a bin of the spectrum: they take the nearest one.
    nearest = np.argmin(np.abs(hertz - edges[1:-1]), axis=0)
    filters[nearest, np.arange(BANDS)] += 1e-3
    return np.asarray(filters / filters.sum(axis=0), np.float32)
