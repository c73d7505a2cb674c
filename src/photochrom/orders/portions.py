"""What portion of the work on a photograph each step is, so that bars and times left are right.

Only progress is told by it: no result depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from photochrom.recipe import Recipe

WRITE: Final = "write"
"""What follows the last step: derivatives, and what lies beside them, are written."""

# Seconds of one core for a megapixel of the scan: gray photographs of 2.5 and 7 megapixels.
_SECONDS: Mapping[str, float] = MappingProxyType(
    {"fading": 0.02, "tone": 0.01, "repair": 2.3, "clean": 0.03, "color": 0.25}
)
# For a megapixel of what is made, which may have been enlarged.
_SECONDS_MADE: Mapping[str, float] = MappingProxyType({"sharpen": 0.05, "grain": 0.04, WRITE: 0.25})
# By how many times it enlarges; for a megapixel of the scan.
_SECONDS_CLARITY: Mapping[int, float] = MappingProxyType({1: 0.0, 2: 5.9, 4: 6.7})
_OTHER: Final = 0.1


def portions(recipe: Recipe) -> Callable[[str, float], float]:
    """How far the work on a photograph has come, of how far one of its steps has come.

    Args:
        recipe: How it is restored.

    Returns:
        A function of a step, or `WRITE`, and how much of it is done, 0..1. It gives how much of all
        is done, 0..1.
    """
    scale = int(getattr(recipe.params.get("clarity"), "scale", 1))
    steps = (*recipe.steps, WRITE)
    seconds = [_seconds(step, scale) for step in steps]
    whole = sum(seconds)
    before = {step: sum(seconds[:at]) for at, step in enumerate(steps)}
    each = dict(zip(steps, seconds, strict=True))
    return lambda step, done: (before[step] + each[step] * done) / whole


def _seconds(step: str, scale: int) -> float:
    if step == "clarity":
        return _SECONDS_CLARITY[scale]
    if step in _SECONDS_MADE:
        return _SECONDS_MADE[step] * scale**2
    return _SECONDS.get(step, _OTHER)
