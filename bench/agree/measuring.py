"""Groups of photographs of one thing: how far apart and how far from the truth their colors are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from bench.harness import Progress
from bench.photographs import files
from bench.pieces import Piece, Runner
from photochrom.nets import Registry
from photochrom.steps import color
from photochrom.steps.glance import CODE

_FOLLOWS: Final = ("photochrom.steps", "photochrom.glancing")


def measured(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """One group from each photograph, beside a reference that shows the next but some."""
    paths = files("colour", count)
    network = Registry.default().card("color")
    pieces = {
        path.name: Piece(
            path.name,
            "bench.agree.judging:judged",
            {"seed": number},
            # Not the next one: those are of one kind, as a rule.
            {"photograph": path, "another": paths[(number + len(paths) // 2) % len(paths)]},
            depends={"network": network.sha256, "color": color.STEP.version, "lending": CODE},
            follows=_FOLLOWS,
        )
        for number, path in enumerate(paths)
    }
    return _summary(list(runner.measured(pieces, progress).values()))


def _summary(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "groups": len(found),
        "agreement": {
            way: _means([one["agreement"][way] for one in found]) for way in ("alone", "together")
        },
        "halved": _share(_ratio(one) <= 0.5 for one in found),
        "wider": _share(_ratio(one) > 1 for one in found),
        "reference": _means([row for one in found for row in one["reference"]]),
        "worst_wrong": round(max(_harm(row) for one in found for row in one["reference"]), 3),
    }


def _ratio(found: Mapping[str, Any]) -> float:
    ways = found["agreement"]
    return float(ways["together"]["spread"] / max(ways["alone"]["spread"], 1e-6))


def _harm(row: Mapping[str, float]) -> float:
    return row["wrong"] - row["alone"]


def _share(which: Any) -> float:
    return round(float(np.mean(list(which))), 3)


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {key: round(float(np.mean([row[key] for row in rows])), 4) for key in rows[0]}
