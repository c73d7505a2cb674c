"""The bench of large scans: it measures what it says, and judges right."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.large import report as report_module
from bench.large import scans
from bench.large.measuring import measured

from photochrom.photograph import Photograph


def row(megapixels: float, peak: float | None, cpu: float) -> dict[str, object]:
    return {
        "megapixels": megapixels, "width": 1000, "height": 800, "seconds": 2 * cpu,
        "cpu_seconds": cpu, "peak_mb": peak,
    }  # fmt: skip


def test_a_scan_has_its_size(tmp_path: Path) -> None:
    width, height = scans.write(tmp_path / "scan.tif", 1.6)
    info = Photograph.probe(tmp_path / "scan.tif")
    assert (info.width, info.height, info.bit_depth) == (width, height, 16)
    assert width * height == pytest.approx(1.6e6, rel=0.01)


def test_a_scan_is_measured() -> None:
    told: list[str] = []
    (found,) = measured((0.2,), lambda what, done: told.append(what))["scans"]
    assert found["cpu_seconds"] > 0 and found["seconds"] > 0
    assert found["peak_mb"] is None or 50 < found["peak_mb"] < 1500
    assert told == ["0.2 megapixels"]


@pytest.mark.parametrize(("peak", "cpu", "met"), [(1900, 40, 2), (2200, 40, 1), (2200, 60, 0)])
def test_aims_are_judged(peak: float, cpu: float, met: int) -> None:
    text = report_module.report({"scans": [row(10, 400, 2), row(200, peak, cpu)]})
    assert text.count("| yes |") == met and text.count("| no |") == 2 - met


def test_the_plot_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    report_module.draw({"scans": [row(10, 400, 2), row(200, 1900, 40)]}, tmp_path)
    assert (tmp_path / report_module.PLOT).stat().st_size > 1000
