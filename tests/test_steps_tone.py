"""Tone: true monochrome, no clipping, no reversal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from photochrom.steps import tone
from photochrom.steps.plate import Plate
from photochrom.steps.tone import Range, ToneParams, curve, picture_shares
from step_kit import context, soft_picture


def restored(plate: Plate, **params: float) -> Plate:
    return tone.apply(plate, ToneParams(**params), context())[0]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(1, 8),
)
def test_the_curve_never_falls_and_keeps_its_ends(
    a: float, b: float, c: float, strength: float, midtones: float, gain: float
) -> None:
    black, middle, white = sorted([a, b, c])
    values = curve(
        Range(black, middle, white), ToneParams(strength=strength, midtones=midtones, gain=gain)
    )
    assert (np.diff(values) >= 0).all()
    assert values[0] == pytest.approx(0, abs=2e-3) and values[-1] == pytest.approx(1, abs=2e-3)


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=8, max_side=60)),
    st.floats(0, 1),
    st.floats(1, 8),
)
def test_at_most_a_thousandth_is_clipped(pixels: np.ndarray, strength: float, gain: float) -> None:
    light = pixels.astype(np.float32) / 255
    out = restored(Plate(light), strength=strength, gain=gain).light
    lost = ((out <= 0) & (light > light.min())) | ((out >= 1) & (light < light.max()))
    assert lost.mean() <= 0.001
    order = np.argsort(light, axis=None)
    assert (np.diff(out.ravel()[order]) >= 0).all()


def test_a_faded_print_gets_its_blacks_and_whites_back() -> None:
    light = soft_picture(200, 300)
    faded = 0.25 + 0.6 * light
    plate, notes = tone.apply(Plate(faded), ToneParams(), context())
    low, high = np.percentile(plate.light, [0.5, 99.5])
    assert low < 0.05 and high > 0.93
    assert notes["black"] == pytest.approx(np.percentile(faded, 0.4), abs=0.01)
    untouched = restored(Plate(faded), strength=0, midtones=0).light
    assert np.abs(untouched - faded).max() < 0.01


def test_the_gain_is_limited() -> None:
    flat = 0.5 + 0.02 * (soft_picture(100, 100) - 0.5)
    out = restored(Plate(flat), gain=2, midtones=0).light
    assert np.ptp(out) < 2.2 * np.ptp(flat)


def test_sepia_becomes_monochrome_and_loses_nothing() -> None:
    light = soft_picture(120, 160)
    rng = np.random.default_rng(3)
    sepia = np.stack([light**0.8, light, 0.9 * light**1.3], axis=-1)
    tint = np.clip(sepia * 255 + rng.normal(0, 1, sepia.shape), 0, 255).astype(np.uint8)
    plate = restored(Plate(light, tint))
    assert plate.tint is None and plate.light.dtype == np.float32
    assert np.corrcoef(plate.light.ravel(), light.ravel())[0, 1] > 0.999


def test_a_yellow_stain_is_not_seen() -> None:
    light = soft_picture(160, 200)
    rows, columns = np.mgrid[:160, :200]
    stain = ((rows - 80) ** 2 + (columns - 100) ** 2 < 40**2).astype(np.float32)
    tint = np.stack([light, light * (1 - 0.04 * stain), light * (1 - 0.45 * stain)], axis=-1)
    pixels = (tint * 65535).astype(np.uint16)
    shares = picture_shares(pixels)
    assert shares is not None and shares[2] < 0.05 and shares[0] > 0.15
    out = restored(Plate(light, pixels), strength=0, midtones=0).light
    luma = tint @ np.array([0.299, 0.587, 0.114])
    inside = stain > 0
    assert np.abs(out - light)[inside].mean() < 0.55 * np.abs(luma - light)[inside].mean()


def test_a_color_photograph_keeps_the_gray_of_its_scan() -> None:
    rng = np.random.default_rng(1)
    tint = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    light = soft_picture(64, 64)
    assert picture_shares(tint) is None
    out = restored(Plate(light, tint), strength=0, midtones=0).light
    assert np.abs(out - light).max() < 0.01


def test_evenness_evens_out_and_is_off_by_default() -> None:
    light = soft_picture(128, 128)
    slope = np.linspace(0.15, -0.15, 128, dtype=np.float32)
    faded = np.clip(light + slope, 0, 1)

    def tilt(picture: np.ndarray) -> float:
        return float(picture[:, :32].mean() - picture[:, -32:].mean())

    params = {"strength": 0.0, "midtones": 0.0}
    even = restored(Plate(faded), evenness=1, **params).light
    assert abs(tilt(even) - tilt(light)) < 0.7 * abs(tilt(faded) - tilt(light))
    assert restored(Plate(faded), **params).light == pytest.approx(faded, abs=0.01)


def test_the_input_is_not_changed() -> None:
    light = soft_picture(64, 64) * 0.5
    before = light.copy()
    restored(Plate(light))
    assert (light == before).all()
