"""The bench of agreement and references, on a scene of houses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.agree.grouping import grouped
from bench.agree.judging import judged
from bench.agree.measuring import _summary
from bench.agree.report import report
from PIL import Image

from scene_kit import elsewhere, scene


def test_a_group_comes_nearer_together_and_a_reference_nearer_to_the_truth(tmp_path: Path) -> None:
    Image.fromarray(scene()).save(tmp_path / "scene.png")
    Image.fromarray(elsewhere()).save(tmp_path / "other.png")
    found = judged(
        {"photograph": tmp_path / "scene.png", "another": tmp_path / "other.png"}, seed=4
    )
    ways = found["agreement"]
    assert ways["together"]["spread"] < ways["alone"]["spread"]
    assert min(row["right"] - row["alone"] for row in found["reference"]) < -1
    for row in found["reference"]:
        assert row["right"] <= row["alone"]
        assert row["wrong"] < row["alone"] + 0.5
    assert "1 photographs in color" in report(_summary([found]))


def test_a_group_is_the_same_each_time_and_shows_parts_of_the_whole() -> None:
    first, second = grouped(scene(), 5), grouped(scene(), 5)
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.scan.pixels, other.scan.pixels)
    assert first[1].scan.pixels.shape[0] < first[0].scan.pixels.shape[0]
