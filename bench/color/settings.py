"""The trade of error for color: what other settings of the color step would give."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

from training.color.predict import lab_of

from bench.color.figures import Case, Truth
from bench.color.measuring import Pixels, exposed
from bench.color.ways import Product
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry

TEMPERATURES: Final = (0.25, 0.5, 1.0)
SATURATIONS: Final = (1.0, 1.3)


class Settings:
    """Temperatures and saturations, on panchromatic light, told so."""

    def __init__(self, registry: Registry):
        self._truth, self._gray = Truth(), Case()
        self._ways = {
            pair: (Product(registry, temperature=pair[0], saturation=pair[1]), Case())
            for pair in product(TEMPERATURES, SATURATIONS)
        }

    def add(self, rgb: Pixels) -> None:
        """Judge one square photograph."""
        truth, light = lab_of(rgb), exposed(rgb, Emulsion.PANCHROMATIC)
        self._truth.add(rgb)
        self._gray.add(rgb, truth, truth[..., 1:] * 0)
        for way, case in self._ways.values():
            case.add(rgb, truth, way(light, Emulsion.PANCHROMATIC).ab)

    def figures(self) -> dict[str, Any]:
        """Figures by setting, gray's beside them."""
        return {
            "truth": self._truth.figures(),
            "gray": self._gray.figures(self._truth),
            "settings": [
                {"temperature": temperature, "saturation": saturation} | case.figures(self._truth)
                for (temperature, saturation), (_, case) in self._ways.items()
            ],
        }
