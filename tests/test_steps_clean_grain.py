"""Clean and grain: what is taken is measured, and what was grain is put back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.steps import clean, grain, repair, tone
from photochrom.steps import strips as strips_module
from photochrom.steps.clean import CleanParams
from photochrom.steps.grain import GrainParams
from photochrom.steps.plate import Plate
from photochrom.steps.texture import TONES, Texture, TextureMeter, noise
from step_kit import context, measures, soft_picture


def test_a_clean_scan_is_not_touched(tmp_path: Path) -> None:
    light = soft_picture(100, 120)
    plate, notes = clean.apply(Plate(light), CleanParams(), context(tmp_path))
    assert (
        plate.light is light
        and plate.expected is None
        and notes["strength"] == 0
        and plate.removed is None
    )


@pytest.mark.parametrize("trouble", [{"sigma": 0.02}, {"blocking": 0.8}], ids=str)
def test_strength_follows_what_was_measured(tmp_path: Path, trouble: dict[str, float]) -> None:
    light = soft_picture(150, 180)
    texture = noise(1, slice(0, 150), slice(0, 180), 0)

    def cleaned(share: float) -> tuple[Plate, float]:
        found = {name: value * share for name, value in trouble.items()}
        noisy = light + texture * np.float32(found.pop("sigma", 0.002))
        ask = context(tmp_path, measures=measures(**found))
        plate, notes = clean.apply(Plate(noisy), CleanParams(), ask)
        assert np.abs(plate.light - light).mean() <= np.abs(noisy - light).mean()
        return plate, notes["strength"]

    full, strength = cleaned(1.0)
    assert strength == pytest.approx(0.9) and full.removed is not None
    assert 0 < cleaned(0.4)[1] < 0.9


def test_what_repair_learned_is_used_unless_the_light_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = (soft_picture(90, 100) + noise(3, slice(0, 90), slice(0, 100), 0) * 0.02).clip(0, 1)
    light[40:42, 20:80] = 1
    ask = context(tmp_path, measures=measures(sigma=0.03))
    repaired, _ = repair.apply(Plate(light), repair.RepairParams(), ask)
    assert repaired.expected is not None
    again, _ = clean.apply(replace(repaired, expected=None), CleanParams(), ask)
    toned, _ = tone.apply(repaired, tone.ToneParams(), ask)
    assert toned.expected is None
    monkeypatch.setattr(clean, "sweep_network", None)
    once, _ = clean.apply(repaired, CleanParams(), ask)
    far = np.s_[46:]
    assert np.abs(once.light[far] - again.light[far]).max() < 1e-4 and once.expected is None


def test_without_a_defect_clean_asks_for_itself(tmp_path: Path) -> None:
    light = (soft_picture(90, 100) + noise(3, slice(0, 90), slice(0, 100), 0) * 0.02).clip(0, 1)
    ask = context(tmp_path, measures=measures(sigma=0.03))
    repaired, _ = repair.apply(Plate(light), repair.RepairParams(), ask)
    assert repaired.expected is None
    cleaned, _ = clean.apply(repaired, CleanParams(), ask)
    assert np.abs(cleaned.light - light).max() > 0.01


def test_a_large_difference_is_the_picture_and_stays(tmp_path: Path) -> None:
    light = np.full((96, 96), 0.2, np.float32)
    light[:, 48:] = 0.8
    ask = context(tmp_path, measures=measures(sigma=0.01))
    out = clean.apply(Plate(light), CleanParams(strength=1.0), ask)[0].light
    assert np.abs(out - light).max() <= 0.031


def test_grain_puts_back_what_clean_took(tmp_path: Path) -> None:
    light = soft_picture(400, 400)
    rng = np.random.default_rng(2)
    noisy = (light + rng.normal(0, 0.02, light.shape)).astype(np.float32)
    ask = context(tmp_path, measures=measures(sigma=0.03))
    cleaned = clean.apply(Plate(noisy), CleanParams(strength=1.0), ask)[0]
    assert cleaned.removed is not None
    took = (noisy - cleaned.light).std()
    assert cleaned.removed.strength == pytest.approx(took, rel=0.15)
    whole, notes = grain.apply(cleaned, GrainParams(amount=1.0), ask)
    assert (whole.light - cleaned.light).std() == pytest.approx(took, rel=0.15)
    half, _ = grain.apply(cleaned, GrainParams(amount=0.5), ask)
    assert (half.light - cleaned.light).std() == pytest.approx(took / 2, rel=0.15)
    assert notes["sigma"] == pytest.approx(took, rel=0.15)


def test_grain_is_the_same_however_the_picture_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    plate = Plate(soft_picture(150, 170), removed=Texture((0.03,) * TONES, 1.2))
    first = grain.apply(plate, GrainParams(), context())[0].light
    monkeypatch.setattr(strips_module, "STRIP_BYTES", 7 * 170 * 4)
    second = grain.apply(plate, GrainParams(), context())[0].light
    assert first.tobytes() == second.tobytes()
    other = grain.apply(plate, GrainParams(), context(seed=8))[0].light
    assert first.tobytes() != other.tobytes()


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**48), st.integers(0, 60), st.integers(0, 60), st.sampled_from([0, 0.6, 1.5])
)
def test_noise_depends_on_the_place_alone(seed: int, top: int, left: int, blur: float) -> None:
    whole = noise(seed, slice(0, 100), slice(0, 110), blur)
    piece = noise(seed, slice(top, 100), slice(left, 110), blur)
    assert piece.tobytes() == np.ascontiguousarray(whole[top:, left:]).tobytes()


@pytest.mark.parametrize("blur", [0.0, 0.7, 1.5])
def test_noise_is_normal_and_its_texture_is_measured_right(blur: float) -> None:
    field = noise(123456789, slice(0, 500), slice(0, 500), blur)
    assert field.mean() == pytest.approx(0, abs=0.02)
    assert field.std() == pytest.approx(1, rel=0.02)
    assert (np.abs(field) > 2).mean() == pytest.approx(0.0455, abs=0.01)
    # Neighboring rows and fields are independent.
    if blur == 0:
        assert np.corrcoef(field[:-1].ravel(), field[1:].ravel())[0, 1] == pytest.approx(
            0, abs=0.01
        )
    other = noise(123456790, slice(0, 500), slice(0, 500), blur)
    assert np.corrcoef(field.ravel(), other.ravel())[0, 1] == pytest.approx(0, abs=0.03)
    meter = TextureMeter()
    meter.add(field * np.float32(0.02), np.full_like(field, 0.4))
    texture = meter.texture()
    assert texture.strength == pytest.approx(0.02, rel=0.05)
    assert texture.blur == pytest.approx(blur, abs=0.12)


def test_grain_is_told_apart_by_tone() -> None:
    field = noise(5, slice(0, 400), slice(0, 400), 0)
    light = np.repeat(np.float32([0.15, 0.85]), 200)[:, None].repeat(400, axis=1)
    meter = TextureMeter()
    meter.add(field * np.where(light < 0.5, 0.03, 0.01).astype(np.float32), light)
    texture = meter.texture()
    dark, bright = texture.at(np.float32([[0.15, 0.85]]))[0]
    assert dark == pytest.approx(0.03, rel=0.1) and bright == pytest.approx(0.01, rel=0.2)
