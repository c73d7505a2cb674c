"""What lens, printing and time do to the tones of a whole print: softness, fading, tint.

None of it is a local defect, and no mask has any of it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging.fields import Plane, Shape, rough_noise, smooth_noise, smoothstep
from photochrom.colorspace import linear_to_srgb, srgb_from_lab, srgb_to_linear

_LUT_SIZE = 1024


def soften(
    light: Plane, sigma: float, *, corners: float = 0.0, axis: tuple[float, float] = (0.5, 0.5)
) -> Plane:
    """Blur as an old lens does: more towards the corners, where its field is curved.

    Blurred in light squared, which is near enough to linear light.

    Args:
        light: sRGB-encoded gray, 0..1.
        sigma: Of the Gaussian, in pixels; below 0.2 nothing happens.
        corners: Sigma of what is added in the corner farthest from the axis, in pixels.
        axis: Where the lens pointed, as shares of width and height.
    """
    if sigma < 0.2 and corners < 0.2:
        return light
    squared = np.clip(light, 0, 1) ** 2
    center = cv2.GaussianBlur(squared, (0, 0), sigma) if sigma >= 0.2 else squared
    if corners >= 0.2:
        height, width = light.shape
        x = np.linspace(0, 1, width, dtype=np.float32)[None] - np.float32(axis[0])
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None] - np.float32(axis[1])
        off = x * x + y * y
        # Between no blur and all of it lie two steps, so that mixing shows no double image.
        mid = cv2.GaussianBlur(center, (0, 0), max(0.2, corners / 2))
        far = cv2.GaussianBlur(center, (0, 0), corners)
        share = 2 * off / np.float32(off.max() + 1e-9)
        center = center + np.clip(share, 0, 1) * (mid - center)
        center = center + np.clip(share - 1, 0, 1) * (far - center)
    return np.asarray(np.sqrt(center), np.float32)


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
    """Fade: silver is lost from the shadows, paper darkens in the lights.

    Args:
        light: sRGB-encoded gray, 0..1.
        black: What black has become, 0..1.
        white: What white has become, 0..1.
    """
    return np.asarray(np.float32(black) + np.float32(white - black) * light, np.float32)


def fade_side(light: Plane, strength: float, rng: np.random.Generator) -> Plane:
    """Bleach one side of a print, as sun in a frame or a leak of light on the plate do.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Share of the darkness that is lost at the far end, 0..1.
        rng: Which side, how far in, how unevenly.
    """
    if strength <= 0:
        return light
    height, width = light.shape
    turn = rng.choice(4) * np.pi / 2 + rng.normal(0, 0.3)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None] * np.float32(np.cos(turn))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(np.sin(turn))
    uneven = 0.25 * smooth_noise((height, width), max(height, width) / 3, rng)
    begins = rng.uniform(-0.9, 0.5)
    bleached = smoothstep(np.asarray(x + y + uneven, np.float32), begins, 1.3)
    return np.asarray(
        light + np.float32(strength) * bleached * (np.float32(0.93) - light) * (light < 0.93),
        np.float32,
    )


def silver(shape: Shape, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Where silver has come to the surface: a ragged, mottled band along the edges, 0..1.

    Args:
        shape: Height and width.
        rng: Where the form of it comes from.
        unit: Width of a fine line on this scan, in pixels.
    """
    height, width = shape
    y = np.abs(np.linspace(-1, 1, height, dtype=np.float32))[:, None]
    x = np.abs(np.linspace(-1, 1, width, dtype=np.float32))[None]
    # Air comes in at some edges more than at others.
    one_sided = smooth_noise(shape, 0.8 * max(shape), rng)
    ragged = rough_noise(shape, max(shape) / 5, rng, octaves=5)
    band = smoothstep(
        np.asarray(np.maximum(x, y) + 0.3 * one_sided + 0.22 * ragged, np.float32), 0.5, 1.05
    )
    mottled = 0.9 + 0.2 * rough_noise(shape, 6 * unit, rng, octaves=2)
    return np.asarray(np.clip(band * mottled, 0, 1), np.float32)


def mirror(light: Plane, strength: float, silvered: Plane) -> Plane:
    """Lift the shadows where silver has come to the surface and shines.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Share of black's darkness that the sheen takes at most, 0..1. It falls with the
            third power of the light: where there is little silver, little can come up.
        silvered: Where, 0..1.
    """
    if strength <= 0:
        return light
    sheen = np.float32(0.6 * strength) * silvered
    return np.asarray(light + sheen * (1 - np.clip(light, 0, 1)) ** 3, np.float32)


def tint(
    light: Plane,
    *,
    sepia: float,
    hue: float,
    yellowing: float,
    brown: Plane,
    bare: Plane,
    sheen: Plane | None = None,
) -> NDArray[np.float32]:
    """Give a gray print the color of its toning and of its paper.

    Args:
        light: (H, W) sRGB-encoded gray, 0..1.
        sepia: Chroma of the toned silver in the middle tones, in CIELAB units.
        hue: Its hue angle in CIELAB, in degrees: 60 red-brown, 75 sepia, 95 olive.
        yellowing: Chroma of the paper in the lights, in CIELAB units.
        brown: (H, W) 0..1: where stains color the paper as well.
        bare: (H, W) 0..1: where no print is and one sees what lies under it.
        sheen: (H, W) 0..1: where silver shines, bluish; None for nowhere.

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
    if sheen is not None and sheen.any():
        # A mirror has no tone of its own; what it shows of the sky is a little blue.
        steel = light[..., None] * np.array([0.96, 0.995, 1.07], np.float32)
        color += (np.float32(0.8) * sheen * (1 - light))[..., None] * (steel - color)
    color += bare[..., None] * (light[..., None] - color)
    return np.clip(color, 0, 1)
