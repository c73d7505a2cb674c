"""What a record says to people, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from photochrom.geometry import Geometry
from photochrom.record.names import LEAST_SHARE, SURE
from photochrom.variant import LETTERS


def told_of(pins: Sequence[Mapping[str, Any]]) -> str:
    """How many colors are how sure: "2 documented, 1 assumed"."""
    counts = Counter(str(pin.get("sure", "documented")) for pin in pins)
    return ", ".join(f"{counts[sure]} {sure}" for sure in SURE if counts[sure])


def as_reported(pins: Sequence[Mapping[str, Any]]) -> str:
    """What is said of colors that somebody has told: how many, and who."""
    sources = "; ".join(dict.fromkeys(str(pin["source"]) for pin in pins))
    many = "One color is" if len(pins) == 1 else f"{len(pins)} colors are"
    return f"{many} as reported: {sources}."


def photographs(count: int) -> str:
    """How many others there are."""
    return "1 other photograph" if count == 1 else f"{count} other photographs"


def of_variants(told: Mapping[str, Any]) -> str:
    """What is said of a picture that is not the first of several."""
    which = f"variant {told['letter']} of {len(told['of'])}"
    likely = f"{float(told['likely']):.2f} times as likely as {LETTERS[0]}"
    return f"Where the network was unsure, it shows {which}, {likely}."


def trimmed(geometry: Geometry, degrees: float) -> str:
    """What is said of a picture that is not all of its scan, as it lies."""
    turned = f", turned by {abs(degrees):.1f} degrees" if degrees else ""
    return f"Shows {100 * geometry.share:.1f} % of its scan{turned}."


def percent(share: float) -> str:
    """A share in words for people: "2.4 %", "less than 0.1 %"."""
    said = f"{100 * max(share, LEAST_SHARE):.1f} %"
    return said if share >= LEAST_SHARE else f"less than {said}"
