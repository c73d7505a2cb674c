"""The trade of error for color: what other settings of the color step would give."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

import numpy as np
from training.color.predict import lab_of

from bench.color.figures import COLORED, Case, Floats, Truth
from bench.color.measuring import Pixels, exposed
from bench.color.ways import Product, joined
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.steps.color import decoded, looked
from photochrom.steps.looks import Likely, averaged
from photochrom.steps.plate import Plate

DECODINGS: Final = (("mean", 18.0), ("settled", 12.0), ("settled", 18.0), ("settled", 30.0))
SATURATIONS: Final = (1.0, 1.2, 1.8)
NEAR, UNTHOUGHT = 12.0, 0.2
"""A color is one that nobody thought of if less than the second is the share of the colors thought
possible that lie within the first, in a*b*."""


class Settings:
    """Ways to decode, bandwidths and saturations, on panchromatic light, told so."""

    def __init__(self, registry: Registry):
        self._truth, self._gray = Truth(), Case()
        self._usual = Product(registry)
        self._cases = {
            (*decoding, saturation): (Case(), Unthought())
            for decoding, saturation in product(DECODINGS, SATURATIONS)
        }

    def add(self, rgb: Pixels) -> None:
        """Judge one square photograph."""
        truth, light = lab_of(rgb), exposed(rgb, Emulsion.PANCHROMATIC)
        self._truth.add(rgb)
        self._gray.add(rgb, truth, truth[..., 1:] * 0)
        context = self._usual.context(Emulsion.PANCHROMATIC)
        # All of them make something else of the same answers.
        answers = looked(Plate(light), self._usual.params, context)
        likely = averaged(answers).likely
        for (decode, bandwidth, saturation), (case, unthought) in self._cases.items():
            changes = {"decode": decode, "bandwidth": bandwidth, "saturation": saturation}
            params = self._usual.params.model_copy(update=changes)
            colored = joined(decoded(answers, Plate(light), params, context)[0])
            case.add(rgb, truth, colored.ab)
            if likely is not None and colored.cells is not None:
                unthought.add(colored.cells, likely)

    def figures(self) -> dict[str, Any]:
        """Figures by setting, gray's beside them."""
        return {
            "truth": self._truth.figures(),
            "gray": self._gray.figures(self._truth),
            "settings": [
                {"decode": decode, "bandwidth": bandwidth, "saturation": saturation}
                | case.figures(self._truth)
                | {"unthought": unthought.share()}
                for (decode, bandwidth, saturation), (case, unthought) in self._cases.items()
            ],
        }


class Unthought:
    """The share of colored cells whose color nobody thought of."""

    def __init__(self) -> None:
        self._unthought = self._colored = 0

    def add(self, cells: Floats, likely: Likely) -> None:
        """Count the cells of one photograph.

        Args:
            cells: (h, w, 2) a* and b* shown.
            likely: What the network held for likely, in the same cells.
        """
        colored = np.linalg.norm(cells, axis=-1) > COLORED
        near = np.zeros(colored.shape, np.float32)
        for share, color in zip(likely.shares, likely.palette, strict=True):
            near += share * (np.linalg.norm(cells - color, axis=-1) <= NEAR)
        self._unthought += int((colored & (near < UNTHOUGHT)).sum())
        self._colored += int(colored.sum())

    def share(self) -> float | None:
        """None where no cell was colored, or the network does not tell what it thought."""
        return round(self._unthought / self._colored, 4) if self._colored else None
