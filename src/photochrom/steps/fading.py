"""Fading: what time took from the layers of a photograph in color, given back.

Each layer of a color photograph has a dye that fades at its own pace, and paper yellows. So a faded
print has blacks that are lifted, whites that are tinted and middle tones with a cast, each layer
along a curve of its own:

    was = ((is - black) / (white - black)) ^ contrast

Nine figures, the same for the whole picture: no place gets a color that its layers do not hold, and
no network chooses one. How far they are from nothing follows from how the tones of the layers are
spread, alone and beside one another where the picture is nearly gray (`training/fading.py` fitted
how; whoever fits anew raises the step's version). Pictures in black and white, and those that would
change little, are left as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.colorspace import LUMINANCE, lab_from_srgb, linear_to_srgb, srgb_to_linear
from photochrom.steps.own import own_colors
from photochrom.steps.planes import plane
from photochrom.steps.plate import Context, Notes, Plate, Step, StepParams
from photochrom.steps.strips import strips

# The margin (share of each side) that is not looked at: mounts, borders of scanners.
_MARGIN: Final = 0.04
# Places along each side that are looked at, one of so many.
_SIDE: Final = 64
_PLACES: Final = 4
QUANTILES: Final = (0.003, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.997)
# Bands of tones, and the share of each that is nearest to gray.
BANDS: Final = 8
NEAR: Final = 4
# Channels further apart than this when stretched alike, in units of 0..1, are no gray.
RANGE: Final = 0.02
# What a layer can have lost at most: how far its black was lifted, its white was tinted.
_MOST_BLACK, _MOST_WHITE = 0.35, 0.5
_NO_WHITE: Final = -3.0
_LEAST_SPAN, _LEAST_TONE = 0.1, 1e-3
# Mean CIELAB distance that curves have to make to be worth it: fewer make one in twelve sound
# photographs change, and more leave half of those that faded (`training/README.md`).
WORTH_IT: Final = 6.0
# Decimals of the nine figures: enough for 16 bits, and few enough to be the same everywhere.
_DECIMALS: Final = 4

Floats = NDArray[np.float64]


class FadingParams(StepParams):
    """Parameters of fading.

    Attributes:
        strength: How much of what was lost is given back, 0..1.
    """

    strength: float = Field(default=1.0, ge=0, le=1)


@dataclass(frozen=True)
class Layers:
    """How the layers (R, G, B) of a photograph faded.

    Attributes:
        black: (3,) where their black lies now, sRGB-encoded 0..1.
        white: (3,) where their white lies now.
        contrast: (3,) the power that brings their middle tones back.
    """

    black: Floats
    white: Floats
    contrast: Floats

    def table(self, levels: int, strength: float = 1.0) -> NDArray[np.uint16]:
        """The curves: (levels, 3), 0..65535, for pixels of so many levels."""
        is_ = np.linspace(0, 1, levels)[:, None]
        black, white = strength * self.black, 1 - strength * (1 - self.white)
        share = np.clip((is_ - black) / np.maximum(white - black, _LEAST_SPAN), _LEAST_TONE, 1)
        was = share ** (self.contrast**strength)
        # Nothing is taken from the deepest shadows to begin with.
        was = np.where(is_ <= black, was * is_ / np.maximum(black, 1e-9), was)
        return np.rint(65535 * was).astype(np.uint16)

    def to_json(self) -> dict[str, list[float]]:
        """Plain figures for the record."""
        found = {"black": self.black, "white": self.white, "contrast": self.contrast}
        return {name: [float(one) for one in values] for name, values in found.items()}


def apply(plate: Plate, params: FadingParams, context: Context) -> tuple[Plate, Notes]:
    """Give a photograph in color what its layers lost; see the module."""
    if plate.chroma is None or not plate.chroma.measured or plate.tint is None:
        context.progress(STEP.name, 1.0)
        return plate, {"idle": "the photograph is not in color"}
    layers = layers_of(plate.tint)
    table = layers.table(int(np.iinfo(plate.tint.dtype).max) + 1, params.strength)
    change = changed_by(table, looked_at(plate.tint))
    notes: Notes = {"layers": layers.to_json(), "change": round(change, 2)}
    if change < WORTH_IT:
        context.progress(STEP.name, 1.0)
        return plate, {**notes, "idle": "it can hardly be told from a sound photograph"}
    height, width = plate.light.shape
    pixels, light = plane(plate.tint.shape, np.uint16), plane((height, width))
    linear = srgb_to_linear(np.arange(65536) / 65535)
    for strip in strips(height, width, of=(plate.tint, pixels, light)):
        rows = pixels[strip] = along(table, plate.tint[strip])
        light[strip] = linear_to_srgb(linear[rows] @ LUMINANCE)
        context.progress(STEP.name, strip.stop / height)
    changed = replace(plate, light=light, tint=pixels, chroma=own_colors(pixels), expected=None)
    return changed, notes


def along(table: NDArray[np.uint16], pixels: NDArray[Any]) -> NDArray[np.uint16]:
    """Pixels (..., 3), whole numbers up to the levels of the curves, along those curves."""
    return np.stack([table[pixels[..., i], i] for i in range(3)], axis=-1)


def changed_by(table: NDArray[np.uint16], pixels: Floats) -> float:
    """By how much curves change pixels (n, 3), 0..1: the mean CIELAB distance."""
    after = along(table, np.rint(pixels * (len(table) - 1)).astype(np.intp))
    moved = lab_from_srgb(after / np.float32(65535)) - lab_from_srgb(pixels)
    return float(np.linalg.norm(moved, axis=-1).mean())


def layers_of(pixels: NDArray[np.unsignedinteger[Any]]) -> Layers:
    """How the layers of a photograph faded.

    Args:
        pixels: (H, W, 3) uint8 or uint16, sRGB-encoded.
    """
    told = features(looked_at(pixels))
    for number, (weights, bias) in enumerate(zip(*_fitted(), strict=True)):
        told = (told if number == 0 else np.tanh(told)) @ weights.T + bias
    black, white, contrast = told.reshape(3, 3).T
    found = (
        _MOST_BLACK * np.tanh(black),
        1 - _MOST_WHITE / (1 + np.exp(-white - _NO_WHITE)),
        np.exp(contrast),
    )
    return Layers(*(np.asarray(one, np.float64).round(_DECIMALS) for one in found))


def looked_at(pixels: NDArray[np.unsignedinteger[Any]]) -> Floats:
    """Pixels of the picture's inner part, spread evenly: (4096, 3), 0..1.

    Each is the mean of a small place: of a large one, nothing would be black or white.

    Args:
        pixels: (H, W, 3) uint8 or uint16.
    """
    height, width = pixels.shape[:2]
    top, left = int(height * _MARGIN), int(width * _MARGIN)
    inner = np.ascontiguousarray(pixels[top : height - top, left : width - left])
    places = (_SIDE * _PLACES, _SIDE * _PLACES)
    small = cv2.resize(inner, places, interpolation=cv2.INTER_AREA)
    picked = small[_PLACES // 2 :: _PLACES, _PLACES // 2 :: _PLACES]
    spread: Floats = picked.reshape(-1, 3) / np.float64(np.iinfo(pixels.dtype).max)
    return spread


def features(pixels: Floats) -> Floats:
    """What is looked at: how the tones of the layers are spread, alone and beside one another.

    Args:
        pixels: (4096, 3), sRGB-encoded 0..1.

    Returns:
        (83,): quantiles of each layer; then, of layers stretched alike, by bands of tones, the
        median of each from the mean of the three, the same of what is nearest to gray, and how
        colorful the band is.
    """
    quantiles = np.quantile(pixels, QUANTILES, axis=0).T
    black, white = quantiles[:, 0], quantiles[:, -1]
    even = np.clip((pixels - black) / (white - black + RANGE), 0, 1)
    bands = even[np.argsort(even.mean(axis=1), kind="stable")].reshape(BANDS, -1, 3)
    middle = np.sort(bands, axis=1)[:, bands.shape[1] // 2 - 1]
    aside = bands - bands.mean(axis=2, keepdims=True)
    colorful = np.abs(aside).sum(axis=2)
    nearest = np.argsort(colorful, axis=1, kind="stable")[:, : bands.shape[1] // NEAR]
    gray = np.take_along_axis(aside, nearest[..., None], axis=1).mean(axis=1)
    return np.concatenate(
        [
            quantiles.ravel(),
            3 * (middle - middle.mean(axis=1, keepdims=True)).ravel(),
            6 * gray.ravel(),
            3 * colorful.mean(axis=1),
        ]
    )


@cache
def _fitted() -> tuple[list[Floats], list[Floats]]:
    """Weights and biases, layer by layer, as `training/fading.py` writes them."""
    with (files("photochrom.steps") / "fading.npz").open("rb") as file, np.load(file) as stored:
        read = [stored[name].astype(np.float64) for name in stored.files]
    return read[0::2], read[1::2]


STEP: Final = Step("fading", 1, FadingParams, apply)
