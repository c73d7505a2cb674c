"""The bench of variants, on a picture of patches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench.variants.measuring import _means
from bench.variants.report import report
from bench.variants.varying import varied
from PIL import Image


def test_the_best_of_several_is_no_worse_than_the_first(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    colors = np.array([[180, 50, 40], [40, 70, 160], [60, 140, 70], [200, 170, 60]], np.float64)
    picture = colors.reshape(2, 2, 3).repeat(100, axis=0).repeat(120, axis=1)
    noisy = (picture + rng.normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(tmp_path / "patches.png")
    row = varied({"photograph": tmp_path / "patches.png"}, plate="panchromatic")
    assert 1 <= row["variants"] <= 4
    assert row["best"] <= row["first"] and row["vivid"] <= row["first"]
    assert row["unsure_best"] <= row["unsure_first"]
    assert row["variants"] == 1 or row["unsure_spread"] > row["sure_spread"]
    figures = {
        "photographs": 1,
        "with": {"1": 0, "2": 0, "3": 0, "4": 1},
        "all": _means([row], ("first", "best", "vivid")),
        "several": _means([row], tuple(row)),
    }
    assert "the network is unsure" in report(figures)
