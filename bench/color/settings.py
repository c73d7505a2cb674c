"""The trade of error for color: what other settings of the color step would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
from training.color.predict import lab_of

from bench.color.figures import COLORED, Case, Floats, Row, Truth, described, judged
from bench.color.views import SQUARE, Pixels, exposed, seen
from bench.color.ways import Product, current, joined
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.steps.answer import Likely
from photochrom.steps.color import decoded, looked
from photochrom.steps.looks import averaged
from photochrom.steps.plate import Plate

DECODINGS: Final = (("mean", 18.0), ("settled", 12.0), ("settled", 18.0), ("settled", 30.0))
SATURATIONS: Final = (1.0, 1.2, 1.8)
NEAR, UNTHOUGHT = 12.0, 0.2
"""A color is one that nobody thought of if less than the second is the share of the colors thought
possible that lie within the first, in a*b*."""


class Settings:
    """Ways to decode, bandwidths and saturations, on panchromatic light, told so."""

    def __init__(self, registry: Registry):
        self._usual = Product(registry)

    def __call__(self, rgb: Pixels) -> Row:
        """Judge one square photograph."""
        truth, light = lab_of(rgb), exposed(rgb, Emulsion.PANCHROMATIC)
        context = self._usual.context(Emulsion.PANCHROMATIC)
        # All of them make something else of the same answers.
        answers = looked(light, self._usual.params, context.registry, context.emulsion)
        likely = averaged(answers).likely
        rows = []
        for changes in _settings():
            params = self._usual.params.model_copy(update=changes)
            colored = joined(decoded(answers, Plate(light), params, context)[0])
            there = likely is not None and colored.cells is not None
            rows.append(
                judged(rgb, truth, colored.ab)
                | {"unthought": unthought(colored.cells, likely) if there else (0, 0)}
            )
        return {
            "truth": described(rgb),
            "gray": judged(rgb, truth, truth[..., 1:] * 0),
            "settings": rows,
        }


def measured(inputs: Mapping[str, Path]) -> Row:
    """A piece: one photograph."""
    return Settings(current())(seen(inputs["photograph"], SQUARE))


def figures(pictures: Sequence[Row]) -> dict[str, Any]:
    """Figures by setting, gray's beside them.

    Args:
        pictures: What `measured` says of each.
    """
    truth = Truth([one["truth"] for one in pictures])
    found = []
    for number, setting in enumerate(_settings()):
        rows = [one["settings"][number] for one in pictures]
        found.append(setting | Case(rows).figures(truth) | {"unthought": _share(rows)})
    return {
        "truth": truth.figures(),
        "gray": Case([one["gray"] for one in pictures]).figures(truth),
        "settings": found,
    }


def unthought(cells: Floats, likely: Likely) -> tuple[int, int]:
    """How many cells of one photograph have a color that nobody thought of, and how many have any.

    Args:
        cells: (h, w, 2) a* and b* shown.
        likely: What the network held for likely, in the same cells.
    """
    colored = np.linalg.norm(cells, axis=-1) > COLORED
    near = np.zeros(colored.shape, np.float32)
    for share, color in zip(likely.shares, likely.palette, strict=True):
        near += share * (np.linalg.norm(cells - color, axis=-1) <= NEAR)
    return int((colored & (near < UNTHOUGHT)).sum()), int(colored.sum())


def _settings() -> list[dict[str, Any]]:
    return [
        {"decode": decode, "bandwidth": bandwidth, "saturation": saturation}
        for (decode, bandwidth), saturation in product(DECODINGS, SATURATIONS)
    ]


def _share(rows: Sequence[Row]) -> float | None:
    """None where no cell was colored, or the network does not tell what it thought."""
    unthought_of, colored = np.sum([row["unthought"] for row in rows], axis=0).tolist()
    return round(unthought_of / colored, 4) if colored else None
