"""Small helpers of the color bench's section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench import page

Figures = Mapping[str, Any]


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table with figures rounded to two places."""
    shown = [[f"{c:.2f}" if isinstance(c, float) else c for c in row] for row in rows]
    return page.table(header, shown)


def interval(gain: Sequence[float] | None) -> str | None:
    """A gain and its interval, in percent."""
    return None if gain is None else f"{gain[0]:.1f} [{gain[1]:.1f}, {gain[2]:.1f}]"


def percent(share: float, places: int = 0) -> str:
    """A share, in percent."""
    return f"{100 * share:.{places}f} %"
