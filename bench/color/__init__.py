"""Color: photochrom beside gray, a palette by lightness and its first network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import cv2
from training.color.predict import lab_of
from training.shards import shrink

from bench.color.certainty import Calibration
from bench.color.cost import measured
from bench.color.measuring import PLATES, Baseline, Comparison, Whole, exposed, square
from bench.color.plots import draw as plots
from bench.color.settings import Settings
from bench.color.skin import Faces
from bench.color.stability import Stability
from bench.color.text import section
from bench.color.ways import THREADS, Product, current, first, palette
from bench.features import Features
from bench.photographs import photographs
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry

__all__ = ["NETWORKS", "TITLE", "plots", "run", "section"]

TITLE: Final = "Color"
NETWORKS: Final = ("color",)

# Every so-manieth photograph shows how stable colors are.
_STABILITY_EVERY: Final = 4
# Every so-manieth photograph is colored with other settings, too.
_SETTINGS_EVERY: Final = 6
# The historical photographs are brought to the short side that most modern ones have.
_HISTORICAL_SIDE: Final = 384


def run(count: int | None, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measure; see `bench`."""
    cv2.setNumThreads(THREADS)
    progress("cost", 0)
    cost = measured()
    registry = current()
    ours = Product(registry)
    baselines = {"palette": Baseline(palette())}
    network_of_old = first()
    if isinstance(network_of_old, Registry):
        # On modern photographs it is shown one kind of plate: it takes as long as ours.
        baselines["first network"] = Baseline(Product(network_of_old), PLATES[:1])
    results: dict[str, Any] = {
        "parameters": ours.params.model_dump(mode="json"),
        "cost": cost,
        "first_network_left_out": network_of_old if isinstance(network_of_old, str) else None,
    }
    features = Features()
    squares = Comparison(ours, baselines, features)
    eye = Product(registry, tones="eye") if ours.network.has("tone") else None
    whole = Whole(ours, eye, _faces())
    stability, settings = Stability(registry), Settings(registry)
    modern = list(photographs("colour", count))
    for number, (name, rgb) in enumerate(modern):
        progress(f"modern photographs: {name}", 0.05 + 0.85 * number / len(modern))
        squares.add(square(rgb))
        whole.add(rgb)
        if number % _SETTINGS_EVERY == 0:
            settings.add(square(rgb))
        if number % _STABILITY_EVERY == 0:
            stability.add(exposed(rgb, Emulsion.PANCHROMATIC), Emulsion.PANCHROMATIC)
    results |= {
        "square": squares.figures(),
        "whole": whole.figures(),
        "stability": stability.figures(),
        "settings": settings.figures(),
    }
    results["historical"] = _historical(ours, baselines, count, progress)
    return results


def _historical(
    ours: Product,
    baselines: dict[str, Baseline],
    count: int | None,
    progress: Callable[[str, float], None],
) -> dict[str, Any]:
    """Genuinely historical color photographs, recolored from the grays of each plate."""
    everywhere = {name: Baseline(baseline.way) for name, baseline in baselines.items()}
    comparison = Comparison(ours, everywhere, step=3)
    calibration = {plate: Calibration() for plate in PLATES}
    pictures = list(photographs("historical_colour", count))
    for number, (name, rgb) in enumerate(pictures):
        progress(f"historical photographs: {name}", 0.9 + 0.1 * number / len(pictures))
        rgb = shrink(rgb, _HISTORICAL_SIDE)
        truth = lab_of(rgb)
        for plate, colored in comparison.add(rgb).items():
            assert colored.cells is not None
            assert colored.certainty is not None
            calibration[plate].add(truth, colored.cells, colored.certainty)
    return comparison.figures() | {
        "certainty": {plate.value: calibration[plate].figures() for plate in PLATES}
    }


def _faces() -> Faces | None:
    try:
        return Faces()
    except ImportError:
        return None
