"""How much colors change when nothing that matters does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.color.figures import Row
from bench.color.views import WHOLE, exposed, seen
from bench.color.ways import Product, at_size, current
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

    def __call__(self, light: Plane, told: Emulsion) -> Row:
        """Look at one photograph, (H, W) light, several times: by change, the mean and the 95th
        percentile; mean chroma beside it."""
        usual = self._cells(self._usual, light, told)
        changes = {}
        for share, way in self._resized.items():
            other = self._cells(way, light, told)
            changes[f"sizes x {share}"] = _change(usual, at_size(other, *usual.shape[:2]))
        share = (_SIDE + max(SHIFTS)) / min(light.shape)
        sides = (round(light.shape[1] * share), round(light.shape[0] * share))
        how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
        large = np.clip(cv2.resize(light, sides, interpolation=how), 0, 1)
        still = self._window(large, 0, told)
        for shift in SHIFTS:
            moved = self._window(large, shift, told)
            changes[f"shift {shift}"] = _change(still[shift:, shift:], moved[:-shift, :-shift])
        return {"chroma": float(np.linalg.norm(usual, axis=-1).mean()), "changes": changes}

    def _window(self, large: Plane, at: int, told: Emulsion) -> Floats:
        window = large[at : at + _SIDE, at : at + _SIDE]
        return at_size(self._cells(self._usual, window, told), _SIDE, _SIDE)

    def _cells(self, way: Product, light: Plane, told: Emulsion) -> Floats:
        chroma = way.plate(light, told).chroma
        assert chroma is not None
        return chroma.ab


def measured(inputs: Mapping[str, Path]) -> Row:
    """A piece: one photograph."""
    plate = Emulsion.PANCHROMATIC
    return Stability(current())(exposed(seen(inputs["photograph"], WHOLE), plate), plate)


def figures(pictures: Sequence[Row]) -> dict[str, Any]:
    """Mean change and the mean of each photograph's 95th percentile; mean chroma beside it.

    Args:
        pictures: What `measured` says of each.
    """
    changes = {}
    for name in pictures[0]["changes"]:
        rows = [one["changes"][name] for one in pictures]
        changes[name] = {
            "mean": round(float(np.mean([mean for mean, _ in rows])), 2),
            "p95": round(float(np.mean([p95 for _, p95 in rows])), 2),
        }
    chroma = float(np.mean([one["chroma"] for one in pictures]))
    return {"pictures": len(pictures), "chroma": round(chroma, 2), "changes": changes}


def _change(one: Floats, other: Floats) -> tuple[float, float]:
    change = np.linalg.norm(one - other, axis=-1)
    return float(change.mean()), float(np.quantile(change, 0.95))
