"""The networks that find and fill defects honor their contracts and do what their cards say."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

import photochrom
from photochrom.aging import Wear, wear_out
from photochrom.steps.holes import flowed_in

FOLDER = Path(photochrom.__file__).parent / "nets" / "weights"
NAMES = ("defects", "restore")


class Session:
    """Both networks, one after the other."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._find, self._fill = (
            onnxruntime.InferenceSession(
                (FOLDER / f"{name}.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
            )
            for name in NAMES
        )

    def fill(self, gray: np.ndarray, mask: np.ndarray) -> np.ndarray:
        # As the repair step hands it over: light has flowed in from the rims.
        gray = flowed_in(gray, mask)
        inputs = {"gray": gray[None, None], "mask": mask[None, None].astype(np.float32)}
        (clean,) = self._fill.run(["clean"], inputs)
        assert clean.shape == (1, 1, *gray.shape)
        return np.asarray(clean[0, 0])

    def run(self, gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        gray = gray.astype(np.float32)
        (mask,) = self._find.run(["mask"], {"gray": gray[None, None]})
        assert mask.shape == (1, 1, *gray.shape)
        return mask[0, 0], self.fill(gray, mask[0, 0] > 0.5)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def run(session: Session, gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return session.run(gray)


def scene(height: int = 192, width: int = 256) -> np.ndarray:
    """A head-and-shoulders of soft shapes before a soft ground."""
    gray = np.tile(np.linspace(0.65, 0.45, width, dtype=np.float32), (height, 1))
    middle = (width // 2, height // 2 - 10)
    cv2.ellipse(gray, (width // 2, height), (width // 3, height // 3), 0, 0, 360, 0.25, -1)
    cv2.ellipse(gray, middle, (width // 8, height // 5), 0, 0, 360, 0.72, -1)
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.2), np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_card_names_this_file(name: str) -> None:
    card = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    content = (FOLDER / card["file"]).read_bytes()
    assert card["task"] == name
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert "research use" in card["training"]
    assert len(content) < 10e6


def test_cards_say_that_they_help() -> None:
    found, filled = (
        tomllib.loads((FOLDER / f"{name}.toml").read_text())["results"] for name in NAMES
    )
    assert found["precision"] > 0.6 and found["recall"] > 0.3
    assert filled["psnr_after"] > filled["psnr_before"]
    assert filled["inside_after"] > filled["inside_before"] + 3
    assert filled["inside_told"] > filled["inside_after"]


@pytest.mark.parametrize("size", [(16, 16), (64, 144), (208, 96)])
def test_shapes_and_ranges_at_any_size(session: Session, size: tuple[int, int]) -> None:
    wild = np.random.default_rng(0).random(size, dtype=np.float32)
    for gray in (wild, np.zeros(size, np.float32), np.ones(size, np.float32)):
        for plane in run(session, gray):
            assert np.isfinite(plane).all()
            assert 0 <= plane.min() and plane.max() <= 1


@pytest.mark.parametrize("value", [0.1, 0.4, 0.7, 0.9])
def test_a_plain_picture_stays_plain(session: Session, value: float) -> None:
    mask, clean = run(session, np.full((128, 160), value, np.float32))
    inside = (slice(16, -16), slice(16, -16))
    assert np.abs(clean[inside] - value).mean() < 1 / 255
    assert np.abs(clean[inside] - value).max() < 2 / 255
    assert (mask > 0.5).mean() < 0.01


def test_a_clean_picture_hardly_changes(session: Session) -> None:
    gray = scene()
    mask, clean = run(session, gray)
    assert np.sqrt(np.mean((clean - gray) ** 2)) < 2 / 255
    assert (mask > 0.5).mean() < 0.005


def test_scratches_and_dust_are_found_and_filled(
    session: Session,
) -> None:
    wear = Wear(grain=0.01, scratches=5, dust=30, scratch_width=1.5)
    found = harm = before = after = false = 0.0
    for seed in range(4):
        worn = wear_out(scene(), wear, np.random.default_rng(seed), unit=1.3)
        mask, clean = run(session, worn.light)
        near = cv2.dilate((mask > 0.5).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        found += float((near & worn.mask).sum())
        harm += float(worn.mask.sum())
        wide = cv2.dilate(worn.mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        false += float(((mask > 0.5) & ~wide).sum())
        before += float(np.abs(worn.light - worn.clean)[worn.mask].sum())
        after += float(np.abs(clean - worn.clean)[worn.mask].sum())
    assert found > 0.6 * harm
    assert false < 0.3 * harm
    # What is not found stays; of the rest little is left.
    assert after < 0.4 * before


def test_noise_and_blocks_are_taken_away(session: Session) -> None:
    worn = wear_out(scene(), Wear(grain=0.04, noise=0.01, jpeg=60), np.random.default_rng(1))
    _, clean = run(session, worn.light)

    def off(seen: np.ndarray) -> float:
        return float(np.sqrt(np.mean((seen - worn.clean) ** 2)))

    assert off(clean) < 0.6 * off(worn.light)


def test_what_has_flowed_into_a_hole_is_not_spoiled(session: Session) -> None:
    gray = scene()
    hole = np.zeros(gray.shape, np.uint8)
    hole[20:28, 40:200] = 1
    flowed = cv2.inpaint(np.where(hole > 0, np.float32(1), gray), hole, 3, cv2.INPAINT_NS)
    filled = session.fill(flowed, hole > 0)
    assert np.abs(filled - gray)[hole > 0].mean() < 0.02


def test_the_middle_of_a_large_tile_is_seen_as_well_as_a_small_one(session: Session) -> None:
    wear = Wear(grain=0.008, scratches=12, dust=60)
    middle = np.s_[192:320, 192:320]
    found, crop_found, harm = 0, 0, 0
    for seed in range(4):
        worn = wear_out(scene(512, 512), wear, np.random.default_rng(seed), unit=1.3)
        mask, _ = session.run(worn.light)
        crop, _ = session.run(np.ascontiguousarray(worn.light[middle]))
        harm += int(worn.mask[middle].sum())
        found += int((worn.mask & (mask > 0.5))[middle].sum())
        crop_found += int((worn.mask[middle] & (crop > 0.5)).sum())
    assert found > 0.4 * harm
    assert found > 0.8 * crop_found
