"""`python -m training.borders`: the borders that map cards draw, from Natural Earth's.

Natural Earth (naturalearthdata.com) is in the public domain. Its countries at 1:10 million, version
4.1, come as the TopoJSON of the npm package world-atlas 2.0.2, and the letters of ISO 3166-1 with
English names from i18n-iso-countries 7.14.0 (MIT):

    npm pack world-atlas@2.0.2 i18n-iso-countries@7.14.0    # and unpack both
    python -m training.borders world-atlas/package i18n-iso-countries/package

Each border is made as plain as the smallest land beside it allows when that fills a frame
(Visvalingam and Whyatt, 1993), and borders that two countries share stay shared. Small islands
of large countries go. Writes `src/photochrom/film/graphics/borders.json.gz`, and says how large.
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUT = Path(__file__).resolve().parents[1] / "src/photochrom/film/graphics/borders.json.gz"

DETAIL = 240
"""A bend stays if it is larger than this share of what it borders: one by one."""

ISLAND, LONG = 1 / 40, 0.4
"""Land is drawn if it is longer than this share of its country's longest, or so many degrees."""

STEP = 0.002
"""Degrees to which places are rounded: 220 meters."""

Points = NDArray[np.float64]
Polygon = list[list[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("atlas", type=Path, help="folder of the package world-atlas")
    parser.add_argument("names", type=Path, help="folder of the package i18n-iso-countries")
    options = parser.parse_args()
    topology = json.loads((options.atlas / "countries-10m.json").read_text("utf-8"))
    arcs = [_placed(arc, topology["transform"]) for arc in topology["arcs"]]
    countries = _named(topology["objects"]["countries"]["geometries"], options.names)
    kept = {name: [*_large(polygons, arcs)] for name, (_, polygons) in countries.items()}
    size: dict[int, float] = {}
    for polygons in kept.values():
        for polygon in polygons:
            extent = _extent(polygon[0], arcs)
            for ring in polygon:
                for arc in map(_index, ring):
                    size[arc] = min(size.get(arc, math.inf), extent)
    order = {arc: place for place, arc in enumerate(sorted(size))}
    plain = [_plain(arcs[arc], size[arc] / DETAIL) for arc in sorted(size)]
    data = {
        "origin": "Natural Earth 4.1, 1:10 million; public domain; made by training/borders.py",
        "step": STEP,
        "arcs": [_deltas(arc) for arc in plain],
        "countries": [
            {
                "codes": countries[name][0],
                "name": name,
                "land": [[_renumbered(ring, order) for ring in one] for one in polygons],
            }
            for name, polygons in sorted(kept.items())
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    points = sum(map(len, plain))
    print(f"{OUT.name}: {len(kept)} countries, {points} points, {OUT.stat().st_size} bytes")


def _placed(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Points:
    """Longitude and latitude of each point, in degrees."""
    steps = np.cumsum(np.asarray(arc, np.float64), axis=0)
    return _whole(np.asarray(steps * transform["scale"] + transform["translate"], np.float64))


def _whole(points: Points) -> Points:
    """A line that goes on across the date line: from 180 to 181 degrees, not to -179."""
    return np.stack([np.unwrap(points[:, 0], period=360), points[:, 1]], axis=1)


def _named(
    geometries: Sequence[Mapping[str, Any]], folder: Path
) -> dict[str, tuple[list[str], list[Polygon]]]:
    """For each country all that it may be called by, and its land."""
    rows = json.loads((folder / "codes.json").read_text("utf-8"))
    codes = {number: (two, three) for two, three, number, _ in rows}
    english = json.loads((folder / "langs/en.json").read_text("utf-8"))["countries"]
    # Of two that share a number (Australia, and reefs of hers) the larger one goes by it.
    owner = {one.get("id"): one for one in sorted(geometries, key=lambda one: _arcs(one["arcs"]))}
    found: dict[str, tuple[list[str], list[Polygon]]] = {}
    for one in geometries:
        name, number = one["properties"]["name"], one.get("id")
        known = codes.get(str(number)) if owner[number] is one else None
        said = english[known[0]] if known else []
        said = [said] if isinstance(said, str) else list(said)
        letters = [*known, *said] if known else ["XK", "XKX"] if name == "Kosovo" else []
        polygons = [one["arcs"]] if one["type"] == "Polygon" else one.get("arcs", [])
        if name in found:
            raise SystemExit(f"two countries are called {name}")
        found[name] = [word for word in dict.fromkeys(letters) if word != name], polygons
    return found


def _arcs(nested: Sequence[Any]) -> int:
    """How many arcs something is made of."""
    return sum(_arcs(one) if isinstance(one, list) else 1 for one in nested)


def _large(polygons: Sequence[Polygon], arcs: Sequence[Points]) -> Iterator[Polygon]:
    """Land that is not too small to be seen beside the rest of its country."""
    extents = [_extent(polygon[0], arcs) for polygon in polygons]
    for polygon, extent in zip(polygons, extents, strict=True):
        if extent >= min(ISLAND * max(extents), LONG):
            yield polygon


def _extent(ring: Sequence[int], arcs: Sequence[Points]) -> float:
    """How long land is, in degrees of latitude."""
    parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
    points = _whole(np.concatenate(parts))
    across, down = np.ptp(points, axis=0)
    return float(max(across * math.cos(math.radians(points[:, 1].mean())), down))


def _index(arc: int) -> int:
    """TopoJSON writes ~n for an arc that is gone along backwards."""
    return arc if arc >= 0 else ~arc


def _renumbered(ring: Sequence[int], order: Mapping[int, int]) -> list[int]:
    return [order[arc] if arc >= 0 else ~order[~arc] for arc in ring]


def _plain(points: Points, bend: float) -> Points:
    """A line without the bends that are smaller than a square of a side, in degrees."""
    shrunk = points.copy()
    shrunk[:, 0] *= np.cos(np.radians(points[:, 1].mean()))
    closed = len(points) > 3 and np.array_equal(points[0], points[-1])
    fewest = 4 if closed else 2
    before = [index - 1 for index in range(len(points))]
    after = [index + 1 for index in range(len(points))]
    alive = [True] * len(points)

    def area(index: int) -> float:
        first, second, third = shrunk[before[index]], shrunk[index], shrunk[after[index]]
        one, two = second - first, third - first
        return abs(float(one[0] * two[1] - one[1] * two[0])) / 2

    queue = [(area(index), index) for index in range(1, len(points) - 1)]
    heapq.heapify(queue)
    left, largest = len(points), 0.0
    while queue and left > fewest:
        known, index = heapq.heappop(queue)
        if not alive[index] or known < area(index):
            continue
        if (largest := max(largest, known)) >= bend * bend:
            break
        alive[index] = False
        left -= 1
        after[before[index]], before[after[index]] = after[index], before[index]
        for near in (before[index], after[index]):
            if 0 < near < len(points) - 1:
                heapq.heappush(queue, (area(near), near))
    return points[np.flatnonzero(alive)]


def _deltas(points: Points) -> list[int]:
    """Steps from point to point, longitude and latitude in turn, the first from nothing."""
    whole = np.rint(points / STEP).astype(np.int64)
    return [int(one) for one in np.diff(whole, axis=0, prepend=0).ravel()]


if __name__ == "__main__":
    main()
