"""How much of a picture was filled, and how sure its colors are, by its record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from photochrom.record import Record

PARTS: Final = ("people", "sky", "ground")
"""Of a picture, of which certainty is told apart where they are known."""

# Figures beyond are none; whole ones of hundreds of digits are not even numbers to most functions.
_MOST: Final = 1e15
_NONE: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True)
class Figures:
    """What can be counted. All are shares of one; None where the record does not say.

    Attributes:
        filled: Of the picture, in which defects were found and filled.
        places: In how many places that is; a count.
        certainty: Of the colors, mean of the whole picture.
        colored: Of the picture, what is colored at all.
        sure: Mean certainty of that.
        doubtful: Of that, what is a guess more than not.
        parts: Mean certainty of what is colored of people, sky and ground, where they are known.
        documented: How many colors are documented; a count.
        variant: Which of several variants it shows, and how many there are: "b of 4"; empty of a
            picture of which nobody has asked that.
    """

    filled: float | None = None
    places: float | None = None
    certainty: float | None = None
    colored: float | None = None
    sure: float | None = None
    doubtful: float | None = None
    parts: Mapping[str, float] = field(default_factory=lambda: _NONE)
    documented: int = 0
    variant: str = ""

    @property
    def surest(self) -> float | None:
        """The certainty that tells photographs apart: of what is colored, else of the whole."""
        return self.certainty if self.sure is None else self.sure


def figures_of(record: Record) -> Figures:
    """The figures of a picture.

    Args:
        record: The picture's; what is no number in it counts as not said.
    """
    notes = {step.name: step.notes for step in record.taken}
    repair, color = notes.get("repair", {}), notes.get("color", {}) if record.colored else {}
    colored, parts = _table(color, "colored"), _table(color, "parts")
    sure = {name: _number(_table(parts, name), "certainty") for name in PARTS}
    told = record.variant
    return Figures(
        filled=_number(repair, "share"),
        places=_number(repair, "regions"),
        certainty=_number(color, "certainty"),
        colored=_number(colored, "share"),
        sure=_number(colored, "certainty"),
        doubtful=_number(colored, "doubtful"),
        parts={name: value for name, value in sure.items() if value is not None},
        documented=len(record.documented) if record.colored else 0,
        variant=f"{told['letter']} of {len(told['of'])}" if told else "",
    )


def _table(notes: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = notes.get(key)
    return value if isinstance(value, Mapping) else {}


def _number(notes: Mapping[str, Any], key: str) -> float | None:
    value = notes.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _MOST and math.isfinite(value) else None
