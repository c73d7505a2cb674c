import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photochrom.colorspace import (
    gray_from_lightness,
    lab_from_srgb,
    lightness_from_gray,
    linear_to_srgb,
    srgb_from_lab,
    srgb_to_linear,
)

unit = st.floats(0, 1, width=32)
colors = arrays(np.float32, (5, 3), elements=unit)


def test_lab_agrees_with_scikit_image() -> None:
    color = pytest.importorskip("skimage.color")
    rgb = np.random.default_rng(1).random((40, 50, 3))
    np.testing.assert_allclose(lab_from_srgb(rgb), color.rgb2lab(rgb), atol=0.02)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((1, 1, 1), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 1, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
    ],
)
def test_known_colors(rgb: tuple[float, ...], lab: tuple[float, ...]) -> None:
    np.testing.assert_allclose(lab_from_srgb(rgb), lab, atol=0.03)


@given(colors)
def test_lab_round_trip(rgb: np.ndarray) -> None:
    back = srgb_from_lab(lab_from_srgb(rgb))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, rgb, atol=2e-4)


@given(arrays(np.float32, 7, elements=st.floats(-0.5, 1.5, width=32)))
def test_srgb_curve_round_trip(x: np.ndarray) -> None:
    np.testing.assert_allclose(linear_to_srgb(srgb_to_linear(x)), x, atol=2e-6)


@given(unit, unit)
def test_srgb_curve_keeps_order(x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert srgb_to_linear(low) <= srgb_to_linear(high)


@given(unit)
def test_gray_is_neutral_and_lightness_agrees_with_lab(v: float) -> None:
    lab = lab_from_srgb(np.full(3, v, np.float32))
    np.testing.assert_allclose(lab, (lightness_from_gray(v), 0, 0), atol=2e-4)
    np.testing.assert_allclose(gray_from_lightness(lightness_from_gray(v)), v, atol=2e-6)


def test_out_of_gamut_colors_are_not_clipped() -> None:
    rgb = srgb_from_lab((50, -100, 0))
    assert rgb.min() < -0.01
