"""Places in training photographs that a finder took for damage, to be shown more often."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from training.loop import ROOT
from training.shards import Pictures

FILE: Final = ROOT / "restore" / "hard.csv"
_HEADER: Final = ("key", "y", "x")


@dataclass(frozen=True)
class Place:
    """A place that was taken for damage.

    Attributes:
        key: Of the photograph, in its shards.
        y: From the top, as a share of the height.
        x: From the left, as a share of the width.
    """

    key: str
    y: float
    x: float


def save(places: Iterable[Place], file: Path = FILE) -> None:
    """Write places down, all of them or nothing."""
    unfinished = file.with_suffix(".part")
    with unfinished.open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(map(astuple, places))
    unfinished.replace(file)


def load(pictures: Pictures, file: Path = FILE) -> list[tuple[int, float, float]]:
    """The places in these pictures: number of the picture, y, x; none if none were looked for."""
    if not file.exists():
        return []
    numbers = {key: number for number, key in enumerate(pictures.keys)}
    with file.open(newline="") as lines:
        rows = [(row["key"], float(row["y"]), float(row["x"])) for row in csv.DictReader(lines)]
    return [(numbers[key], y, x) for key, y, x in rows if key in numbers]
