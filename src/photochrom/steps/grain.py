"""Grain: what `clean` took away of it is put back, so that skin does not turn to wax."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from pydantic import Field

from photochrom.steps.planes import plane
from photochrom.steps.plate import Context, Notes, Plate, Step, StepParams
from photochrom.steps.strips import strips
from photochrom.steps.texture import noise

# Tells this step's grain from that of other steps under the same seed.
_FIELD: Final = 0x9A1


class GrainParams(StepParams):
    """Parameters of grain.

    Attributes:
        amount: How much of the grain that was taken away is put back, 0..1.
        largest: The largest standard deviation put back (of light 0..1, sRGB-encoded).
    """

    amount: float = Field(default=0.5, ge=0, le=1)
    largest: float = Field(default=0.03, ge=0, le=0.2)


def apply(plate: Plate, params: GrainParams, context: Context) -> tuple[Plate, Notes]:
    """Put grain back, the same for the same seed."""
    texture = plate.removed
    if texture is None or params.amount == 0 or texture.strength == 0:
        return plate, {"sigma": 0.0}
    blur = texture.blur * plate.scale
    height, width = plate.light.shape
    light = plane(plate.light.shape)
    for strip in strips(height, width, of=(plate.light, light)):
        old = plate.light[strip]
        sigma = np.minimum(texture.at(old), params.largest) * np.float32(params.amount)
        # Grain needs density: none in paper white, none in full black.
        sigma *= np.minimum(1, np.minimum(old, 1 - old) * np.float32(12))
        light[strip] = np.clip(
            old + noise(context.seed ^ _FIELD, strip, slice(0, width), blur) * sigma, 0, 1
        )
        context.progress(STEP.name, strip.stop / height)
    notes: Notes = {
        "sigma": round(min(texture.strength, params.largest) * params.amount, 5),
        "blur": round(blur, 3),
    }
    return replace(plate, light=light, expected=None), notes


STEP: Final = Step("grain", 1, GrainParams, apply)
