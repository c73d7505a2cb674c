"""Clarity: larger, and still the plate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import tiny_networks
from photochrom.errors import ModelError
from photochrom.nets import Registry
from photochrom.steps import clarity
from photochrom.steps.clarity import ClarityParams
from photochrom.steps.plate import Chroma, Notes, Plane, Plate
from step_kit import context, soft_picture


def test_scale_one_does_nothing() -> None:
    plate = Plate(soft_picture(30, 40))
    same, notes = clarity.apply(plate, ClarityParams(), context())
    # Statements and cue sheets name only steps that had something to do.
    assert same is plate and "idle" in notes


@pytest.mark.parametrize("scale", [2, 4])
def test_made_small_again_it_is_the_plate(tmp_path: Path, scale: int) -> None:
    rng = np.random.default_rng(0)
    light = np.clip(soft_picture(90, 130) + rng.normal(0, 0.05, (90, 130)), 0.05, 0.95)
    light = light.astype(np.float32)
    ask = context(tmp_path)
    loose = clarity.apply(Plate(light), ClarityParams(scale=scale, consistency=0), ask)
    tight, notes = clarity.apply(Plate(light), ClarityParams(scale=scale, tolerance=0), ask)
    small = cv2.resize(tight.light, (130, 90), interpolation=cv2.INTER_AREA)
    assert tight.light.shape == (90 * scale, 130 * scale)
    assert np.abs(small - light).mean() == pytest.approx(notes["residual"]["mean"], abs=1e-5)
    assert notes["residual"]["mean"] < 0.004
    assert notes["residual"]["mean"] < 0.3 * loose[1]["residual"]["mean"]


def test_noise_is_not_enforced(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noisy = (soft_picture(256, 256) + rng.normal(0, 0.02, (256, 256))).astype(np.float32)
    ask = context(tmp_path)
    plate, notes = clarity.apply(Plate(noisy), ClarityParams(scale=2), ask)
    assert notes["tolerance"] == pytest.approx(0.02, rel=0.15)
    small = cv2.resize(plate.light, (256, 256), interpolation=cv2.INTER_AREA)
    assert np.percentile(np.abs(small - noisy), 99) < 0.025
    strict = clarity.apply(Plate(noisy), ClarityParams(scale=2, tolerance=0), ask)[0].light
    assert np.abs(cv2.Laplacian(plate.light, -1)).mean() < np.abs(cv2.Laplacian(strict, -1)).mean()


@pytest.mark.parametrize("scale", [2, 4])
def test_a_gradient_stays_one(tmp_path: Path, scale: int) -> None:
    light = np.tile(np.linspace(0.1, 0.9, 211, dtype=np.float32), (140, 1))
    clear = clarity.apply(Plate(light), ClarityParams(scale=scale), context(tmp_path))[0].light
    ideal = 0.1 + 0.8 * ((np.arange(211 * scale) + 0.5) / scale - 0.5) / 210
    assert np.abs(clear - ideal)[:, scale:-scale].max() < 1 / 255


def test_mask_and_tint_grow_along(tmp_path: Path) -> None:
    mask = np.zeros((40, 50), np.uint8)
    mask[10:12, 20:30] = 255
    plate = Plate(
        soft_picture(40, 50),
        tint=np.zeros((40, 50, 3), np.uint16),
        mask=mask,
        chroma=Chroma(np.zeros((8, 10, 2), np.float32), np.ones((8, 10), np.float32)),
        scale=2,
    )
    large = clarity.apply(plate, ClarityParams(scale=2), context(tmp_path))[0]
    assert large.mask is not None and large.tint is not None and large.chroma is plate.chroma
    assert large.mask.shape == (80, 100) and large.tint.shape == (80, 100, 3)
    assert (large.mask > 0).sum() == 4 * (mask > 0).sum() and large.scale == 4


def test_the_dial_goes_from_clear_to_crisp(tmp_path: Path) -> None:
    tiny_networks.clarity(tmp_path, 2, crisp=True)
    ask = replace(context(), registry=Registry([tmp_path]))
    plate = Plate(soft_picture(40, 50))

    def at(crispness: float) -> tuple[Plane, Notes]:
        asked = ClarityParams(scale=2, crispness=crispness, consistency=0)
        enlarged, notes = clarity.apply(plate, asked, ask)
        return enlarged.light, notes

    (clear, plain), (half, told), (crisp, _) = at(0), at(0.5), at(1)
    assert np.allclose(crisp, np.kron(plate.light, np.ones((2, 2), np.float32)), atol=1e-6)
    assert np.abs(crisp - clear).max() > 0.001
    assert np.allclose(half, (clear + crisp) / 2, atol=1e-6)
    assert told["crispness"] == 0.5 and "crispness" not in plain


def test_what_is_crisp_is_held_to_the_plate_without_its_softness(tmp_path: Path) -> None:
    tiny_networks.clarity(tmp_path, 2, crisp=True)
    ask = replace(context(), registry=Registry([tmp_path]))
    sharp = np.where(soft_picture(80, 100) > 0.5, 0.8, 0.2).astype(np.float32)
    plate = Plate(cv2.GaussianBlur(sharp, (0, 0), 1.0) + np.float32(0.02))

    def apart(crispness: float, blur: float) -> float:
        asked = ClarityParams(scale=2, crispness=crispness, tolerance=0)
        light = clarity.apply(plate, asked, ask)[0].light
        small = cv2.resize(light, (100, 80), interpolation=cv2.INTER_AREA) - plate.light
        return float(np.abs(cv2.GaussianBlur(small, (0, 0), blur) if blur else small).max())

    # Whatever the dial says, the print's tones stay; its pixels only where it is at 0.
    assert apart(0, 0) < 0.02 and apart(0.5, 2) < 0.005 and apart(1, 2) < 0.005


def test_a_network_of_one_character_takes_no_notice(tmp_path: Path) -> None:
    plate, ask = Plate(soft_picture(40, 50)), context(tmp_path)
    one, notes = clarity.apply(plate, ClarityParams(scale=2, crispness=1), ask)
    other, _ = clarity.apply(plate, ClarityParams(scale=2), ask)
    assert np.array_equal(one.light, other.light) and "crispness" not in notes


def test_a_scale_without_a_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'clarity' at scale 2"):
        clarity.apply(Plate(soft_picture(20, 20)), ClarityParams(scale=2), context())
