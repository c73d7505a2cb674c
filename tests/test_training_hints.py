"""Pins: where they are painted, how far they spread, and where they stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from training.color.hints import HINT_UNIT, geodesic, painted

from photochrom.colorspace import lab_from_srgb
from photochrom.steps.plate import Pin

CELL = 4


def coat() -> NDArray[np.float32]:
    """(128, 160): a mid-gray coat with some grain on a light ground."""
    light = np.full((128, 160), 0.75, np.float32)
    light[32:112, 40:120] = 0.4
    grain = np.random.default_rng(0).normal(0, 0.02, light.shape)
    return (light + grain).astype(np.float32)


def test_without_pins_nothing_is_said() -> None:
    hints = painted((), coat(), CELL)
    assert hints.shape == (3, 128, 160)
    assert not hints.any()


def test_a_pin_speaks_where_it_is_with_its_color_and_strength() -> None:
    pin = Pin(at=(0.5, 0.5), color=(40, 140, 60), source="inventory 12", strength=0.8)
    hints = painted((pin,), coat(), CELL)
    wanted = lab_from_srgb(np.array(pin.color, np.float32) / 255)[1:] / HINT_UNIT
    np.testing.assert_allclose(hints[:, 64, 80], [*wanted, 0.8], rtol=1e-4)


def test_it_spreads_over_its_thing_and_not_beyond() -> None:
    pin = Pin(at=(0.4, 0.4), color=(190, 70, 30), source="inventory 12")
    strength = painted((pin,), coat(), CELL)[2]
    inside, outside = strength[40:104, 48:112], strength.copy()
    outside[28:116, 36:124] = 0
    assert inside.mean() > 0.4
    assert inside.min() > 0.05
    assert outside.max() == 0


def test_where_two_pins_meet_the_nearer_one_wins() -> None:
    flat = np.full((64, 128), 0.5, np.float32)
    red = Pin(at=(0.2, 0.5), color=(200, 40, 40), source="a")
    blue = Pin(at=(0.8, 0.5), color=(40, 40, 200), source="b")
    hints = painted((red, blue), flat, CELL)
    a, b = hints[0, 32], hints[1, 32]
    assert a[30] > 0 and b[30] > b[98]
    assert b[98] < 0
    assert np.all(np.diff(b[26:102:CELL]) <= 1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(2, 12))
def test_distances_are_those_of_cheapest_paths(seed: int, height: int, width: int) -> None:
    random = np.random.default_rng(seed)
    light = random.uniform(0, 1, (height, width)).astype(np.float32)
    start = (int(random.integers(height)), int(random.integers(width)))
    distance = geodesic(light, start)
    assert distance[start] == 0
    assert np.isfinite(distance).all()
    # There and back again is as far.
    other = (int(random.integers(height)), int(random.integers(width)))
    assert geodesic(light, other)[start] == pytest.approx(distance[other], rel=1e-4, abs=1e-5)
    # And brighter light everywhere is as far too.
    np.testing.assert_allclose(geodesic(light + 1, start), distance, rtol=1e-3, atol=1e-4)
