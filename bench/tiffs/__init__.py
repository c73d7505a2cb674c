"""TIFFs of every kind: how many are read, and whether what is read is what libtiff reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TITLE = "TIFFs of every kind"
NETWORKS: tuple[str, ...] = ()


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`."""
    from bench.tiffs.judging import judged

    return judged(count, progress)


def section(figures: dict[str, Any]) -> str:
    """Report; see `bench`."""
    from bench.tiffs.report import report

    return report(figures)
