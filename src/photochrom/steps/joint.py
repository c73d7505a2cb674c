"""Small maps (chroma, an eye's tones) and large light, joined along the light's edges.

Chroma is known at about eighty cells across, light at thousands of pixels. Three things happen:

1. A network's chroma is soft: a face colors the wall behind it for two or three cells. So the cells
   that lie near an edge of the light count little, and color flows to them from those that do not,
   through what is alike and not over edges ("Fast global smoothing", Min et al., 2014).
2. Near each place chroma is then taken to be a linear function of the light around it (the guided
   filter of He, Sun and Tang, 2013), first at a middle size,
3. and then at full size, with coefficients from the middle size ("Fast guided filter", 2015), a few
   rows at a time.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lightness_from_gray
from photochrom.steps.curves import lightness
from photochrom.steps.plate import Paint, Plane
from photochrom.steps.strips import enlarged

Floats = NDArray[np.float32]

# Pixels of the size at which color flows, for each cell of chroma.
_FLOW_PIXELS: Final = 4
# Long side of the middle size.
_MIDDLE_SIDE: Final = 768
# How far around an edge (in cells) a network's chroma is mixed, and the range of lightness (0..1)
# that makes an edge.
_MIXED_CELLS: Final = 2.5
_EDGE: Final = 0.3
# What a cell near an edge still counts.
_LEAST_TRUST: Final = 0.05
# How far color flows (as its square, in pixels) and the step of lightness that holds it up.
_FLOW: Final = 200.0
_DAM: Final = 0.015
_FLOW_ROUNDS: Final = 3
# Regularization of the guided filter: lightness varying less than this (0..1) is plain.
_PLAIN: Final = 0.02


class Joint:
    """A small map at full resolution, computed for the rows that are asked for.

    Args:
        light: (H, W) float32, 0..1.
        cells: (h, w, c) float32: small chroma, or another map, of the same picture.
        measured: Whether the map is the picture's own, as sharp as its cells are: then nothing has
            to flow.
        paint: Documented colors that lie over the first two of the map; they have edges of their
            own, and do not flow.
    """

    def __init__(
        self,
        light: Plane,
        cells: Floats,
        *,
        measured: bool = False,
        paint: Paint | None = None,
    ):
        self._height, self._width = light.shape
        parts: tuple[Floats, ...]
        if measured:
            guide = _lightness(_resized(light, *cells.shape[:2]))
            parts = (*_guided(cells, guide, radius=1), *_range(cells, radius=1))
        else:
            parts = self._join_soft(light, cells, paint)
        # Slope, offset, least and most of each channel, each by itself.
        self._maps = np.ascontiguousarray(np.moveaxis(np.stack(parts), -1, 0))

    def _join_soft(self, light: Plane, cells: Floats, paint: Paint | None) -> tuple[Floats, ...]:
        share = min(1.0, _MIDDLE_SIDE / max(light.shape))
        middle = _lightness(
            _resized(light, round(light.shape[0] * share), round(light.shape[1] * share))
        )
        height, width = cells.shape[:2]
        small = _resized(middle, height * _FLOW_PIXELS, width * _FLOW_PIXELS)
        flowed = flow(_resized(cells, *small.shape), small)
        parts = (*_guided(flowed, small, radius=1), *_range(flowed, radius=1))
        slope, offset, least, most = (_resized(part, *middle.shape) for part in parts)
        values = np.clip(slope * middle[..., None] + offset, least, most)
        if paint is not None:
            values[..., :2] *= 1 - _resized(paint.share, *middle.shape)[..., None]
            values[..., :2] += _resized(paint.ab, *middle.shape)
        radius = max(1, round(max(middle.shape) / max(small.shape)))
        return *_guided(values, middle, radius=radius), *_range(values, radius=radius)

    def rows(self, strip: slice, light: Plane) -> Floats:
        """Return the map of some rows: (n, W, c); each channel lies by itself.

        Args:
            strip: Which rows.
            light: Their light, (n, W).
        """
        guide = lightness(light) / np.float32(100)
        values = np.empty((len(self._maps), *light.shape), np.float32)
        for maps, channel in zip(self._maps, values, strict=True):
            slope, offset, least, most = (
                enlarged(one, strip, self._height, self._width) for one in maps
            )
            np.multiply(slope, guide, out=channel)
            channel += offset
            np.maximum(channel, least, out=channel)
            np.minimum(channel, most, out=channel)
        return np.moveaxis(values, 0, -1)


def flow(soft: Floats, guide: Plane) -> Floats:
    """Let color flow from inside things to their edges.

    Args:
        soft: (h, w, c) soft chroma, or another soft map.
        guide: (h, w) lightness, 0..1, with `_FLOW_PIXELS` pixels a cell of the original map.

    Returns:
        (h, w, c) float32.
    """
    reach = round(_MIXED_CELLS * _FLOW_PIXELS)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    even = cv2.GaussianBlur(guide, (0, 0), 1.0)
    contrast = cv2.dilate(even, around) - cv2.erode(even, around)
    trust = _LEAST_TRUST + (1 - _LEAST_TRUST) * np.exp(-np.square(contrast / np.float32(_EDGE)))
    trust = trust.astype(np.float32)[..., None]
    across = np.exp(-np.abs(np.diff(guide, axis=1)) / np.float32(_DAM))
    down = np.exp(-np.abs(np.diff(guide, axis=0)) / np.float32(_DAM)).T
    # Smoothing what is trusted and the trust itself, and dividing: a weighted mean.
    state = np.concatenate([soft * trust, trust], axis=2)
    for number in range(1, _FLOW_ROUNDS + 1):
        # Each round is four times as fine: together they leave no streaks.
        strength = 1.5 * 4.0 ** (_FLOW_ROUNDS - number) / (4.0**_FLOW_ROUNDS - 1) * _FLOW
        state = _smoothed_lines(state, across, strength)
        state = _smoothed_lines(state.swapaxes(0, 1), down, strength).swapaxes(0, 1)
    flowed: Floats = state[..., :-1] / np.maximum(state[..., -1:], np.float32(1e-6))
    return flowed


def _smoothed_lines(state: Floats, open_: Floats, strength: float) -> Floats:
    """Smooth each line of (n, m, c), exactly, where the way from pixel to pixel (n, m - 1) is open.

    Solves (1 + s) u = state with s the weighted second difference: tridiagonal systems, eliminated
    for all lines at once (Thomas's algorithm).
    """
    length = state.shape[1]
    # Lines come last, so that they lie side by side in memory.
    coupling = open_.T * np.float32(-strength)
    diagonal = np.ones((length, state.shape[0]), dtype=np.float32)
    diagonal[:-1] -= coupling
    diagonal[1:] -= coupling
    solution = np.ascontiguousarray(state.transpose(1, 2, 0))
    upper = np.zeros_like(diagonal)
    for i in range(length):
        if i:
            diagonal[i] -= coupling[i - 1] * upper[i - 1]
            solution[i] -= coupling[i - 1] * solution[i - 1]
        solution[i] /= diagonal[i]
        if i < length - 1:
            upper[i] = coupling[i] / diagonal[i]
    for i in range(length - 2, -1, -1):
        solution[i] -= upper[i] * solution[i + 1]
    return solution.transpose(2, 0, 1)


def _guided(values: Floats, guide: Plane, *, radius: int) -> tuple[Floats, Floats]:
    """Slope and offset, each (h, w, c), of a map as a local linear function of the guide."""

    def mean(plane: NDArray[Any]) -> Floats:
        window = (2 * radius + 1, 2 * radius + 1)
        averaged: Floats = cv2.blur(plane, window, borderType=cv2.BORDER_REFLECT)
        # OpenCV drops the axis of a single channel.
        return averaged.reshape(plane.shape)

    mean_guide, mean_values = mean(guide), mean(values)
    variance = np.maximum(mean(guide * guide) - mean_guide * mean_guide, np.float32(0))
    covariance = mean(values * guide[..., None]) - mean_values * mean_guide[..., None]
    slope = covariance / (variance + np.float32(_PLAIN**2))[..., None]
    offset = mean_values - slope * mean_guide[..., None]
    return mean(slope), mean(offset)


def _range(values: Floats, *, radius: int) -> tuple[Floats, Floats]:
    """Least and most around each place: a linear function must not invent what is not there."""
    reach = np.ones((2 * radius + 1,) * 2, np.uint8)
    least, most = cv2.erode(values, reach), cv2.dilate(values, reach)
    return least.reshape(values.shape), most.reshape(values.shape)


def _resized(plane: Floats, height: int, width: int) -> Floats:
    height, width = max(1, height), max(1, width)
    smaller = height < plane.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized: Floats = cv2.resize(plane, (width, height), interpolation=how)
    return resized.reshape(height, width, *plane.shape[2:])


def _lightness(light: Plane) -> Plane:
    """CIELAB lightness as 0..1: contrast as the eye sees it, which is where colors change."""
    return lightness_from_gray(np.clip(light, 0, 1)) / np.float32(100)
