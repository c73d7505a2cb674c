"""Everything measured, in order."""

from __future__ import annotations

from typing import Any, Final

import cv2
from training.color.predict import lab_of
from training.shards import shrink

from bench.color.certainty import Calibration
from bench.color.cost import measured
from bench.color.measuring import CINEMA, PLATES, Baseline, Comparison, Whole, exposed, square
from bench.color.settings import Settings
from bench.color.skin import Faces
from bench.color.stability import Stability
from bench.color.ways import Product, current, first, palette
from bench.features import Features
from bench.harness import THREADS, Progress, counted
from bench.photographs import photographs
from photochrom.emulsion import Emulsion
from photochrom.nets import Registry

# Every so-manieth photograph shows how stable colors are.
_STABILITY_EVERY: Final = 4
# Every so-manieth photograph is colored with other settings, too.
_SETTINGS_EVERY: Final = 6
# The historical photographs are brought to the short side that most modern ones have.
_HISTORICAL_SIDE: Final = 384


def run(count: int | None, progress: Progress) -> dict[str, Any]:
    """Measure; see `bench.harness.Bench`."""
    cv2.setNumThreads(THREADS)
    progress("cost", 0)
    cost = measured()
    registry = current()
    ours = Product(registry)
    baselines = {
        CINEMA: Baseline(Product(registry, "cinema"), PLATES[:1]),
        "palette": Baseline(palette()),
    }
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
    told = counted(modern, len(modern), progress, "modern photographs: {0[0]}", (0.05, 0.9))
    for number, (_, rgb) in enumerate(told):
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
    progress: Progress,
) -> dict[str, Any]:
    """Genuinely historical color photographs, recolored from the grays of each plate."""
    everywhere = {name: Baseline(baseline.way) for name, baseline in baselines.items()}
    comparison = Comparison(ours, everywhere, step=3)
    calibration = {plate: Calibration() for plate in PLATES}
    pictures = list(photographs("historical_colour", count))
    told = counted(pictures, len(pictures), progress, "historical photographs: {0[0]}", (0.9, 1))
    for _, rgb in told:
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
