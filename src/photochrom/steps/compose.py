"""From light and small chroma to the picture: the last moment, a strip of rows at a time.

Chroma is known at about a hundred pixels across, light at thousands. Near each place chroma is
taken to be a linear function of the light around it (the guided filter of He, Sun and Tang, 2013,
with its coefficients computed small, as in their "Fast guided filter" of 2015), so that its edges
fall where the light has them. The lightness of each pixel stays that of the plate: a color that
sRGB cannot show at this lightness is made paler, never darker or lighter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import (
    _RGB_FROM_RELATIVE_XYZ,
    lightness_from_gray,
    linear_to_srgb,
    srgb_to_linear,
)
from photochrom.steps.plate import Chroma, Plane, Plate
from photochrom.steps.strips import enlarged, strips

Rows = NDArray[np.uint16]

# Long side at which chroma is joined to the light's edges.
_JOINT_SIDE = 768
# Standard deviation of lightness (0..1) within which places count as the same thing.
_SAME_THING = 0.05
# Standard deviation of the distance, in chroma cells, from which a place takes its color.
_NEAR = 0.7
# Standard deviation of lightness inside a chroma cell at which it counts half: it is over an edge,
# and its color is a mixture.
_MIXED = 0.05
# Regularization of the guided filter: variance of lightness (0..1) below which an area is plain.
_PLAIN = 0.02**2
# Bisections for the largest chroma in gamut: to 1/64 of the chroma.
_BISECTIONS = 6
# By how much linear light may pass the gamut's border and still count as inside.
_NOTHING = 1e-5
# Entries of the tables: every 16-bit gray, and linear light fine enough for the darkest of them.
_LIGHTS, _LINEARS = 2**16, 2**18
_RELATIVE_LUMINANCE = np.array([0.2126729, 0.7151522, 0.0721750], dtype=np.float32)


class LuminanceChange:
    """Collects by how much the lightness of a picture differs from the plate's light."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._largest = 0.0
        self._linear = srgb_to_linear(np.arange(65536, dtype=np.float32) / 65535)

    def add(self, light: Plane, rows: Rows) -> None:
        """Compare some rows of the picture, (n, W, 3) or (n, W), with their light, (n, W)."""
        if rows.ndim == 3:
            luminance = self._linear[rows] @ _RELATIVE_LUMINANCE
        else:
            luminance = self._linear[rows]
        there = lightness_from_gray(linear_to_srgb(luminance))
        change = np.abs(there - lightness_from_gray(np.clip(light, 0, 1)))
        self._sum += float(change.sum(dtype=np.float64))
        self._count += change.size
        self._largest = max(self._largest, float(change.max()))

    def to_json(self) -> dict[str, Any]:
        """Mean and largest change, in units of CIELAB L* (0..100)."""
        return {
            "unit": "L*",
            "mean": round(self._sum / max(self._count, 1), 4),
            "max": round(self._largest, 4),
        }


def compose(plate: Plate, *, change: LuminanceChange | None = None) -> Iterator[Rows]:
    """Make the picture, from top to bottom.

    Args:
        plate: Light and, if it has been colored, chroma.
        change: If given, collects the change of lightness.

    Yields:
        Strips (n, W, 3) uint16 sRGB if there is chroma, else (n, W) uint16 gray in sRGB's curve.
    """
    height, width = plate.light.shape
    joint = None if plate.chroma is None else JointChroma(plate.light, plate.chroma)
    coloring = Coloring()
    for strip in strips(height, width):
        light = plate.light[strip]
        rows = _quantized(light) if joint is None else coloring(light, joint.rows(strip, light))
        if change is not None:
            change.add(light, rows)
        yield rows


class Coloring:
    """Gives light a color, keeping its lightness.

    The curves are tables: a scan has millions of pixels.
    """

    def __init__(self) -> None:
        light = np.arange(_LIGHTS, dtype=np.float32) / np.float32(_LIGHTS - 1)
        self._f = (lightness_from_gray(light) + np.float32(16)) / np.float32(116)
        linear = np.arange(_LINEARS, dtype=np.float32) / np.float32(_LINEARS - 1)
        self._encoded = _quantized(linear_to_srgb(linear))

    def __call__(self, light: Plane, ab: NDArray[np.float32]) -> Rows:
        """Color some rows.

        Args:
            light: (n, W) float32, sRGB-encoded gray, 0..1.
            ab: (n, W, 2) float32, CIELAB a* and b*.

        Returns:
            (n, W, 3) uint16 sRGB. Where a color leaves the gamut its chroma is reduced at constant
            lightness and hue.
        """
        f = self._f[_quantized(light)]
        linear = _linear_rgb(f, ab)
        outside = ~_shown(linear)
        if outside.any():
            linear[outside] = _paled(f[outside], ab[outside])
        np.clip(linear, 0, 1, out=linear)
        linear *= np.float32(_LINEARS - 1)
        linear += np.float32(0.5)
        return self._encoded[linear.astype(np.int32)]


def _linear_rgb(f: Plane, ab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear sRGB, (..., 3), of CIELAB colors; f is (L* + 16) / 116."""
    xyz = np.empty((*f.shape, 3), dtype=np.float32)
    xyz[..., 0] = f + ab[..., 0] * np.float32(1 / 500)
    xyz[..., 1] = f
    xyz[..., 2] = f - ab[..., 1] * np.float32(1 / 200)
    straight = (xyz - np.float32(4 / 29)) * np.float32(3 * (6 / 29) ** 2)
    xyz = np.where(xyz > np.float32(6 / 29), xyz * xyz * xyz, straight)
    return xyz @ _RGB_FROM_RELATIVE_XYZ.T


def _shown(linear: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which colors (..., 3) sRGB can show."""
    red, green, blue = linear[..., 0], linear[..., 1], linear[..., 2]
    least = np.minimum(np.minimum(red, green), blue)
    most = np.maximum(np.maximum(red, green), blue)
    return (least >= -_NOTHING) & (most <= 1 + _NOTHING)


def _paled(f: Plane, ab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear sRGB, (n, 3), of colors outside the gamut with just enough less chroma."""
    low, step = np.zeros_like(f), np.float32(0.5)
    for _ in range(_BISECTIONS):
        linear = _linear_rgb(f, ab * (low + step)[:, None])
        low[_shown(linear)] += step
        step /= 2
    return _linear_rgb(f, ab * low[:, None])


class JointChroma:
    """Chroma at full resolution, computed for the rows that are asked for.

    Args:
        light: (H, W) float32, 0..1.
        chroma: Small chroma of the same picture.
    """

    def __init__(self, light: Plane, chroma: Chroma):
        self._height, self._width = light.shape
        share = min(1.0, _JOINT_SIDE / max(light.shape))
        size = (max(1, round(self._width * share)), max(1, round(self._height * share)))
        guide = _lightness(cv2.resize(light, size, interpolation=cv2.INTER_AREA))
        ab = _upsampled_jointly(chroma.ab, guide)
        cell = max(guide.shape[0] / chroma.ab.shape[0], guide.shape[1] / chroma.ab.shape[1])
        radius = max(1, round(cell / 3))
        self._slope, self._offset = _guided(ab, guide, radius=radius)
        # The linear function must not invent colors that are not there.
        reach = np.ones((2 * radius + 1,) * 2, np.uint8)
        self._least, self._most = cv2.erode(ab, reach), cv2.dilate(ab, reach)

    def rows(self, strip: slice, light: Plane) -> NDArray[np.float32]:
        """Return a* and b* of some rows: (n, W, 2).

        Args:
            strip: Which rows.
            light: Their light, (n, W).
        """
        guide = _lightness(light)[..., None]
        ab = self._enlarged(self._slope, strip) * guide + self._enlarged(self._offset, strip)
        np.maximum(ab, self._enlarged(self._least, strip), out=ab)
        np.minimum(ab, self._enlarged(self._most, strip), out=ab)
        return ab

    def _enlarged(self, small: NDArray[np.float32], strip: slice) -> NDArray[np.float32]:
        return enlarged(small, strip, self._height, self._width)


def _lightness(light: Plane) -> Plane:
    """CIELAB lightness as 0..1: contrast as the eye sees it, which is where colors change."""
    return lightness_from_gray(np.clip(light, 0, 1)) / np.float32(100)


def _upsampled_jointly(ab: NDArray[np.float32], guide: Plane) -> NDArray[np.float32]:
    """Enlarge chroma to the size of the guide (joint bilateral upsampling, Kopf et al., 2007).

    Each pixel takes its color from the chroma cells around it that are as light as it is, and more
    from those that are of one lightness.
    """
    height, width = ab.shape[:2]
    own = cv2.resize(guide, (width, height), interpolation=cv2.INTER_AREA)
    squares = cv2.resize(guide * guide, (width, height), interpolation=cv2.INTER_AREA)
    purity = 1 / (1 + np.maximum(squares - own * own, np.float32(0)) / np.float32(_MIXED**2))
    y = (np.arange(guide.shape[0]) + 0.5) * (height / guide.shape[0]) - 0.5
    x = (np.arange(guide.shape[1]) + 0.5) * (width / guide.shape[1]) - 0.5
    total = np.zeros((*guide.shape, 2), dtype=np.float32)
    weight = np.zeros(guide.shape, dtype=np.float32)
    for down in range(-1, 3):
        rows = np.floor(y).astype(np.intp) + down
        near_rows = np.exp(-0.5 * ((rows - y) / _NEAR) ** 2).astype(np.float32)
        rows = np.clip(rows, 0, height - 1)
        for right in range(-1, 3):
            columns = np.floor(x).astype(np.intp) + right
            near_columns = np.exp(-0.5 * ((columns - x) / _NEAR) ** 2).astype(np.float32)
            columns = np.clip(columns, 0, width - 1)
            difference = guide - own[rows][:, columns]
            alike = np.exp(np.square(difference) * np.float32(-0.5 / _SAME_THING**2))
            # A floor: where nothing is alike, the nearest still count.
            share = (alike + np.float32(1e-3)) * purity[rows][:, columns]
            share *= near_rows[:, None] * near_columns
            weight += share
            total += share[..., None] * ab[rows][:, columns]
    total /= weight[..., None]
    return total


def _guided(
    ab: NDArray[np.float32], guide: Plane, *, radius: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Slope and offset, each (h, w, 2), of chroma as a local linear function of the guide."""

    def mean(plane: NDArray[Any]) -> NDArray[np.float32]:
        window = (2 * radius + 1, 2 * radius + 1)
        averaged: NDArray[np.float32] = cv2.blur(plane, window, borderType=cv2.BORDER_REFLECT)
        return averaged

    mean_guide, mean_ab = mean(guide), mean(ab)
    variance = np.maximum(mean(guide * guide) - mean_guide * mean_guide, np.float32(0))
    covariance = mean(ab * guide[..., None]) - mean_ab * mean_guide[..., None]
    slope = covariance / (variance + np.float32(_PLAIN))[..., None]
    offset = mean_ab - slope * mean_guide[..., None]
    return mean(slope), mean(offset)


def _quantized(picture: NDArray[np.float32]) -> Rows:
    return (np.clip(picture, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)
