"""How much colors change when nothing that matters does."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.color.ways import Product, at_size
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

SHIFTS: Final = (1, 3, 7)
# How large the short sides are that the network looks at, beside the usual.
SHARES: Final = (0.9, 1.1)
_SIDE: Final = 256


class Stability:
    """Changes of a* and b*, in CIELAB units, before chroma is joined to the light."""

    def __init__(self, registry: Registry):
        self._usual = Product(registry)
        sizes = self._usual.params.sizes
        self._resized = {
            share: Product(registry, sizes=tuple(round(size * share) for size in sizes))
            for share in SHARES
        }
        self._changes: dict[str, list[tuple[float, float]]] = {}
        self._chroma: list[float] = []

    def add(self, light: Plane, told: Emulsion) -> None:
        """Look at one photograph, (H, W) light, several times."""
        usual = self._cells(self._usual, light, told)
        self._chroma.append(float(np.linalg.norm(usual, axis=-1).mean()))
        for share, way in self._resized.items():
            other = self._cells(way, light, told)
            self._add(f"sizes x {share}", usual, at_size(other, *usual.shape[:2]))
        share = (_SIDE + max(SHIFTS)) / min(light.shape)
        sides = (round(light.shape[1] * share), round(light.shape[0] * share))
        how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
        large = np.clip(cv2.resize(light, sides, interpolation=how), 0, 1)
        still = self._window(large, 0, told)
        for shift in SHIFTS:
            moved = self._window(large, shift, told)
            self._add(f"shift {shift}", still[shift:, shift:], moved[:-shift, :-shift])

    def figures(self) -> dict[str, Any]:
        """Mean change and the mean of each photograph's 95th percentile; mean chroma beside it."""
        found: dict[str, Any] = {
            name: {
                "mean": round(float(np.mean([mean for mean, _ in rows])), 2),
                "p95": round(float(np.mean([p95 for _, p95 in rows])), 2),
            }
            for name, rows in self._changes.items()
        }
        return {"pictures": len(self._chroma), "chroma": round(float(np.mean(self._chroma)), 2)} | {
            "changes": found
        }

    def _window(self, large: Plane, at: int, told: Emulsion) -> Floats:
        window = large[at : at + _SIDE, at : at + _SIDE]
        return at_size(self._cells(self._usual, window, told), _SIDE, _SIDE)

    def _cells(self, way: Product, light: Plane, told: Emulsion) -> Floats:
        chroma = way.plate(light, told).chroma
        assert chroma is not None
        return chroma.ab

    def _add(self, name: str, one: Floats, other: Floats) -> None:
        change = np.linalg.norm(one - other, axis=-1)
        row = (float(change.mean()), float(np.quantile(change, 0.95)))
        self._changes.setdefault(name, []).append(row)
