"""Tone: a true monochrome with its blacks and whites back where they were.

A tinted print carries the same picture in three channels, each spoiled in its own way: yellowing
and stains sit in blue, least in red. The gray is therefore not luma but a weighted sum in which a
channel counts the less the more it holds of its own, found by a one-factor model of the three.

The curve then stretches the range that faded, bends the middle a little, and squeezes what lies
beyond the robust black and white points instead of clipping it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.steps.planes import plane
from photochrom.steps.plate import Context, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import enlarged, strips

# How much channels (R, G, B) count in a print without stains: the eye's choice, less noisy blue.
_USUAL_SHARES = np.array([0.34, 0.50, 0.16])
# What a channel may hold of its own (as variance) before it counts half.
_OWN_VARIANCE: Final = 5e-4
# Two channels of a print are correlated at least this much (squared), in a color photograph none.
_MONOCHROME_LIKENESS: Final = 0.97
# Shares of pixels beyond the black and the white point.
_BEYOND: Final = 0.004
_BLACK: Final = 0.02
_WHITE: Final = 0.97
# Where the middle of a well exposed print lies, between its black (0) and its white (1).
_MIDDLE: Final = (0.33, 0.58)
# The margin (share of each side) that is not looked at: mounts, borders of scanners.
_MARGIN: Final = 0.04
# A picture whose tones span less than this has no tones.
_NO_SPAN: Final = 2e-3
_LEVELS: Final = 65536


class ToneParams(StepParams):
    """Parameters of tone.

    Attributes:
        strength: How far black and white points move to where they belong, 0..1.
        midtones: How far the middle tones of a print that faded do, 0..1.
        gain: The largest stretch of contrast.
        evenness: How much of a slow fading across the picture is evened out, 0..1. Also takes
            some of the light's own fall: off unless asked for.
    """

    strength: float = Field(default=1.0, ge=0, le=1)
    midtones: float = Field(default=0.5, ge=0, le=1)
    gain: float = Field(default=3.0, ge=1, le=8)
    evenness: float = Field(default=0.0, ge=0, le=1)


@dataclass(frozen=True)
class Range:
    """Where the tones of a picture lie, 0..1: its robust black, middle and white."""

    black: float
    middle: float
    white: float


def apply(plate: Plate, params: ToneParams, context: Context) -> tuple[Plate, Notes]:
    """Neutralize tint, yellowing and fading; see the module. Photographs in color pass it by: each
    of their layers has a black and a white of its own, which `fading` sees to.
    """
    if plate.chroma is not None and plate.chroma.measured:
        context.progress(STEP.name, 1.0)
        return replace(plate, tint=None), {"idle": "the photograph is in color"}
    shares = None if plate.tint is None else picture_shares(plate.tint)
    height, width = plate.light.shape
    shift = _Shift(plate.light, params.evenness) if params.evenness > 0 else None

    def gray(rows: slice) -> Plane:
        light = plate.light[rows]
        if plate.tint is not None and shares is not None:
            white = np.float32(np.iinfo(plate.tint.dtype).max)
            light = plate.tint[rows].astype(np.float32) @ (shares.astype(np.float32) / white)
        return light if shift is None else light + shift.rows(rows)

    found = _range(_histogram(gray, height, width, plate.light))
    table = curve(found, params)
    light = plane((height, width))
    for strip in strips(height, width, of=(plate.light, light)):
        light[strip] = table[_levels(gray(strip))]
        context.progress(STEP.name, strip.stop / height)
    notes: Notes = {
        "black": round(found.black, 4),
        "middle": round(found.middle, 4),
        "white": round(found.white, 4),
        "black_to": round(float(np.interp(found.black, _AXIS, table)), 4),
        "white_to": round(float(np.interp(found.white, _AXIS, table)), 4),
        "channels": None if shares is None else [round(float(share), 3) for share in shares],
    }
    return replace(plate, light=light, tint=None, expected=None), notes


def picture_shares(tint: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.float64] | None:
    """Find how much each channel should count in the gray of a tinted print.

    Each channel is taken as a loading times the picture plus something of its own. Of three
    channels the loadings follow from their covariances (the tetrad of one-factor analysis:
    loading_r^2 = c_rg c_rb / c_gb), and the best estimate of the picture weighs channels by
    loading / own variance (Bartlett, 1937).

    Args:
        tint: (H, W, 3) uint8 or uint16.

    Returns:
        Shares of R, G and B that sum to 1; None when the channels do not share one picture, as in a
        color photograph, or there is no picture.
    """
    height, width = tint.shape[:2]
    share = min(1.0, 512 / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = cv2.resize(tint, size, interpolation=cv2.INTER_AREA)
    if small.size < 3 * 16:
        return None
    samples = small.reshape(-1, 3).astype(np.float64) / np.iinfo(tint.dtype).max
    covariance = np.cov(samples.T)
    pairs = np.array([covariance[0, 1], covariance[0, 2], covariance[1, 2]])
    if not np.isfinite(covariance).all() or (pairs < 1e-7).any():
        return None
    variances = covariance.diagonal()
    # A stain spoils one channel and leaves the other two alike; color spoils every pair.
    likeness = pairs**2 / (variances[[0, 0, 1]] * variances[[1, 2, 2]])
    if likeness.max() < _MONOCHROME_LIKENESS:
        return None
    squares = np.array(
        [
            pairs[0] * pairs[1] / pairs[2],
            pairs[0] * pairs[2] / pairs[1],
            pairs[1] * pairs[2] / pairs[0],
        ]
    )
    squares = np.minimum(squares, variances)
    own = variances - squares
    weights = _USUAL_SHARES * np.sqrt(squares) / (own + _OWN_VARIANCE)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


_AXIS = np.linspace(0, 1, _LEVELS)


def curve(found: Range, params: ToneParams) -> Plane:
    """Make the tone curve: `_LEVELS` values for light from 0 to 1, never falling.

    Args:
        found: Where the tones lie.
        params: How far to move them.
    """
    span = found.white - found.black
    if span < _NO_SPAN:
        return _AXIS.astype(np.float32)
    black, white = min(found.black, _BLACK), max(found.white, _WHITE)
    excess = (white - black) - span * params.gain
    if excess > 0:
        # Too faded to stretch all the way: give up at both ends by what they would have moved.
        moved = max(found.black - black + white - found.white, 1e-6)
        black += excess * (found.black - black) / moved
        white -= excess * (white - found.white) / moved
    black = found.black + params.strength * (black - found.black)
    white = found.white + params.strength * (white - found.white)
    position = np.clip((_AXIS - found.black) / span, 0, 1)
    middle = float(np.clip((found.middle - found.black) / span, 0.02, 0.98))
    wanted = float(np.clip(middle, *_MIDDLE))
    power = float(np.clip(np.log(wanted) / np.log(middle), 0.65, 1.5))
    # A print that kept its range kept its middle: that was the photographer's choice.
    faded = min(1.0, max(0.0, 4 * (1 - span)))
    power **= params.midtones * faded
    values = black + (white - black) * position**power
    below, above = found.black > _AXIS, found.white < _AXIS
    values[below] = black * _AXIS[below] / max(found.black, 1e-6)
    values[above] = 1 - (1 - white) * (1 - _AXIS[above]) / max(1 - found.white, 1e-6)
    return _smoothed(values)


def _smoothed(values: NDArray[np.float64]) -> Plane:
    """Round the corners of a curve; smoothing keeps a rising curve rising, and its ends."""
    radius = _LEVELS // 40
    before = 2 * values[0] - values[radius:0:-1]
    after = 2 * values[-1] - values[-2 : -radius - 2 : -1]
    padded = np.concatenate([before, values, after])
    for _ in range(2):
        summed = np.cumsum(np.concatenate([[0.0], padded]))
        padded = (summed[radius + 1 :] - summed[: -radius - 1]) / (radius + 1)
    start = (len(padded) - _LEVELS) // 2
    smooth: Plane = np.clip(padded[start : start + _LEVELS], 0, 1).astype(np.float32)
    return smooth


def _levels(light: Plane) -> NDArray[np.uint16]:
    return (np.clip(light, 0, 1) * np.float32(_LEVELS - 1) + np.float32(0.5)).astype(np.uint16)


def _histogram(gray: Any, height: int, width: int, light: Plane) -> NDArray[np.int64]:
    """Count the levels of the picture's inner part; of large pictures every n-th row."""
    top, left = int(height * _MARGIN), int(width * _MARGIN)
    every = max(1, min(height * width // 4_000_000, height // 8))
    counts = np.zeros(_LEVELS, dtype=np.int64)
    for strip in strips(height, width, of=(light,)):
        rows = np.arange(strip.start, strip.stop)
        wanted = (rows >= top) & (rows < height - top) & (rows % every == 0)
        if wanted.any():
            levels = _levels(gray(strip)[wanted, left : width - left])
            counts += np.bincount(levels.ravel(), minlength=_LEVELS)
    return counts


def _range(counts: NDArray[np.int64]) -> Range:
    shares = np.cumsum(counts) / counts.sum()
    black, middle, white = np.searchsorted(shares, [_BEYOND, 0.5, 1 - _BEYOND]) / (_LEVELS - 1)
    return Range(float(black), float(middle), float(min(white, 1.0)))


class _Shift:
    """How much lighter each place should be for the picture to be even."""

    _LARGEST = 0.12

    def __init__(self, light: Plane, evenness: float):
        self._shape = light.shape
        share = min(1.0, 64 / max(light.shape))
        size = (max(1, round(light.shape[1] * share)), max(1, round(light.shape[0] * share)))
        small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
        slow = cv2.GaussianBlur(small, (0, 0), 0.25 * max(size), borderType=cv2.BORDER_REPLICATE)
        self._map = np.clip((slow.mean() - slow) * evenness, -self._LARGEST, self._LARGEST)

    def rows(self, rows: slice) -> Plane:
        return enlarged(self._map, rows, *self._shape)


STEP: Final = Step("tone", 2, ToneParams, apply)
