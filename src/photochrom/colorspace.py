"""sRGB, linear light and CIELAB, in plain numpy.

Everything is float32 in and out, of any leading shape. sRGB values lie in 0..1; nothing here clips,
so that a caller can see by how much a color leaves the gamut.

Sources: IEC 61966-2-1 (sRGB), CIE 15:2004 (CIELAB, illuminant D65, 2 degree observer).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

# Linear sRGB to CIE XYZ (D65), and the white point that its rows sum to.
_XYZ_FROM_RGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _XYZ_FROM_RGB.sum(axis=1)
# Dividing by the white point here makes neutral grays come out at a* = b* = 0 exactly.
_RELATIVE_XYZ_FROM_RGB = (_XYZ_FROM_RGB / _WHITE[:, None]).astype(np.float32)
RGB_FROM_RELATIVE_XYZ = np.linalg.inv(_XYZ_FROM_RGB / _WHITE[:, None]).astype(np.float32)
"""(3, 3): CIE XYZ, each divided by that of white (D65), to linear sRGB."""
LUMINANCE = _XYZ_FROM_RGB[1].astype(np.float32)
"""(3,): the shares of linear sRGB in luminance; they sum to 1."""

# Where CIELAB's cube root gives way to its straight part.
_EPSILON = (6 / 29) ** 3
_SLOPE = (29 / 6) ** 2 / 3
_OFFSET = 4 / 29


def srgb_to_linear(x: ArrayLike) -> Floats:
    """Decode sRGB values to linear light.

    Args:
        x: sRGB-encoded values, 0..1. Values below 0 continue the straight part of the curve.

    Returns:
        Linear light, float32, of the same shape.
    """
    x = np.asarray(x, dtype=np.float32)
    curve = ((np.maximum(x, 0.0) + np.float32(0.055)) / np.float32(1.055)) ** np.float32(2.4)
    return np.where(x <= 0.04045, x / np.float32(12.92), curve)


def linear_to_srgb(x: ArrayLike) -> Floats:
    """Encode linear light as sRGB; the inverse of `srgb_to_linear`.

    Args:
        x: Linear light, 0..1. Values below 0 continue the straight part of the curve.

    Returns:
        sRGB-encoded values, float32, of the same shape.
    """
    x = np.asarray(x, dtype=np.float32)
    curve = np.float32(1.055) * np.maximum(x, 0.0) ** np.float32(1 / 2.4) - np.float32(0.055)
    return np.where(x <= 0.0031308, x * np.float32(12.92), curve)


def _lab_curve(t: Floats) -> Floats:
    return np.where(t > _EPSILON, np.cbrt(t), t * np.float32(_SLOPE) + np.float32(_OFFSET))


def _lab_curve_inverse(f: Floats) -> Floats:
    return np.where(f > 6 / 29, f * f * f, (f - np.float32(_OFFSET)) / np.float32(_SLOPE))


def lab_from_srgb(rgb: ArrayLike) -> Floats:
    """Convert sRGB to CIELAB (D65, 2 degrees).

    Args:
        rgb: (..., 3) sRGB-encoded values, 0..1.

    Returns:
        (..., 3) float32: L* 0..100, a* and b* about -110..110.
    """
    xyz = srgb_to_linear(rgb) @ _RELATIVE_XYZ_FROM_RGB.T
    f = _lab_curve(xyz)
    x, y, z = np.moveaxis(f, -1, 0)
    lab: Floats = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return lab


def srgb_from_lab(lab: ArrayLike) -> Floats:
    """Convert CIELAB (D65, 2 degrees) to sRGB, without clipping.

    Args:
        lab: (..., 3) L* 0..100, a*, b*.

    Returns:
        (..., 3) float32 sRGB-encoded values; outside 0..1 where the color is outside the gamut.
    """
    light, a, b = np.moveaxis(np.asarray(lab, dtype=np.float32), -1, 0)
    y = (light + np.float32(16)) / np.float32(116)
    f: Floats = np.stack([y + a / np.float32(500), y, y - b / np.float32(200)], axis=-1)
    return linear_to_srgb(_lab_curve_inverse(f) @ RGB_FROM_RELATIVE_XYZ.T)


def lightness_from_gray(v: ArrayLike) -> Floats:
    """Convert sRGB-encoded gray (0..1) to CIELAB lightness L* (0..100)."""
    return np.float32(116) * _lab_curve(srgb_to_linear(v)) - np.float32(16)


def gray_from_lightness(lightness: ArrayLike) -> Floats:
    """Convert CIELAB lightness L* (0..100) to sRGB-encoded gray (0..1)."""
    f: Floats = (np.asarray(lightness, dtype=np.float32) + np.float32(16)) / np.float32(116)
    return linear_to_srgb(_lab_curve_inverse(f))
