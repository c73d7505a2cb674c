"""Repair: found, filled, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photochrom.steps import repair
from photochrom.steps.plate import Plate
from photochrom.steps.repair import RepairParams
from step_kit import context, soft_picture


@pytest.fixture
def scratched() -> np.ndarray:
    """A picture with two scratches and a single bright pixel."""
    light = soft_picture(180, 220)
    light[40:42, 20:150] = 1.0
    light[90:160, 170] = 1.0
    light[10, 10] = 1.0
    return light


def test_scratches_are_filled_and_all_else_is_unchanged_to_the_bit(
    tmp_path: Path, scratched: np.ndarray
) -> None:
    original = scratched.copy()
    plate, notes = repair.apply(Plate(scratched), RepairParams(), context(tmp_path))
    assert (scratched == original).all()
    assert plate.mask is not None and plate.mask.dtype == np.uint8
    outside = plate.mask == 0
    assert plate.light[outside].tobytes() == original[outside].tobytes()
    assert plate.light[41, 80] < 0.95 and plate.light[120, 170] < 0.95
    assert plate.mask[41, 80] == 255 and notes["regions"] == 2
    assert notes["share"] == pytest.approx((plate.mask > 0).mean(), abs=1e-6)
    assert set(np.unique(plate.mask)) == {0, 255}


def test_what_is_too_wide_to_be_seen_is_found_in_a_small_version(tmp_path: Path) -> None:
    light = np.full((300, 3200), 0.3, np.float32)
    light[140:144, 200:3000] = 0.8
    light[20:22, 200:3000] = 0.8
    told: list[float] = []
    within = context(tmp_path, progress=lambda _, share: told.append(share))
    plate, notes = repair.apply(Plate(light), RepairParams(grow=2, grain=0), within)
    # What is done in several runs of a network comes nearer to its end all the same.
    assert told == sorted(told) and told[0] < 0.4 and 0.9 < told[-1] <= 1
    assert plate.mask is not None and notes["regions"] == 2
    assert plate.mask[142, 1500] == 255 and plate.mask[21, 1500] == 255
    assert plate.light[142, 300:2900].max() < 0.65
    outside = plate.mask == 0
    assert plate.light[outside].tobytes() == light[outside].tobytes()


def test_specks_are_left_to_clean(tmp_path: Path, scratched: np.ndarray) -> None:
    some = repair.apply(Plate(scratched), RepairParams(smallest=4), context(tmp_path))[0]
    every = repair.apply(Plate(scratched), RepairParams(smallest=1), context(tmp_path))[0]
    assert some.mask is not None and every.mask is not None
    assert some.mask[10, 10] == 0 and every.mask[10, 10] == 255


def test_a_clean_picture_is_returned_as_it_is(tmp_path: Path) -> None:
    light = soft_picture(100, 90)
    plate, notes = repair.apply(Plate(light), RepairParams(), context(tmp_path))
    assert plate.light.tobytes() == light.tobytes()
    assert notes["share"] == 0 and notes["regions"] == 0


def test_when_everything_looks_like_a_defect_little_is_touched(tmp_path: Path) -> None:
    light = np.random.default_rng(0).integers(0, 2, (128, 128)).astype(np.float32)
    plate, notes = repair.apply(Plate(light), RepairParams(smallest=1), context(tmp_path))
    assert plate.mask is not None
    assert notes["share"] <= 0.25
    assert (plate.light != light).mean() <= 0.25


def test_the_feather_lies_inside_the_mask(tmp_path: Path) -> None:
    light = np.full((96, 96), 0.3, np.float32)
    light[46:50, 10:86] = 1.0
    hard = RepairParams(feather=0, grain=0, grow=0)
    soft = RepairParams(feather=3, grain=0, grow=0)
    one = repair.apply(Plate(light), hard, context(tmp_path))[0]
    other = repair.apply(Plate(light), soft, context(tmp_path))[0]
    assert one.mask is not None and other.mask is not None
    assert (one.mask == other.mask).all()
    rim = one.mask[:, 48].nonzero()[0][0]
    assert one.light[rim, 48] <= other.light[rim, 48]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, scratched: np.ndarray) -> None:
    noisy = scratched + np.random.default_rng(5).normal(0, 0.02, scratched.shape).astype(np.float32)
    noisy = np.clip(noisy, 0, 1)

    def run(seed: int) -> bytes:
        plate = repair.apply(Plate(noisy), RepairParams(), context(tmp_path, seed=seed))[0]
        return plate.light.tobytes()

    assert run(1) == run(1) != run(2)
