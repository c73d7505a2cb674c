"""How close each way came on a print, and figures of all prints of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.metrics import gmsd, psnr, ssim

from bench.prints.filling import inside, within
from bench.prints.scans import Plane
from bench.prints.truths import Photograph, Print, printed
from bench.prints.ways import ways_of

if TYPE_CHECKING:
    from bench.features import Features

Row = dict[str, Any]
"""What is found of one way on one print."""


@cache
def _features() -> Features:
    from bench.features import Features  # not above: it loads torch

    return Features()


def measured(
    inputs: Mapping[str, Path],
    *,
    task: str,
    which: str,
    name: str,
    number: int,
    seed: int | None,
    ways: Sequence[str],
) -> dict[str, Row]:
    """A piece: some ways on one print.

    Args:
        inputs: The photograph, unless it is one of packages.
        task: By what results call it.
        which: The photograph's set.
        name: Its name.
        number: Its place in the set.
        seed: Of the print, as `bench.prints.truths.seeds` has it.
        ways: Names of the ways.
    """
    photograph = Photograph(which, name, number, inputs.get("photograph"))
    print_ = printed(task, photograph, seed)
    there = [way for way in ways_of(task).there if way.name in ways]
    return {way.name: judged(print_, way.run(print_.scan)) for way in there}


def judged(print_: Print, seen: Plane) -> Row:
    """How close a result is to the truth: of the whole picture, and within true defects.

    The latter is None where the scan, which the defects are known in, is smaller.
    """
    truth = print_.truth
    same = print_.mask.shape == truth.shape
    return {
        "psnr": float(psnr(truth, seen)),
        "ssim": float(ssim(truth, seen)),
        "gmsd": float(gmsd(truth, seen)),
        "features": float(_features().distance(truth, seen)),
        "inside": within(truth, seen, print_.mask) if same else None,
    }


def figures(prints: Sequence[Mapping[str, Row]]) -> dict[str, dict[str, float | None]]:
    """Means over prints, by way.

    `inside` is the PSNR of all pixels of true defects taken together (None: there were none).

    Args:
        prints: What `measured` says of each, by way.
    """
    found: dict[str, dict[str, float | None]] = {}
    for way in prints[0]:
        rows = [one[way] for one in prints]
        found[way] = {
            name: round(sum(row[name] for row in rows) / len(rows), 5)
            for name in ("psnr", "ssim", "gmsd", "features")
        }
        there = all(row["inside"] for row in rows)
        found[way]["inside"] = inside([{way: r["inside"]} for r in rows])[way] if there else None
    return found


def rounded(values: Mapping[str, Any], digits: int = 4) -> dict[str, Any]:
    """The same with floats rounded."""
    return {
        name: round(value, digits) if isinstance(value, float) else value
        for name, value in values.items()
    }
