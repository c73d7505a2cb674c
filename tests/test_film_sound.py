"""The generated score."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.film.encode import SAMPLE_RATE
from photochrom.film.sound import PEAK, loudness, make_sound
from photochrom.film.storyboard import Sound

SECONDS = 12.0


@pytest.fixture(scope="module")
def score() -> np.ndarray:
    return make_sound(Sound(seed=3), SECONDS)


def test_the_score_is_as_long_and_as_loud_as_asked(score: np.ndarray) -> None:
    assert score.shape == (2, round(SECONDS * SAMPLE_RATE))
    assert loudness(score) == pytest.approx(-23, abs=0.3)
    assert np.abs(score).max() <= PEAK
    quiet = make_sound(Sound(seed=3, loudness=-30), SECONDS)
    assert loudness(quiet) == pytest.approx(-30, abs=0.3)


def test_it_begins_and_ends_in_silence_and_never_clicks(score: np.ndarray) -> None:
    assert np.abs(score[:, :20]).max() < 1e-4
    assert np.abs(score[:, -20:]).max() < 1e-4
    # A click is a jump: energy at the very top of the spectrum, where the score has none.
    spectrum = np.abs(np.fft.rfft(score[0]))
    high = spectrum[len(spectrum) * 3 // 4 :]
    assert (high**2).sum() < 1e-5 * (spectrum**2).sum()


def test_it_is_stereo_but_lean_to_no_side(score: np.ndarray) -> None:
    left, right = np.sqrt((score**2).mean(axis=1))
    assert left / right == pytest.approx(1, abs=0.25)
    assert np.corrcoef(score)[0, 1] < 0.98


def test_it_is_seeded(score: np.ndarray) -> None:
    assert (make_sound(Sound(seed=3), SECONDS) == score).all()
    assert not (make_sound(Sound(seed=4), SECONDS) == score).all()


def test_silence_is_silent() -> None:
    silence = make_sound(Sound(kind="silence"), 2.0)
    assert silence.shape == (2, 2 * SAMPLE_RATE)
    assert not silence.any()


def test_loudness_of_the_reference_tone() -> None:
    """EBU Tech 3341, case 1: a 1 kHz stereo sine at -23 dBFS measures -23 LUFS."""
    time = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    assert loudness(np.stack([tone, tone])) == pytest.approx(-23, abs=0.1)
