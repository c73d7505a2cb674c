"""A slow move over a photograph: photochrom beside MoviePy and FFmpeg's zoompan.

What measures and what reports is imported when asked for: the processes that are timed import this
package too, and are to hold nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TITLE = "A slow move"
NETWORKS: tuple[str, ...] = ()


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`. A trial (`count`) is a move of so many seconds."""
    from bench.motion.measuring import measured

    return measured(count, progress)


def section(figures: dict[str, Any]) -> str:
    """Report; see `bench`."""
    from bench.motion.report import report

    return report(figures)
