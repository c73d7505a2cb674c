"""A whole film of forty photographs, and what a changed caption costs.

What measures and what reports is imported when asked for: the processes that are timed import this
package too, and are to hold nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TITLE = "A film of eight minutes"
NETWORKS: tuple[str, ...] = ()


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`. A trial is a film of so many photographs, 12 s of film each."""
    from bench.film.measuring import measured

    return measured(count, progress)


def section(figures: dict[str, Any]) -> str:
    """Report; see `bench`."""
    from bench.film.report import report

    return report(figures)
