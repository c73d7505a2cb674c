"""What a batch will take, told before it is begun."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import Ran
from photochrom.batch.estimate import Estimate, _parts


def test_what_each_takes_and_what_its_pixels_take_are_told_apart() -> None:
    """From one size that was measured and a small one."""
    each, rate = 0.5, 2.0
    small = each + 0.065536 * rate
    found = _parts(each + 12 * rate, 12, small)
    assert found == pytest.approx((each, rate))
    # Of what is hardly larger than that nothing is said of pixels.
    assert _parts(0.6, 0.1, small) == (0.6, 0.0)
    # Nor where what was measured was noise.
    assert _parts(0.3, 12, small) == (0.3, 0.0)


def test_each_worker_begins_once() -> None:
    found = Estimate(100, 0, 1200.0, 2.0, 0.5, 3.0, 3)
    assert found.core_seconds == 100 * 0.5 + 1200 * 2
    assert found.hours(1) * 3600 == pytest.approx(3 + 2450)
    assert found.hours(10) * 3600 == pytest.approx(3 + 245)
    # More cores than photographs have nothing to do.
    assert found.hours(1000) == found.hours(100)


def test_tiny_pictures_are_not_told_by_the_megapixel(
    photochrom: Callable[..., Ran], tmp_path: Path
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 60), dtype=np.uint8)
    for number in range(3):
        Image.fromarray(np.roll(pixels, number)).save(tmp_path / f"{number}.png")
    words = ("plan", tmp_path, "--steps", "tone")
    ran = photochrom(*words)
    assert ran.code == 0, ran.err
    assert "seconds of a core for each photograph (measured here on 3; so small" in ran.out
    assert "megapixel (" not in ran.out
    said = json.loads(photochrom(*words, "--json").out)
    assert said["core_seconds_a_megapixel"] == 0
    assert said["core_seconds_a_photograph"] >= 0
    told = photochrom(*words, "--seconds", "2")
    assert "2.00 seconds of a core for a megapixel (told)" in told.out
    assert "to begin" not in told.out
