"""The screens of printed reproductions are taken out, and the picture stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from skimage import data

from photochrom.measure import Halftone, measure
from photochrom.photograph import Photograph
from photochrom.steps import clean
from photochrom.steps.clean import CleanParams
from photochrom.steps.descreen import descreened
from photochrom.steps.plate import Expected, Plate
from step_kit import context, measures, soft_picture

Plane = NDArray[np.float32]


@pytest.fixture(scope="module")
def camera() -> Plane:
    return (data.camera() / 255).astype(np.float32)


def printed(picture: Plane, period: float, angle: float, *, softness: float) -> Plane:
    """A picture as dots: drawn four times as large, blurred by some periods, brought down."""
    height, width = picture.shape
    large = cv2.resize(picture, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[: 4 * height, : 4 * width].astype(np.float32)
    turn, wave = np.deg2rad(angle), 2 * np.pi / (4 * period)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    dots = np.where(large > (np.cos(u * wave) + np.cos(v * wave)) / 4 + 0.5, 1, 0)
    dots = cv2.GaussianBlur(dots.astype(np.float32), (0, 0), softness * 4 * period)
    return np.clip(cv2.resize(dots, (width, height), interpolation=cv2.INTER_AREA), 0, 1)


def waved(picture: Plane, period: float, angle: float, amplitude: float) -> Plane:
    """A picture under a weak screen of two plain waves."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    turn, wave = np.deg2rad(angle), 2 * np.pi / period
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    screen = amplitude * (np.cos(u * wave) + np.cos(v * wave))
    return np.clip(picture + screen, 0, 1).astype(np.float32)


def photograph(light: Plane) -> Photograph:
    return Photograph.from_array((light * 65535 + 0.5).astype(np.uint16))


def psnr(one: Plane, other: Plane) -> float:
    return float(-10 * np.log10(np.mean((one - other) ** 2)))


@pytest.mark.parametrize("angle", [0, 15, 45, 75, 90])
@pytest.mark.parametrize("period", [3, 5.3, 8, 12])
@pytest.mark.parametrize("kind", ["hard", "soft", "weak"])
def test_a_screen_falls_and_the_picture_gains(
    camera: Plane, tmp_path: Path, period: float, angle: float, kind: str
) -> None:
    scan = (
        waved(camera, period, angle, 0.05)
        if kind == "weak"
        else printed(camera, period, angle, softness=0.06 if kind == "hard" else 0.18)
    )
    found = measure(photograph(scan))
    assert found.halftone is not None
    plate, notes = clean.apply(Plate(scan), CleanParams(), context(tmp_path, measures=found))
    left = measure(photograph(plate.light)).halftone
    assert left is None or left.strength < found.halftone.strength / 4
    assert notes["screen"] == 1.0
    # More than the best blur that takes the dots can give.
    blurs = [cv2.GaussianBlur(scan, (0, 0), share * period) for share in (0.15, 0.25, 0.35, 0.5)]
    assert psnr(plate.light, camera) > max(psnr(blur, camera) for blur in blurs) - 0.2
    assert psnr(plate.light, camera) > psnr(scan, camera) + 3


def test_a_picture_without_a_screen_is_not_touched(camera: Plane, tmp_path: Path) -> None:
    ask = context(tmp_path, measures=measure(photograph(camera)))
    plate, notes = clean.apply(Plate(camera), CleanParams(strength=0.0), ask)
    assert plate.light is camera and notes["screen"] == 0


def test_how_much_is_taken_can_be_said(camera: Plane, tmp_path: Path) -> None:
    scan = waved(camera, 6, 45, 0.05)
    ask = context(tmp_path, measures=measure(photograph(scan)))

    def changed(share: float) -> Plane:
        asked = CleanParams(strength=0.0, screen=share)
        return scan - clean.apply(Plate(scan), asked, ask)[0].light

    assert not changed(0).any()
    np.testing.assert_allclose(changed(0.5), changed(1) / 2, atol=1e-6)


def test_of_a_faint_screen_little_is_taken(tmp_path: Path) -> None:
    light = soft_picture(128, 160)
    for strength, wanted in ((0.003, 0.0), (0.0095, 0.5), (0.05, 1.0)):
        ask = context(tmp_path, measures=measures(halftone=strength))
        _, notes = clean.apply(Plate(light), CleanParams(), ask)
        assert notes["screen"] == pytest.approx(wanted, abs=0.01)


def test_what_repair_learned_of_the_screen_is_forgotten(camera: Plane, tmp_path: Path) -> None:
    scan = printed(camera, 4, 45, softness=0.06)
    ask = context(tmp_path, measures=measure(photograph(scan)))
    asked = CleanParams(strength=1.0)
    alone, _ = clean.apply(Plate(scan), asked, ask)
    told = Plate(scan, expected=Expected(np.zeros(scan.shape, np.uint16), "restore"))
    assert clean.apply(told, asked, ask)[0].light.tobytes() == alone.light.tobytes()


def test_an_enlarged_picture_has_an_enlarged_screen(camera: Plane, tmp_path: Path) -> None:
    scan = waved(camera, 4, 45, 0.05)
    ask = context(tmp_path, measures=measure(photograph(scan)))
    twice = cv2.resize(scan, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    plate = replace(Plate(twice), scale=2)
    cleaned, _ = clean.apply(plate, CleanParams(strength=0.0), ask)
    assert measure(photograph(twice)).halftone is not None
    assert measure(photograph(cleaned.light)).halftone is None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    period=st.floats(2.2, 20),
    angle=st.floats(0, 90),
    strength=st.floats(0, 0.5),
)
def test_any_picture_comes_out_whole(
    height: int, width: int, period: float, angle: float, strength: float
) -> None:
    light = np.random.default_rng(3).random((height, width)).astype(np.float32)
    parts = list(descreened(light, Halftone(period, angle, strength, None)))
    assert [rows.start for rows, _ in parts[1:]] == [rows.stop for rows, _ in parts[:-1]]
    out = np.concatenate([part for _, part in parts])
    assert out.shape == light.shape and np.isfinite(out).all()
    assert 0 <= out.min() and out.max() <= 1
    plain = np.full_like(light, 0.4)
    same = np.concatenate(
        [p for _, p in descreened(plain, Halftone(period, angle, strength, None))]
    )
    np.testing.assert_allclose(same, plain, atol=1e-5)
