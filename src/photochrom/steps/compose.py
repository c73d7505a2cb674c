"""From light and small maps to the picture: the last moment, a strip of rows at a time.

The lightness of each pixel stays that of the plate: a color that sRGB cannot show at this lightness
is made paler, never darker or lighter. The one exception is a picture that was asked to have an
eye's tones (see `eye`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import (
    LUMINANCE,
    RGB_FROM_RELATIVE_XYZ,
    lightness_from_gray,
    linear_to_srgb,
    srgb_to_linear,
)
from photochrom.steps.curves import codes, lightness
from photochrom.steps.eye import Toning
from photochrom.steps.joint import Joint
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane, Plate
from photochrom.steps.strips import strips
from photochrom.threads import ahead

Rows = NDArray[np.uint16]

# Bisections for the largest chroma in gamut: to 1/64 of the chroma.
_BISECTIONS = 6
# By how much linear light may pass the gamut's border and still count as inside.
_NOTHING = 1e-5
# Entries of the table: linear light fine enough for the darkest 16-bit gray.
_LINEARS = 2**18
# Each holds some planes of its strip.
_MOST_THREADS = 4
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

    def shown(strip: slice) -> tuple[slice, Rows]:
        return strip, shown_of(strip)

    cut = strips(height, width, of=(plate.light,))
    # As many side by side as OpenCV may use threads (`limited_threads`): no strip asks another.
    threads = min(cv2.getNumThreads(), _MOST_THREADS)
    done = ahead(shown, cut, threads, lambda _: True) if threads > 1 else map(shown, cut)
    for strip, rows in done:
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
        return codes(seen) if chroma is None else coloring(seen, values[..., :2])

    return rows


def _cells(plate: Plate) -> NDArray[np.float32] | None:
    """The small maps that are to be joined to the light: a*, b* and an eye's tones."""
    maps = [] if plate.chroma is None else [plate.chroma.ab]
    if plate.eye is not None:
        maps.append(plate.eye[..., None])
    return np.concatenate(maps, axis=2) if maps else None


class Coloring:
    """Gives light a color, keeping its lightness.

    The curves are tables, and channels lie apart: a scan has millions of pixels.
    """

    def __init__(self) -> None:
        linear = np.arange(_LINEARS, dtype=np.float32) / np.float32(_LINEARS - 1)
        self._encoded = codes(linear_to_srgb(linear))

    def __call__(self, light: Plane, ab: NDArray[np.float32]) -> Rows:
        """Color some rows.

        Args:
            light: (n, W) float32, sRGB-encoded gray, 0..1.
            ab: (n, W, 2) float32, CIELAB a* and b*; fastest where each lies by itself.

        Returns:
            (n, W, 3) uint16 sRGB. Where a color leaves the gamut its chroma is reduced at constant
            lightness and hue.
        """
        f = lightness(light)
        f += np.float32(16)
        f /= np.float32(116)
        a, b = ab[..., 0], ab[..., 1]
        linear = _linear_rgb(f, a, b)
        outside = ~_shown(*linear)
        if outside.any():
            paled = _paled(f[outside], a[outside], b[outside])
            for channel, less in zip(linear, paled, strict=True):
                channel[outside] = less
        rows = np.empty((*light.shape, 3), np.uint16)
        for number, channel in enumerate(linear):
            channel *= np.float32(_LINEARS - 1)
            channel += np.float32(0.5)
            # What passes the ends of the table by next to nothing is taken for them.
            rows[..., number] = self._encoded.take(channel.astype(np.int32), mode="clip")
        return rows


def _linear_rgb(f: Plane, a: Plane, b: Plane) -> tuple[Plane, Plane, Plane]:
    """Linear sRGB of CIELAB colors, each of its channels; f is (L* + 16) / 116."""
    x = _cubed(f + a * np.float32(1 / 500))
    y = _cubed(f)
    z = _cubed(f - b * np.float32(1 / 200))
    red, green, blue = (
        x * of_x + y * of_y + z * of_z for of_x, of_y, of_z in RGB_FROM_RELATIVE_XYZ
    )
    return red, green, blue


def _cubed(t: Plane) -> Plane:
    """CIELAB's curve back to linear light: a cube, and a straight line next to black."""
    cube: Plane = t * t
    cube *= t
    dark = t <= np.float32(6 / 29)
    if dark.any():
        straight = t[dark]
        straight -= np.float32(4 / 29)
        straight *= np.float32(3 * (6 / 29) ** 2)
        cube[dark] = straight
    return cube


def _shown(red: Plane, green: Plane, blue: Plane) -> NDArray[np.bool_]:
    """Which colors sRGB can show."""
    least = np.minimum(np.minimum(red, green), blue)
    most = np.maximum(np.maximum(red, green), blue)
    shown: NDArray[np.bool_] = (least >= -_NOTHING) & (most <= 1 + _NOTHING)
    return shown


def _paled(f: Plane, a: Plane, b: Plane) -> tuple[Plane, Plane, Plane]:
    """Linear sRGB of colors outside the gamut, (n,), with just enough less chroma."""
    low, step = np.zeros_like(f), np.float32(0.5)
    for _ in range(_BISECTIONS):
        more = low + step
        low = np.where(_shown(*_linear_rgb(f, a * more, b * more)), more, low)
        step /= 2
    return _linear_rgb(f, a * low, b * low)
