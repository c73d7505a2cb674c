"""Figures of every way over the prints of a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from training.metrics import gmsd, psnr, ssim

from bench.harness import Times
from bench.prints.filling import Inside
from bench.prints.kept import keep, result
from bench.prints.scans import Plane
from bench.prints.truths import Print
from bench.prints.ways import Way

if TYPE_CHECKING:
    from bench.features import Features

TIMED = 3
"""Prints of each task that every way is timed on."""


@dataclass
class _Sums:
    """What adds up for one way.

    Attributes:
        pictures: How many.
        measures: Sums over pictures.
        times: Of the first.
        timed_pixels: Of the results that were timed.
    """

    pictures: int = 0
    measures: dict[str, float] = field(default_factory=dict)
    times: Times = field(default_factory=Times)
    timed_pixels: int = 0


class Tally:
    """Runs every way on every print, one after the other, and adds up how close it came.

    Ways take turns on each print and in another order each time, so that whatever else the machine
    does falls on all of them alike: times are to be compared, not taken for themselves. Only the
    first prints are timed; of the others, peers may remember what they made of them.

    Args:
        ways: What is compared.
        features: Judge of likeness.
    """

    def __init__(self, ways: Sequence[Way], features: Features):
        self._ways, self._features = tuple(ways), features
        self._sums = {way.name: _Sums() for way in self._ways}
        self._inside = Inside()
        self._turn = 0

    def add(self, print_: Print) -> dict[str, Plane]:
        """Run every way on a print; returns what each made of it."""
        if self._turn == 0:
            for way in self._ways:
                way.run(print_.scan[:32, :32].copy())  # networks load on first use
        shift = self._turn % len(self._ways)
        results = {}
        for way in self._ways[shift:] + self._ways[:shift]:
            results[way.name] = self._run(way, print_, timed=self._turn < TIMED)
            self._add(way, print_, results[way.name])
        self._turn += 1
        return results

    def _run(self, way: Way, print_: Print, *, timed: bool) -> Plane:
        scale = scale_of(print_)
        if not timed:
            return result(way, print_.scan, scale)
        sums = self._sums[way.name]
        with sums.times.once():
            seen = way.run(print_.scan)
        sums.timed_pixels += seen.size
        keep(way, print_.scan, scale, seen)
        return seen

    def _add(self, way: Way, print_: Print, seen: Plane) -> None:
        sums, truth = self._sums[way.name], print_.truth
        values = {
            "psnr": psnr(truth, seen),
            "ssim": ssim(truth, seen),
            "gmsd": gmsd(truth, seen),
            "features": self._features.distance(truth, seen),
        }
        for name, value in values.items():
            sums.measures[name] = sums.measures.get(name, 0.0) + value
        sums.pictures += 1
        if print_.mask.shape == truth.shape:
            self._inside.add(way.name, truth, seen, print_.mask)

    def figures(self) -> dict[str, dict[str, float | None]]:
        """Means over pictures, by way.

        `inside` is the PSNR of all pixels of true defects taken together (None: there were none),
        seconds are for a million pixels of the result.
        """
        found: dict[str, dict[str, float | None]] = {}
        harmed = self._inside.figures()
        for way, sums in self._sums.items():
            figures: dict[str, float | None] = {
                name: round(total / sums.pictures, 5) for name, total in sums.measures.items()
            }
            figures["inside"] = harmed.get(way)
            for name in ("seconds", "cpu_seconds"):
                each = sum(getattr(sums.times, name)) / sums.timed_pixels
                figures[f"{name}_per_megapixel"] = round(each * 1e6, 4)
            found[way] = figures
        return found


def scale_of(print_: Print) -> int:
    """How many times larger than its scan the truth of a print is."""
    return print_.truth.shape[0] // print_.scan.shape[0]


def rounded(values: dict[str, Any], digits: int = 4) -> dict[str, Any]:
    """The same with floats rounded."""
    return {
        name: round(value, digits) if isinstance(value, float) else value
        for name, value in values.items()
    }
