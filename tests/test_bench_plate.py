"""The bench that asks plates about colors, on pictures of patches."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from bench.plate import measuring
from bench.plate.report import report


def test_true_colors_pass_more_often_than_wrong_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    for number in range(3):
        patches = rng.integers(20, 235, (4, 6, 3), dtype=np.uint8)
        picture = patches.repeat(60, axis=0).repeat(60, axis=1)
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    pictures = sorted(tmp_path.iterdir())
    monkeypatch.setattr(measuring, "files", lambda kind, count: pictures)
    figures = measuring.measured(None, lambda *_: None)
    assert figures["photographs"] == 3
    assert all(0 <= one["false_alarms"] <= 1 for one in figures["asked"])
    blind = [one for one in figures["asked"] if one["emulsion"] != "panchromatic"]
    areas = [one["wrong"]["180"]["area"] for one in blind if one["pins"] == 5]
    assert areas
    assert np.mean(areas) > 0.6
    assert "ranks first" in report(figures)


def test_the_area_is_one_half_where_nothing_is_said() -> None:
    assert measuring._area([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert measuring._area([1.0, 2.0], [3.0, 4.0]) == 1
