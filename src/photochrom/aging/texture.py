"""What covers the picture finely: grain, halftone, Newton's rings, scanner noise, JPEG blocks."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import Plane, rough_noise

# Grain is seen best in the middle tones and never quite gone in the lights and shadows.
_GRAIN_FLOOR = 0.25
# How strong the larger clouds are beside the clumps.
_CLOUDS = 0.22
# Light from a scanner's lamp stops interfering with itself after about so many fringes.
_COHERENT_FRINGES = 9.0


def grain_weight(light: Plane) -> Plane:
    """How strong grain is at each place, 1 in the middle gray.

    The granularity of a negative grows with the root of its density (Selwyn 1935), and so it is
    more in what prints light than in what prints dark; the paper shows it by the slope of its
    characteristic curve, which is steepest in the middle tones.

    Args:
        light: sRGB-encoded gray, 0..1.
    """
    tone = np.clip(light, 0, 1)
    slope = _GRAIN_FLOOR + (1 - _GRAIN_FLOOR) * 4 * tone * (1 - tone)
    return np.asarray(slope * np.sqrt((tone + np.float32(0.4)) / np.float32(0.9)), np.float32)


def grain(light: Plane, strength: float, size: float, rng: np.random.Generator) -> Plane:
    """Add the grain of a plate or film: clumps of silver, and looser clouds of clumps.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Standard deviation in the middle gray.
        size: Of a clump of silver, in pixels (sigma of a Gaussian); below 0.3 it is white noise.
        rng: Where it comes from.
    """
    if strength <= 0:
        return light
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    if size >= 0.3:
        clumps = cv2.GaussianBlur(noise, (0, 0), size)
        clouds = cv2.GaussianBlur(noise, (0, 0), 2.2 * size)
        # Sigma s divides the deviation of white noise by 2 sqrt(pi) s: this evens the two out.
        noise = clumps + np.float32(_CLOUDS * 2.2) * clouds
        noise /= np.float32(noise.std() + 1e-6)
    return np.asarray(light + np.float32(strength) * grain_weight(light) * noise, np.float32)


def halftone(light: Plane, pitch: float, angle: float, strength: float) -> Plane:
    """Print through a round-dot screen, as books and newspapers do.

    Args:
        light: sRGB-encoded gray, 0..1.
        pitch: Distance of dots, in pixels.
        angle: Of the screen, in degrees.
        strength: 0 (nothing) .. 1 (ink or paper, as sharp as the pitch allows).
    """
    height, width = light.shape
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]
    turn = np.deg2rad(angle)
    step = np.float32(2 * np.pi / pitch)
    u = step * (x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn)))
    v = step * (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn)))
    screen = 0.5 + 0.25 * (np.cos(u) + np.cos(v))
    edge = np.float32(1.2 / pitch + 0.12)
    dots = np.clip(0.5 + (light - (1 - screen)) / (2 * edge), 0, 1)
    return np.asarray(light + np.float32(strength) * (dots - light), np.float32)


def newton_rings(
    light: Plane, strength: float, rng: np.random.Generator, *, unit: float = 1.0
) -> Plane:
    """Lay the fringes over a picture that film leaves where it touches the scanner's glass.

    Around the point of contact the gap of air grows with the square of the distance, and each half
    wavelength of it makes a fringe (Newton 1704): they get closer outwards, and fainter.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Amplitude of the innermost fringes, as a share of the light.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    if strength <= 0:
        return light
    height, width = light.shape
    radius = unit * rng.uniform(20, 70)
    squeeze = rng.uniform(0.7, 1.4)
    x = (np.arange(width, dtype=np.float32) - rng.uniform(0, width))[None] / (radius * squeeze)
    y = (np.arange(height, dtype=np.float32) - rng.uniform(0, height))[:, None] * squeeze / radius
    gap = x * x + y * y + 0.6 * rough_noise((height, width), 3 * radius, rng, octaves=2)
    fringes = np.cos(2 * np.pi * gap) * np.exp(-((gap / _COHERENT_FRINGES) ** 2))
    return np.asarray(light * (1 + np.float32(strength) * fringes), np.float32)


def scan(
    light: Plane, *, blur: float, noise: float, jpeg: int | None, rng: np.random.Generator
) -> Plane:
    """Scan the print: a little blur, sensor noise, and maybe the blocks of JPEG.

    Args:
        light: sRGB-encoded gray, 0..1.
        blur: Sigma of the scanner's optics, in pixels.
        noise: Standard deviation of the sensor's noise in the middle gray; half as much again in
            black, where the encoding stretches it, and less in white.
        jpeg: Quality 1..100, or None for a scan that was never compressed.
        rng: Where the noise comes from.
    """
    if blur >= 0.2:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), blur), np.float32)
    if noise > 0:
        uneven = np.float32(noise) * (1.5 - np.clip(light, 0, 1))
        light = light + uneven * rng.standard_normal(light.shape, dtype=np.float32)
    light = np.clip(light, 0, 1)
    if jpeg is None:
        return light
    eight_bits = (light * 255 + 0.5).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", eight_bits, [cv2.IMWRITE_JPEG_QUALITY, jpeg])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return np.asarray(unpacked, np.float32) * np.float32(1 / 255)
