"""Repair, clean and clarity, beside the peers.

What measures and what reports is imported when asked for: the processes that measure the memory of
one way alone import this package too, and are to hold nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

TITLE = "Repair, clean and clarity"
_WEIGHTS = Path(__file__).resolve().parents[2] / "src" / "photochrom" / "nets" / "weights"
NETWORKS = tuple(sorted(file.stem for file in _WEIGHTS.glob("*.onnx") if file.stem != "color"))


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`."""
    from bench.prints.measuring import measured

    return measured(count, progress)


def section(figures: dict[str, Any]) -> str:
    """Report; see `bench`."""
    from bench.prints.report import report

    return report(figures)
