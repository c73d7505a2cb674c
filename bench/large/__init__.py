"""Scans of 10 to 200 megapixels through the recipe `faithful`: memory and time.

What measures is imported when asked for: the processes that are measured import this package too,
and are to hold nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

TITLE = "Large scans"
NETWORKS: tuple[str, ...] = ("color", "defects", "restore")


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`. A trial is of the smallest scans."""
    from bench.large.measuring import MEGAPIXELS, measured

    return measured(MEGAPIXELS[:count], progress)


def section(figures: dict[str, Any]) -> str:
    """Report; see `bench`."""
    from bench.large.report import report

    return report(figures)


def plots(figures: dict[str, Any], folder: Path) -> None:
    """Draw; see `bench`."""
    from bench.large.report import draw

    draw(figures, folder)
