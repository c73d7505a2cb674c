"""Clarity: two or four times the size, without telling the plate anything it did not say.

The network enlarges; then its picture is corrected until, made small again, it is the plate up to
the plate's own noise (iterative back-projection, Irani and Peleg, 1991). Whatever detail it added
is thus a guess between the plate's pixels and never against them, and what is left of a difference
is reported.

Of what the plate leaves open, a network can give the mean of all that might be there, which is
soft, or commit itself to one of it, which is crisp. A dial goes from one to the other. What is
crisp is the plate when it is made small and a little softer than that: a plate is as soft as its
lens was, and to ask for its every pixel would be to ask for that softness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final, Literal

import cv2
import numpy as np
from pydantic import Field

from photochrom.nets import sweep_network
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Context, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import strips, with_halo
from photochrom.steps.texture import measured_grain

# A difference of up to so many standard deviations of the noise is noise.
_NOISE_DEVIATIONS: Final = 1.0
# How soft a plate may be: standard deviation in pixels, and how far such a Gaussian reaches.
_LENS: Final = 1.0
_HALO: Final = 5


class ClarityParams(StepParams):
    """Parameters of clarity.

    Attributes:
        scale: How many times wider and higher; 1 does nothing.
        crispness: From 0, what the plate is sure of, to 1, edges and textures as sharp as one
            guess among many makes them. Networks that have one character alone take no notice.
        consistency: Rounds of correction towards the plate.
        tolerance: By how much the result, made small again, may differ from the plate without being
            corrected (of light 0..1), or "auto": by the noise that is in the plate. Without
            it, noise comes out as large square grains.
        network: Name of the network; by default the embedded one of this scale.
    """

    scale: Literal[1, 2, 4] = 1
    crispness: float = Field(default=0.0, ge=0, le=1)
    consistency: int = Field(default=4, ge=0, le=10)
    tolerance: Literal["auto"] | Annotated[float, Field(ge=0, le=1)] = "auto"
    network: str | None = None


def apply(plate: Plate, params: ClarityParams, context: Context) -> tuple[Plate, Notes]:
    """Enlarge the picture; see the module."""
    scale = params.scale
    if scale == 1:
        return plate, {"scale": 1, "idle": "nothing was asked for"}
    network = context.registry.network("clarity", scale=scale, name=params.network)
    height, width = plate.light.shape
    crispness = params.crispness if network.has("crisp") else 0.0
    clear: Plane = plane((height * scale, width * scale))
    bands = sweep_network(
        network,
        plate.light,
        memory=context.memory,
        outputs=("clear", "crisp") if crispness else ("clear",),
        progress=lambda share: context.progress(STEP.name, 0.9 * share),
    )
    for band in bands:
        clear[band.rows] = np.clip(_mixed(band.planes, crispness), 0, 1)
        let_go(plate.light, clear)
    tolerance = params.tolerance
    if tolerance == "auto":
        tolerance = _NOISE_DEVIATIONS * measured_grain(plate.light).noise
    for _ in range(params.consistency):
        difference = _difference(plate.light, clear, scale)
        if crispness:
            difference = _softened(difference, crispness)
        _correct(clear, _beyond(difference, tolerance), scale)
    rest = np.abs(_difference(plate.light, clear, scale))
    size = (width * scale, height * scale)
    mask, tint = plate.mask, plate.tint
    enlarged = replace(
        plate,
        light=clear,
        mask=None if mask is None else cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST),
        tint=None if tint is None else cv2.resize(tint, size, interpolation=cv2.INTER_CUBIC),
        expected=None,
        scale=plate.scale * scale,
    )
    notes: Notes = {
        "scale": scale,
        **({"crispness": crispness} if crispness else {}),
        "tolerance": round(tolerance, 5),
        "residual": {"mean": round(float(rest.mean()), 6), "max": round(float(rest.max()), 5)},
    }
    return enlarged, notes


def _mixed(planes: Mapping[str, Plane], crispness: float) -> Plane:
    """The network's picture, of a character between its two."""
    clear = planes["clear"]
    return clear + np.float32(crispness) * (planes["crisp"] - clear) if crispness else clear


def _beyond(difference: Plane, tolerance: float) -> Plane:
    """What of a difference exceeds the tolerance; in place."""
    difference -= np.clip(difference, -tolerance, tolerance)
    return difference


def _difference(light: Plane, clear: Plane, scale: int) -> Plane:
    """What the enlarged picture, made small again (mean of each block), lacks of the plate."""
    difference: Plane = plane(light.shape)
    for strip in strips(*light.shape, of=(light, clear, difference)):
        rows = clear[strip.start * scale : strip.stop * scale]
        size = (light.shape[1], strip.stop - strip.start)
        small = cv2.resize(rows, size, interpolation=cv2.INTER_AREA)
        difference[strip] = light[strip] - small
    return difference


def _softened(difference: Plane, crispness: float) -> Plane:
    """A difference without what a soft lens makes of one, as far as the dial goes."""
    soft: Plane = plane(difference.shape)
    for strip in strips(*difference.shape, of=(difference, soft)):
        wide, inner = with_halo(strip, _HALO, difference.shape[0])
        blurred = cv2.GaussianBlur(difference[wide], (0, 0), _LENS)[inner]
        soft[strip] = difference[strip] + np.float32(crispness) * (blurred - difference[strip])
    return soft


def _correct(clear: Plane, difference: Plane, scale: int) -> None:
    """Add the enlarged difference, in place."""
    height, width = difference.shape
    for strip in strips(height, width, of=(clear, difference)):
        wide, inner = with_halo(strip, 3, height)
        size = (width * scale, (wide.stop - wide.start) * scale)
        enlarged = cv2.resize(difference[wide], size, interpolation=cv2.INTER_CUBIC)
        rows = clear[strip.start * scale : strip.stop * scale]
        rows += enlarged[inner.start * scale : inner.stop * scale]
        np.clip(rows, 0, 1, out=rows)


STEP: Final = Step("clarity", 1, ClarityParams, apply, networks=(("network", "clarity"),))
