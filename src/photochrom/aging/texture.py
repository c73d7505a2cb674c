"""What covers the whole picture finely: grain, halftone screens, scanner noise, JPEG blocks."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import Plane

# Grain is seen best in the middle tones and never quite gone in the lights and shadows.
_GRAIN_FLOOR = 0.25


def grain(light: Plane, strength: float, size: float, rng: np.random.Generator) -> Plane:
    """Add the grain of a plate or film.

    Args:
        light: sRGB-encoded gray, 0..1.
        strength: Standard deviation in the middle tones.
        size: Of a clump of silver, in pixels (sigma of a Gaussian); below 0.3 it is white noise.
        rng: Where it comes from.
    """
    if strength <= 0:
        return light
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    if size >= 0.3:
        noise = cv2.GaussianBlur(noise, (0, 0), size)
        noise /= np.float32(noise.std() + 1e-6)
    density = np.clip(4 * light * (1 - light), 0, 1)
    return np.asarray(
        light + np.float32(strength) * (_GRAIN_FLOOR + (1 - _GRAIN_FLOOR) * density) * noise,
        np.float32,
    )


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


def scan(
    light: Plane, *, blur: float, noise: float, jpeg: int | None, rng: np.random.Generator
) -> Plane:
    """Scan the print: a little blur, sensor noise, and maybe the blocks of JPEG.

    Args:
        light: sRGB-encoded gray, 0..1.
        blur: Sigma of the scanner's optics, in pixels.
        noise: Standard deviation of the sensor's noise.
        jpeg: Quality 1..100, or None for a scan that was never compressed.
        rng: Where the noise comes from.
    """
    if blur >= 0.2:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), blur), np.float32)
    if noise > 0:
        light = light + np.float32(noise) * rng.standard_normal(light.shape, dtype=np.float32)
    light = np.clip(light, 0, 1)
    if jpeg is None:
        return light
    eight_bits = (light * 255 + 0.5).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", eight_bits, [cv2.IMWRITE_JPEG_QUALITY, jpeg])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return np.asarray(unpacked, np.float32) * np.float32(1 / 255)
