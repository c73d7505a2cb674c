"""Beats: found where they are in music of known tempo, and nowhere in what has none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.film.sound.beats import beats_in
from photochrom.film.storyboard.sound import SAMPLE_RATE

SECONDS = 40
COUNT = SECONDS * SAMPLE_RATE
Mono = NDArray[np.float32]


def click(hertz: float = 1000) -> Mono:
    time = np.arange(round(0.03 * SAMPLE_RATE)) / SAMPLE_RATE
    return (np.sin(2 * np.pi * hertz * time) * np.exp(-120 * time)).astype(np.float32)


def burst(seconds: float, decay: float, level: float, rng: np.random.Generator) -> Mono:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (rng.normal(size=time.size) * np.exp(-decay * time) * level).astype(np.float32)


def chord(*hertz: float) -> Mono:
    """Struck strings: a few partials that die away within a second."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    waves = [
        np.sin(2 * np.pi * base * number * time) / number**1.5
        for base in hertz
        for number in range(1, 6)
    ]
    shape = np.exp(-3 * time) * np.clip(time / 0.01, 0, 1)
    return (0.1 * np.sum(waves, axis=0) * shape).astype(np.float32)


def at(times: NDArray[np.float64], sound: Mono) -> Mono:
    track = np.zeros(COUNT + sound.size, np.float32)
    for time in times:
        first = round(time * SAMPLE_RATE)
        if first < COUNT:
            track[first : first + sound.size] += sound
    return track[:COUNT]


def every(period: float, first: float = 0.4) -> NDArray[np.float64]:
    return np.arange(first, SECONDS - 0.5, period)


def drums(period: float) -> Mono:
    """A low drum and a snare by turns, and a cymbal twice a beat."""
    rng = np.random.default_rng(5)
    beats = every(period)
    low = np.sin(2 * np.pi * 60 * np.arange(9600) / SAMPLE_RATE) * np.exp(-np.arange(9600) / 2700)
    return (
        at(beats[::2], low.astype(np.float32))
        + at(beats[1::2], burst(0.15, 30, 0.4, rng))
        + at(np.concatenate([beats, beats + period / 2]), burst(0.03, 120, 0.15, rng))
    )


def waltz(period: float) -> tuple[Mono, NDArray[np.float64]]:
    """A bass and two chords, played by somebody who is not quite even."""
    rng = np.random.default_rng(9)
    beats = every(period)
    played = beats + rng.normal(0, 0.008, beats.size)
    track = np.zeros(COUNT, np.float32)
    for place in range(3):
        sound = chord(110) if place == 0 else chord(220, 330)
        track += at(played[place::3], sound)
    return track, played


def stereo(mono: Mono) -> list[NDArray[np.float32]]:
    return [np.stack([mono, mono]).astype(np.float32)]


def hits(found: tuple[float, ...], truth: NDArray[np.float64], near: float) -> tuple[float, float]:
    """Shares of what was found that is true, and of what is true that was found."""
    apart = np.abs(np.array(found)[:, None] - truth)
    return float((apart.min(axis=1) < near).mean()), float((apart.min(axis=0) < near).mean())


@pytest.mark.parametrize("tempo", [60, 72, 85, 100, 120, 133.7, 150])
def test_clicks_are_met_within_ten_milliseconds(tempo: float) -> None:
    truth = every(60 / tempo)
    right, found = hits(beats_in(stereo(at(truth, click()))).times, truth, 0.010)
    assert right == 1
    assert found >= 0.98


@pytest.mark.parametrize("tempo", [75, 96, 124])
def test_drums_with_cymbals_between_are_met(tempo: float) -> None:
    right, found = hits(beats_in(stereo(drums(60 / tempo))).times, every(60 / tempo), 0.020)
    assert right == 1
    assert found >= 0.95


@pytest.mark.parametrize("tempo", [90, 150])
def test_chords_played_by_hand_are_met(tempo: float) -> None:
    music, truth = waltz(60 / tempo)
    right, found = hits(beats_in(stereo(music)).times, truth, 0.035)
    assert right >= 0.98
    assert found >= 0.95


def test_a_tempo_that_breathes_is_followed() -> None:
    truth = 0.4 + np.cumsum(0.55 * (1 + 0.06 * np.sin(np.arange(70) / 12)))
    right, found = hits(beats_in(stereo(at(truth, click()))).times, truth, 0.010)
    assert right == 1
    assert found >= 0.98


def test_noise_beneath_does_not_matter() -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, COUNT).astype(np.float32)
    right, found = hits(beats_in(stereo(drums(0.6) + noise)).times, every(0.6), 0.020)
    assert right == 1
    assert found >= 0.95


def test_beats_rise_and_begin_and_end_with_the_music() -> None:
    truth = every(0.5, first=10.0)
    truth = truth[truth < 30]
    times = beats_in(stereo(at(truth, click()))).times
    assert np.diff(times).min() > 0.25
    assert times[0] == pytest.approx(10.0, abs=0.01)
    assert times[-1] == pytest.approx(truth[-1], abs=0.01)


def test_louder_beats_are_stronger() -> None:
    loud, soft = every(2.0), every(2.0, first=1.4)
    beats = beats_in(stereo(at(loud, click()) + 0.03 * at(soft, click())))
    strengths = dict(zip(np.round(beats.times, 1), beats.strengths, strict=True))
    assert strengths[10.4] > 1.2 * strengths[11.4]


def test_how_it_is_cut_into_blocks_does_not_matter() -> None:
    track = stereo(drums(0.6))[0]
    parts = np.array_split(track, [1, 1000, 500_000, 500_001], axis=1)
    assert beats_in(parts) == beats_in([track])


@pytest.mark.parametrize(
    "name", ["silence", "noise", "tone", "swell", "whenever", "short", "empty"]
)
def test_what_has_no_beat_is_given_none(name: str) -> None:
    rng = np.random.default_rng(4)
    time = np.arange(COUNT) / SAMPLE_RATE
    sounds = {
        "silence": np.zeros(COUNT),
        "noise": rng.normal(0, 0.1, COUNT),
        "tone": 0.2 * np.sin(2 * np.pi * 220 * time),
        "swell": 0.2 * np.sin(2 * np.pi * 220 * time) * (1 + np.sin(1.3 * time)),
        "whenever": at(np.cumsum(rng.uniform(0.2, 1.6, 44)), click()),
        "short": at(every(0.5), click())[: 3 * SAMPLE_RATE],
        "empty": np.zeros(0),
    }
    assert beats_in(stereo(sounds[name].astype(np.float32))).times == ()


def test_our_own_score_has_none() -> None:
    """It is slow chords, and notes here and there: nothing on which a picture had to change."""
    from photochrom.film.sound.score import score_blocks

    for seed in range(3):
        assert beats_in(score_blocks(seed, 60 * SAMPLE_RATE)).times == ()
