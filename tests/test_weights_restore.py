"""The restore network that ships honors its contract, and does what its card says."""

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

FOLDER = Path(photochrom.__file__).parent / "nets" / "weights"
FILE = FOLDER / "restore.onnx"
CARD = FOLDER / "restore.toml"


@pytest.fixture(scope="module")
def session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        FILE.read_bytes(), options, providers=["CPUExecutionProvider"]
    )


def run(session: onnxruntime.InferenceSession, gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mask, clean = session.run(["mask", "clean"], {"gray": gray[None, None].astype(np.float32)})
    assert mask.shape == clean.shape == (1, 1, *gray.shape)
    return mask[0, 0], clean[0, 0]


def scene(height: int = 192, width: int = 256) -> np.ndarray:
    """A head-and-shoulders of soft shapes before a soft ground."""
    gray = np.tile(np.linspace(0.65, 0.45, width, dtype=np.float32), (height, 1))
    middle = (width // 2, height // 2 - 10)
    cv2.ellipse(gray, (width // 2, height), (width // 3, height // 3), 0, 0, 360, 0.25, -1)
    cv2.ellipse(gray, middle, (width // 8, height // 5), 0, 0, 360, 0.72, -1)
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.2), np.float32)


def test_card_names_this_file() -> None:
    card = tomllib.loads(CARD.read_text())
    assert card["task"] == "restore"
    assert card["file"] == FILE.name
    assert card["sha256"] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert "research use" in card["training"]
    assert card["results"]["psnr_after"] > card["results"]["psnr_before"]
    assert card["results"]["psnr_inside_after"] > card["results"]["psnr_inside_before"] + 3


def test_it_is_small() -> None:
    assert FILE.stat().st_size < 10e6


@pytest.mark.parametrize("size", [(16, 16), (64, 144), (208, 96)])
def test_shapes_and_ranges_at_any_size(
    session: onnxruntime.InferenceSession, size: tuple[int, int]
) -> None:
    wild = np.random.default_rng(0).random(size, dtype=np.float32)
    for gray in (wild, np.zeros(size, np.float32), np.ones(size, np.float32)):
        for plane in run(session, gray):
            assert np.isfinite(plane).all()
            assert 0 <= plane.min() and plane.max() <= 1


@pytest.mark.parametrize("value", [0.1, 0.4, 0.7, 0.9])
def test_a_plain_picture_stays_plain(session: onnxruntime.InferenceSession, value: float) -> None:
    mask, clean = run(session, np.full((128, 160), value, np.float32))
    inside = (slice(16, -16), slice(16, -16))
    assert np.abs(clean[inside] - value).mean() < 1 / 255
    assert np.abs(clean[inside] - value).max() < 2 / 255
    assert (mask > 0.5).mean() < 0.01


def test_a_clean_picture_hardly_changes(session: onnxruntime.InferenceSession) -> None:
    gray = scene()
    mask, clean = run(session, gray)
    assert np.sqrt(np.mean((clean - gray) ** 2)) < 2 / 255
    assert (mask > 0.5).mean() < 0.005


def test_scratches_and_dust_are_found_and_filled(
    session: onnxruntime.InferenceSession,
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
    assert after < 0.45 * before


def test_noise_and_blocks_are_taken_away(session: onnxruntime.InferenceSession) -> None:
    worn = wear_out(scene(), Wear(grain=0.04, noise=0.01, jpeg=60), np.random.default_rng(1))
    _, clean = run(session, worn.light)

    def off(seen: np.ndarray) -> float:
        return float(np.sqrt(np.mean((seen - worn.clean) ** 2)))

    assert off(clean) < 0.6 * off(worn.light)
