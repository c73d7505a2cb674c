"""Countries in their outlines: borders of Natural Earth, which are in the public domain.

The file beside this one is made by `training/borders.py`. It shows who governs what today, as
Natural Earth does it, and takes no side by that.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import StoryboardError
from photochrom.faults import nearest, shown
from photochrom.files import sha256_of

_FILE = Path(__file__).with_name("borders.json.gz")

Ring = NDArray[np.float64]
"""(N, 2) longitudes, which may go beyond 180, and latitudes in degrees; the last is the first
again or, of a ring around a pole, 360 degrees from it."""


@dataclass(frozen=True)
class Land:
    """A piece of land: a mainland or an island.

    Attributes:
        rings: Its shore and borders, then those of what lies in it and is another's.
    """

    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Country:
    """A country.

    Attributes:
        name: In English.
        words: What else it is called: its letters by ISO 3166-1, longer names.
        lands: What it is made of.
    """

    name: str
    words: tuple[str, ...]
    lands: tuple[Land, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All countries, by their names."""
    data = json.loads(gzip.decompress(_FILE.read_bytes()))
    arcs = [
        np.cumsum(np.asarray(steps, np.float64).reshape(-1, 2), axis=0) * data["step"]
        for steps in data["arcs"]
    ]
    return tuple(
        Country(
            one["name"],
            tuple(one["codes"]),
            tuple(Land(tuple(_ring(ring, arcs) for ring in land)) for land in one["land"]),
        )
        for one in data["countries"]
    )


@cache
def digest() -> str:
    """SHA-256 of the borders."""
    return sha256_of(_FILE)


def country(named: str) -> Country:
    """A country by its letters ("FR", "FRA") or by its name in English, in any case.

    Raises:
        StoryboardError: There is none of that name.
    """
    known = _known()
    wanted = named.strip().casefold()
    if wanted in known:
        return known[wanted]
    like = nearest(wanted, list(known))
    hint = "write its name in English, or its two letters (ISO 3166-1)"
    if like:
        # Names of other languages are near to wrong ones ("Deutschland" to the Netherlands).
        hint = f'did you mean "{known[like].name}"? {hint[0].upper()}{hint[1:]}'
    raise StoryboardError(f"there is no country {shown(named)}", fix=hint)


@cache
def _known() -> dict[str, Country]:
    found: dict[str, Country] = {}
    for one in countries():
        for word in (*one.words, one.name):
            found.setdefault(word.casefold(), one)
    return found


def _ring(numbers: Sequence[int], arcs: Sequence[Any]) -> Ring:
    """TopoJSON's way: ~n is an arc gone along backwards, and arcs share their ends."""
    parts = [arcs[one] if one >= 0 else arcs[~one][::-1] for one in numbers]
    ring = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    # Across the date line it goes on: 181 degrees, not -179.
    return np.stack([np.unwrap(ring[:, 0], period=360), ring[:, 1]], axis=1)
