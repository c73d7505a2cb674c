"""Clean: noise, JPEG blocking and halftone screens, as far as they were measured.

A screen is taken out of the picture's spectrum first (`descreen`). Of the rest a network says what
the picture looks like without it; how far to believe that follows from what is measured in the
plate, and a clean plate is left as it is. What counts as noise is small: a large difference between
the network and the plate is more likely the picture, and is limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from photochrom.measure import Grain, Measures
from photochrom.nets import sweep_network
from photochrom.steps.descreen import descreened
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Context, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import strips
from photochrom.steps.texture import TextureMeter, measured_grain

Strength = Literal["auto"] | Annotated[float, Field(ge=0, le=1)]

# Between which values each trouble goes from not worth a touch to the full strength.
# Of grain, the finest scale tells most: what is coarser may be cloth, bark or brick.
_NOISE: Final = (0.003, 0.011)
_COARSE_SHARE: Final = 0.4
_BLOCKING: Final = (0.15, 0.6)
_HALFTONE: Final = (0.004, 0.015)
# By this many standard deviations of the measured trouble a pixel may move without hindrance.
_DEVIATIONS: Final = 3.0
_LEAST_LIMIT: Final = 0.03
# The coarsest grain is this many times stronger than its finest scale; the rest is the subject.
_COARSEST: Final = 2.5


class CleanParams(StepParams):
    """Parameters of clean.

    Attributes:
        strength: How much of what the network calls noise is taken away, 0..1, or "auto": as much
            as the measured grain and blocking call for.
        most: The largest strength that "auto" chooses.
        screen: How much of a halftone screen is taken away, 0..1, or "auto": all of it where it is
            strong enough to be seen.
        network: Name of the network; by default the embedded one.
    """

    strength: Strength = "auto"
    most: float = Field(default=0.9, ge=0, le=1)
    screen: Strength = "auto"
    network: str | None = None


def apply(plate: Plate, params: CleanParams, context: Context) -> tuple[Plate, Notes]:
    """Take screen and noise away; see the module."""
    plate, screen = _without_screen(plate, params, context)
    grain = measured_grain(plate.light)
    strength = params.strength
    if strength == "auto":
        strength = params.most * trouble(grain, context.measures)
    if strength == 0:
        return replace(plate, expected=None), {"strength": 0.0, "screen": screen}
    limit = np.float32(_limit(grain))
    light = plane(plate.light.shape)
    meter = TextureMeter()
    for rows, expected in _expected(plate, params, context):
        old = plate.light[rows]
        new = np.clip(old + limit * np.tanh((expected - old) / limit) * np.float32(strength), 0, 1)
        light[rows] = new
        meter.add(old - new, new)
        let_go(plate.light, light)
        context.progress(STEP.name, rows.stop / len(light))
    texture = meter.texture()
    # A screen is not grain: nobody wants it back.
    removed = texture if context.measures.halftone is None else None
    notes: Notes = {
        "strength": round(float(strength), 3),
        "screen": screen,
        "found": {"noise": round(grain.noise, 5), "sigma": round(grain.sigma, 5)},
        "removed": {"sigma": round(texture.strength, 5), "blur": round(texture.blur, 3)},
    }
    return replace(plate, light=light, expected=None, removed=removed), notes


def _without_screen(plate: Plate, params: CleanParams, context: Context) -> tuple[Plate, float]:
    """The plate without the screen that was measured in the scan, and how much of it was taken."""
    found = context.measures.halftone
    if found is None:
        return plate, 0.0
    share = params.screen
    if share == "auto":
        share = _between(found.strength, *_HALFTONE)
    if share == 0:
        return plate, 0.0
    found = replace(found, period=found.period * plate.scale)
    light = plane(plate.light.shape)
    for rows, without in descreened(plate.light, found):
        old = plate.light[rows]
        light[rows] = old + (without - old) * np.float32(share)
        let_go(plate.light, light)
    # Whatever was said of the picture with its screen does not hold any more.
    return replace(plate, light=light, expected=None), round(float(share), 3)


def _expected(plate: Plate, params: CleanParams, context: Context) -> Iterator[tuple[slice, Plane]]:
    """What the network expects the light to be, a few rows at a time."""
    known = plate.expected
    card = context.registry.card("restore", name=params.network)
    if known is not None and known.network == card.name:
        for rows in strips(*plate.light.shape, of=(known.light,)):
            yield rows, known.light[rows].astype(np.float32) / np.float32(65535)
        return
    network = context.registry.network("restore", name=params.network)
    nothing = np.broadcast_to(np.uint8(0), plate.light.shape)
    bands = sweep_network(
        network, plate.light, mask=nothing, memory=context.memory, outputs=("clean",)
    )
    for band in bands:
        yield band.rows, band.planes["clean"]


def trouble(grain: Grain, measures: Measures) -> float:
    """How much there is for the network to clean: 0 (nothing) .. 1."""
    return max(
        _between(max(grain.noise, _COARSE_SHARE * grain.sigma), *_NOISE),
        _between(measures.blocking.strength, *_BLOCKING),
    )


def _limit(grain: Grain) -> float:
    sigma = min(grain.sigma, _COARSEST * grain.noise)
    return max(_DEVIATIONS * sigma, _LEAST_LIMIT)


def _between(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))


STEP: Final = Step("clean", 2, CleanParams, apply, networks=(("network", "restore"),))
