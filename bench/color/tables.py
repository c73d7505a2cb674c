"""Small helpers of the color bench's section."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bench import page

table = partial(page.table, places=2)


def interval(gain: Sequence[float] | None) -> str | None:
    """A gain and its interval, in percent."""
    return None if gain is None else f"{gain[0]:.1f} [{gain[1]:.1f}, {gain[2]:.1f}]"


def percent(share: float, places: int = 0) -> str:
    """A share, in percent."""
    return f"{100 * share:.{places}f} %"
