"""The bench of documented colors, on a picture of patches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.pins.measuring import _summary
from bench.pins.pinning import pinned
from bench.pins.report import report
from PIL import Image


def test_true_colors_bring_their_things_nearer_to_the_truth(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    colors = np.array([[180, 50, 40], [40, 70, 160], [60, 140, 70], [200, 170, 60]], np.float64)
    picture = colors.reshape(2, 2, 3).repeat(100, axis=0).repeat(120, axis=1)
    noisy = (picture + rng.normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(tmp_path / "patches.png")
    rows = pinned(
        {"photograph": tmp_path / "patches.png"}, plate="panchromatic", counts=(1, 4), seed=2
    )
    assert [row["pins"] for row in rows] == [1, 4]
    for row in rows:
        assert row["things_told"] < row["things_free"] / 2
        assert row["at_pins"] < 5
    seconds = {"megapixels": 12, "colors_seconds": 1.0, "pixels_seconds": 2.0}
    seconds |= {"colors_cpu_seconds": 1.0, "pixels_cpu_seconds": 2.0}
    figures = {"photographs": 1, "pins": [_summary(rows, 1)], "seconds": seconds}
    assert "From a pin to the colors" in report(figures)
