"""What several variants of a picture do to photographs whose colors are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from bench.harness import Progress
from bench.photographs import files
from bench.pieces import Piece, Runner
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.steps import color

PLATES: Final = (Emulsion.PANCHROMATIC, Emulsion.ORTHOCHROMATIC)
_FOLLOWS: Final = ("photochrom.steps", "photochrom.colors")


def measured(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """All variants of photographs, on plates in turn."""
    network = Registry.default().card("color")
    pieces = {
        path.name: Piece(
            path.name,
            "bench.variants.varying:varied",
            {"plate": PLATES[number % len(PLATES)].value},
            {"photograph": path},
            depends={"network": network.sha256, "color": color.STEP.version},
            follows=_FOLLOWS,
        )
        for number, path in enumerate(files("colour", count))
    }
    rows = list(runner.measured(pieces, progress).values())
    several = [row for row in rows if row["variants"] > 1]
    return {
        "photographs": len(rows),
        "with": {str(n): sum(row["variants"] == n for row in rows) for n in (1, 2, 3, 4)},
        "all": _means(rows, ("first", "best", "vivid")),
        "several": _means(
            several,
            (
                "doubtful",
                "likely",
                "first",
                "best",
                "vivid",
                "unsure_first",
                "unsure_best",
                "unsure_vivid",
                "unsure_spread",
                "sure_spread",
            ),
        ),
    }


def _means(rows: Sequence[dict[str, float]], keys: Sequence[str]) -> dict[str, float]:
    return {key: round(float(np.mean([row[key] for row in rows])), 4) for key in keys if rows}
