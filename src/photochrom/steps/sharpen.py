"""Sharpen: fine detail that is in the plate is given more contrast, and nothing is invented.

What a Gaussian takes away is added again (unsharp masking). Detail no stronger than the noise
that was measured is left as it is, so that grain is not raised, and no pixel becomes much lighter
or darker than the lightest or darkest around it, so that edges get no bright rims.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from photochrom.steps.planes import plane
from photochrom.steps.plate import Context, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import strips, with_halo
from photochrom.steps.texture import measured_grain

# Times the detail is added at the amount 1.
_MOST: Final = 2.0
# Detail of so many standard deviations of the noise is raised by half of what stronger detail is.
_DEVIATIONS: Final = 2.5
# Rounding to 8 bits is noise, too.
_LEAST_NOISE: Final = 0.002
# By which share of the contrast around it a pixel may pass the lightest or the darkest there.
_BEYOND: Final = np.float32(0.08)


class SharpenParams(StepParams):
    """Parameters of sharpen.

    Attributes:
        amount: How much contrast fine detail gains, 0..1; 0 does nothing.
        radius: How fine the detail is: standard deviation, in pixels of the scan, of the Gaussian
            that does not hold it.
    """

    amount: float = Field(default=0.0, ge=0, le=1)
    radius: float = Field(default=1.2, ge=0.3, le=8)


def apply(plate: Plate, params: SharpenParams, context: Context) -> tuple[Plate, Notes]:
    """Give fine detail more contrast; see the module."""
    if params.amount == 0:
        return plate, {"idle": "nothing was asked for"}
    noise = max(measured_grain(plate.light).noise, _LEAST_NOISE)
    sigma = params.radius * plate.scale
    height, width = plate.light.shape
    light: Plane = plane(plate.light.shape)
    total, largest = 0.0, 0.0
    for strip in strips(height, width, of=(plate.light, light)):
        wide, inner = with_halo(strip, math.ceil(4 * sigma) + 2, height)
        old = plate.light[strip]
        new = _sharpened(plate.light[wide], sigma, params.amount, noise)[inner]
        light[strip] = new
        change = np.abs(new - old)
        total += float(change.sum(dtype=np.float64))
        largest = max(largest, float(change.max()))
        context.progress(STEP.name, strip.stop / height)
    notes: Notes = {
        "amount": params.amount,
        "noise": round(noise, 5),
        "change": {"mean": round(total / light.size, 5), "max": round(largest, 4)},
    }
    return replace(plate, light=light, expected=None), notes


def _sharpened(light: Plane, sigma: float, amount: float, noise: float) -> Plane:
    fine = light - cv2.GaussianBlur(light, (0, 0), sigma)
    power = np.square(fine)
    believed = power / (power + np.float32((_DEVIATIONS * noise) ** 2))
    sharp = light + fine * believed * np.float32(_MOST * amount)
    side = 2 * math.ceil(2 * sigma) + 1
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    darkest, lightest = cv2.erode(light, around), cv2.dilate(light, around)
    room = _BEYOND * (lightest - darkest)
    limited: Plane = np.clip(np.clip(sharp, darkest - room, lightest + room), 0, 1)
    return limited


STEP: Final = Step("sharpen", 1, SharpenParams, apply)
