"""From light and small maps to the picture: the last moment, a strip of rows at a time.

The lightness of each pixel stays that of the plate: a color that sRGB cannot show at this lightness
is made paler, never darker or lighter. The one exception is a picture that was asked to have an
eye's tones (see `eye`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import (
    LUMINANCE,
    RGB_FROM_RELATIVE_XYZ,
    lightness_from_gray,
    linear_to_srgb,
    srgb_to_linear,
)
from photochrom.steps.eye import Toning
from photochrom.steps.joint import Joint
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane, Plate
from photochrom.steps.strips import strips

Rows = NDArray[np.uint16]

# Bisections for the largest chroma in gamut: to 1/64 of the chroma.
_BISECTIONS = 6
# By how much linear light may pass the gamut's border and still count as inside.
_NOTHING = 1e-5
# Entries of the tables: every 16-bit gray, and linear light fine enough for the darkest of them.
_LIGHTS, _LINEARS = 2**16, 2**18
_NO_MAPS = np.empty((0, 0, 0), dtype=np.float32)


class LuminanceChange:
    """Collects by how much the lightness of a picture differs from the plate's light."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._largest = 0.0
        self._linear = srgb_to_linear(np.arange(65536, dtype=np.float32) / 65535)

    def add(self, light: Plane, rows: Rows) -> None:
        """Compare some rows of the picture, (n, W, 3) or (n, W), with their light, (n, W)."""
        linear = self._linear[rows]
        luminance = linear @ LUMINANCE if rows.ndim == 3 else linear
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
    shown_of = compose_rows(plate)
    for strip in strips(height, width, of=(plate.light,)):
        rows = shown_of(strip)
        if change is not None:
            change.add(plate.light[strip], rows)
        yield rows


def compose_rows(plate: Plate) -> Callable[[slice], Rows]:
    """What makes any rows of the picture.

    Args:
        plate: Light and, if it has been colored, chroma.

    Returns:
        Gives the rows of a slice, as `compose` does.
    """
    cells, chroma = _cells(plate), plate.chroma
    joint = None
    if cells is not None:
        measured, paint = (False, None) if chroma is None else (chroma.measured, chroma.paint)
        joint = Joint(plate.light, cells, measured=measured, paint=paint)
    let_go(plate.light)
    coloring, toning = Coloring(), Toning()

    def rows(strip: slice) -> Rows:
        light = plate.light[strip]
        values = _NO_MAPS if joint is None else joint.rows(strip, light)
        seen = light if plate.eye is None else toning(light, values[..., -1])
        return _quantized(seen) if chroma is None else coloring(seen, values[..., :2])

    return rows


def _cells(plate: Plate) -> NDArray[np.float32] | None:
    """The small maps that are to be joined to the light: a*, b* and an eye's tones."""
    maps = [] if plate.chroma is None else [plate.chroma.ab]
    if plate.eye is not None:
        maps.append(plate.eye[..., None])
    return np.concatenate(maps, axis=2) if maps else None


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
    return xyz @ RGB_FROM_RELATIVE_XYZ.T


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


def _quantized(picture: NDArray[np.float32]) -> Rows:
    return (np.clip(picture, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)
