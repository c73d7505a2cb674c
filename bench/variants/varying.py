"""One photograph in all its variants: a piece of this bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.things import small
from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps.compose import compose
from photochrom.steps.plate import Chroma, Plate
from photochrom.steps.variants import DOUBTFUL
from photochrom.variant import LETTERS

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# What somebody may do instead who wants four pictures: the first, paler and more vivid.
_VIVID: Final = (0.5, 1.0, 1.5, 2.0)


def varied(inputs: Mapping[str, Path], *, plate: str) -> dict[str, float]:
    """Color a photograph in all its variants.

    Args:
        inputs: The "photograph".
        plate: The emulsion on which it is exposed.
    """
    rgb = small(Photograph.open(inputs["photograph"]).pixels).astype(np.float32) / np.float32(255)
    light = np.clip(expose(rgb, weights(Emulsion(plate))), 0, 1)
    restored = restore(
        Photograph.from_array(np.rint(light * 65535).astype(np.uint16)),
        Recipe(name="color", steps=("color",)),
        emulsion=Emulsion(plate),
        variants=len(LETTERS),
    )
    told, first = restored.record.variant, restored.plate.chroma
    assert told is not None and first is not None
    truth = lab_from_srgb(rgb)
    chromas = [first, *(one.chroma for one in restored.plate.others)]
    shown = [_shown(restored.plate, one, truth) for one in chromas]
    errors = [ciede2000(one, truth) for one in shown]
    unsure = cv2.resize(first.certainty, truth.shape[1::-1]) < DOUBTFUL
    best = min(errors, key=lambda one: float(one.mean()))
    vivid = [
        ciede2000(_shown(restored.plate, replace(first, ab=first.ab * factor), truth), truth)
        for factor in _VIVID
    ]
    apart = np.mean([ciede2000(*two) for two in combinations(shown, 2)] or [0 * best], axis=0)
    return {
        "variants": len(shown),
        "doubtful": float(told["doubtful"]),
        "likely": float(np.mean([one.likely for one in restored.plate.others] or [1])),
        "first": float(errors[0].mean()),
        "best": float(best.mean()),
        "vivid": min(float(one.mean()) for one in vivid),
        "unsure_first": _mean(errors[0], unsure),
        "unsure_best": min(_mean(one, unsure) for one in errors),
        "unsure_vivid": min(_mean(one, unsure) for one in vivid),
        "unsure_spread": _mean(apart, unsure),
        "sure_spread": _mean(apart, ~unsure),
    }


def _shown(plate: Plate, chroma: Chroma, truth: Floats) -> Floats:
    """L*a*b* of what is shown, at the truth's lightness."""
    rows = np.concatenate(list(compose(replace(plate, chroma=chroma))))
    ab = lab_from_srgb(rows.astype(np.float32) / np.float32(65535))[..., 1:]
    return np.concatenate([truth[..., :1], ab], axis=-1)


def _mean(values: Doubles, where: NDArray[np.bool_]) -> float:
    return float(values[where].mean()) if where.any() else 0.0
