"""Negatives: told of, and turned into positives where that is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from skimage import data as pictures

from conftest import Ran
from photochrom.colorspace import linear_to_srgb, srgb_to_linear
from photochrom.measure import measure
from photochrom.photograph import Photograph, positive
from photochrom.record import Record
from photochrom.restoration import restore
from step_kit import context

Picture = NDArray[np.float32]
Run = Callable[..., Ran]


def film(scene: Picture, *, base: tuple[float, ...], gamma: float) -> Photograph:
    """The scan of a negative: density rises by `gamma` with the logarithm of exposure."""
    exposure = np.log10(np.maximum(srgb_to_linear(scene), 1e-3)) + 3
    density = np.array(base, np.float32)[: max(1, scene.ndim)] + gamma * exposure
    density = density if scene.ndim == 3 else gamma * exposure + base[0]
    return Photograph.from_array((linear_to_srgb(10.0**-density) * 65535).astype(np.uint16))


@pytest.fixture(scope="module")
def camera() -> Picture:
    return (pictures.camera() / 255).astype(np.float32)


@pytest.fixture(scope="module")
def astronaut() -> Picture:
    return (pictures.astronaut() / 255).astype(np.float32)


@pytest.mark.parametrize("gamma", [0.45, 0.6, 0.8])
def test_a_film_comes_out_as_its_scene(camera: Picture, gamma: float) -> None:
    out, _ = positive(film(camera, base=(0.25,), gamma=gamma))
    shown = out.pixels / 65535
    assert np.corrcoef(shown.ravel(), camera.ravel())[0, 1] > 0.97
    assert np.median(shown) == pytest.approx(np.median(camera), abs=0.2)
    assert shown.min() < 0.02 and shown.max() > 0.98


def test_the_orange_mask_is_gone(astronaut: Picture) -> None:
    negative = film(astronaut, base=(0.2, 0.6, 0.9), gamma=0.62)
    # The mask: even where the scene was black, the scan is orange.
    red, _, blue = np.quantile(negative.pixels.reshape(-1, 3), 0.99, axis=0)
    assert red > 1.5 * blue
    out, told = positive(negative)
    difference = np.abs(out.pixels / 65535 - astronaut)
    assert difference.mean() < 0.06
    assert told.base[0] > told.base[1] > told.base[2]


def test_plain_inversion_is_undone_as_well(camera: Picture) -> None:
    out, told = positive(Photograph.from_array(np.rint(255 * (1 - camera)).astype(np.uint8)))
    assert np.corrcoef((out.pixels / 65535).ravel(), camera.ravel())[0, 1] > 0.95
    assert told.base[0] > 0.95 and out.info.bit_depth == 8


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    low=st.integers(0, 65535),
    high=st.integers(0, 65535),
    color=st.booleans(),
)
def test_dark_becomes_light_in_any_picture(
    height: int, width: int, low: int, high: int, color: bool
) -> None:
    low, high = sorted((low, high))
    shape = (height, width, 3) if color else (height, width)
    pixels = np.random.default_rng(low).integers(low, high + 1, shape).astype(np.uint16)
    out, told = positive(Photograph.from_array(pixels))
    assert out.pixels.shape == shape and out.pixels.dtype == np.uint16
    json.dumps(told.__dict__, allow_nan=False)
    for channel in range(3 if color else 1):
        before = pixels[..., channel] if color else pixels
        after = out.pixels[..., channel] if color else out.pixels
        order = np.argsort(before, axis=None, kind="stable")
        assert (np.diff(after.ravel()[order].astype(int)) <= 0).all()


def test_a_negative_is_restored_as_its_positive(camera: Picture, tmp_path: Path) -> None:
    registry = context(tmp_path).registry
    negative = film(camera, base=(0.25,), gamma=0.6)
    restored = restore(negative, negative=True, registry=registry)
    assert np.corrcoef(restored.plate.light.ravel(), camera.ravel())[0, 1] > 0.9
    assert restored.notices == ()
    told = restored.record.original["negative"]
    assert told["contrast"] > 0 and len(told["base"]) == 1
    assert restored.record.original["sha256"] == negative.info.sha256
    assert restored.original is negative
    assert restore(negative, registry=registry).record.original["negative"] is None


NAMES = ["camera", "astronaut", "coffee", "chelsea", "rocket"]


@pytest.mark.parametrize("name", NAMES)
def test_a_positive_is_none(name: str) -> None:
    pixels = getattr(pictures, name)()
    assert not measure(Photograph.from_array(pixels)).looks_negative
    gray = (pixels if pixels.ndim == 2 else pixels.mean(axis=2)).astype(np.uint8)
    assert not measure(Photograph.from_array(gray)).looks_negative
    # Darker, lighter, flatter, in a frame.
    for changed in (gray // 4, 255 - (255 - gray) // 4, gray // 3 + 80, np.pad(gray, 30)):
        assert not measure(Photograph.from_array(changed.astype(np.uint8))).looks_negative


def test_a_clear_negative_is_told_of(camera: Picture) -> None:
    inverted = np.rint(255 * (1 - camera)).astype(np.uint8)
    assert measure(Photograph.from_array(inverted)).looks_negative


def test_real_positives_and_their_negatives(data: Path) -> None:
    """None of the vintage and historical photographs is called a negative."""
    folder = data / "eval-dev"
    wrong, found, seen = [], 0, 0
    for path in sorted([*folder.glob("vintage_bw/*"), *folder.glob("historical_colour/*")]):
        gray = np.asarray(Image.open(path).convert("L"))
        seen += 1
        if measure(Photograph.from_array(gray)).looks_negative:
            wrong.append(path.name)
        found += measure(Photograph.from_array(255 - gray)).looks_negative
    assert wrong == []
    # Doubtful ones are not told of.
    assert found >= seen / 4


def test_what_the_command_line_says(camera: Picture, tmp_path: Path, photochrom: Run) -> None:
    scan = tmp_path / "plate.png"
    Image.fromarray(np.rint(255 * (1 - camera)).astype(np.uint8)).save(scan)
    ran = photochrom("inspect", scan)
    assert ran.code == 0 and "--negative" in ran.err
    quick = ("--steps", "tone", "--format", "tiff", "-o", tmp_path / "out")
    ran = photochrom("restore", scan, *quick)
    assert ran.code == 0 and f"{scan}: looks like a negative" in ran.err
    ran = photochrom("restore", scan, *quick, "--json")
    assert json.loads(ran.out)["outcome"] == "kept"
    ran = photochrom("restore", scan, *quick, "--negative", "--json")
    assert json.loads(ran.out)["outcome"] == "made" and json.loads(ran.out)["notices"] == []
    record = Record.open(tmp_path / "out" / "plate.record.json")
    assert record.original["negative"] is not None
    with Image.open(tmp_path / "out" / "plate.tif") as made:
        shown = np.asarray(made, np.float32)
    assert np.corrcoef(shown.ravel(), camera.ravel())[0, 1] > 0.9
