"""What lens, printing and time do to the tones of a whole print: softness, fading, tint.

None of it is a defect: the restore network is not asked to undo it, the tone step is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging.fields import Plane, rough_noise
from photochrom.colorspace import linear_to_srgb, srgb_from_lab, srgb_to_linear

_LUT_SIZE = 1024


def soften(light: Plane, sigma: float) -> Plane:
    """Blur as an old lens does.

    Args:
        light: sRGB-encoded gray, 0..1.
        sigma: Of the Gaussian, in pixels; below 0.2 nothing happens.
    """
    if sigma < 0.2:
        return light
    return np.asarray(cv2.GaussianBlur(light, (0, 0), sigma), np.float32)


def vignette(light: Plane, strength: float) -> Plane:
    """Darken the corners, in linear light, with the fourth power of the cosine of the angle.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Share of the light that the corners lose, 0..1.
    """
    if strength <= 0:
        return light
    height, width = light.shape
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    # cos^4 of an angle whose squared tangent is t is 1 / (1 + t)^2.
    corner = 1 / np.sqrt(1 - min(strength, 0.95)) - 1
    fall = 1 / (1 + np.float32(corner / 2) * (x * x + y * y)) ** 2
    return linear_to_srgb(srgb_to_linear(light) * fall)


def curve(light: Plane, gamma: float, contrast: float) -> Plane:
    """Print on paper of another exposure and grade.

    Args:
        light: sRGB-encoded gray, 0..1.
        gamma: Exponent; above 1 darkens.
        contrast: -1..1: flattens or steepens the middle; black and white stay.
    """
    light = np.clip(light, 0, 1) ** np.float32(gamma)
    bend = light * light * (3 - 2 * light) - light
    return np.asarray(light + np.float32(contrast) * bend, np.float32)


def fade(light: Plane, black: float, white: float) -> Plane:
    """Fade: silver is lost from the shadows, paper darkens in the lights."""
    return np.asarray(np.float32(black) + np.float32(white - black) * light, np.float32)


def mirror(light: Plane, strength: float, rng: np.random.Generator) -> Plane:
    """Lift the shadows towards the edges, where silver has come to the surface and shines.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: How much of the shadows' darkness is lost at the edges, 0..1.
        rng: Where the form of the sheen comes from.
    """
    if strength <= 0:
        return light
    height, width = light.shape
    y = np.abs(np.linspace(-1, 1, height, dtype=np.float32))[:, None]
    x = np.abs(np.linspace(-1, 1, width, dtype=np.float32))[None]
    ragged = rough_noise(light.shape, max(height, width) / 5, rng, octaves=3)
    sheen = np.clip((np.maximum(x, y) - np.float32(0.55) + 0.25 * ragged) / 0.45, 0, 1)
    return np.asarray(light + np.float32(strength) * sheen * (1 - light) ** 3 * 0.6, np.float32)


def tint(
    light: Plane, *, sepia: float, hue: float, yellowing: float, brown: Plane, bare: Plane
) -> NDArray[np.float32]:
    """Give a gray print the color of its toning and of its paper.

    Args:
        light: (H, W) sRGB-encoded gray, 0..1.
        sepia: Chroma of the toned silver in the middle tones, in CIELAB units.
        hue: Its hue angle in CIELAB, in degrees: 60 red-brown, 75 sepia, 95 olive.
        yellowing: Chroma of the paper in the lights, in CIELAB units.
        brown: (H, W) 0..1: where stains color the paper as well.
        bare: (H, W) 0..1: where no print is and one sees what lies under it.

    Returns:
        (H, W, 3) float32 sRGB-encoded, 0..1. Its lightness is that of `light`.
    """
    values = np.linspace(0, 1, _LUT_SIZE, dtype=np.float32)
    lightness = 116 * np.cbrt(np.maximum(srgb_to_linear(values), 0.008856)) - 16
    middle = 4 * values * (1 - values)
    paper = values**1.5
    angle = np.deg2rad(hue)
    a = sepia * middle * np.cos(angle) + yellowing * paper * 0.08
    b = sepia * middle * np.sin(angle) + yellowing * paper
    plain = srgb_from_lab(np.stack([lightness, a, b], axis=-1))
    stained = srgb_from_lab(np.stack([lightness, a + 6, b + 22], axis=-1))
    weight = brown[..., None]
    flat = light.ravel()
    toned, soiled = (
        np.stack([np.interp(flat, values, lut[:, c]) for c in range(3)], axis=-1)
        .reshape(*light.shape, 3)
        .astype(np.float32)
        for lut in (plain, stained)
    )
    color = toned + weight * (soiled - toned)
    color += bare[..., None] * (light[..., None] - color)
    return np.clip(color, 0, 1)
