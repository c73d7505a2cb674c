"""Random fields and lines that everything in aging is made of."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""(H, W) float32."""

Shape = tuple[int, int]

# OpenCV draws at a sixteenth of a pixel.
_SHIFT = 4


def smooth_noise(shape: Shape, cell: float, rng: np.random.Generator) -> Plane:
    """Noise that varies over about `cell` pixels, within about -1..1."""
    cell = max(cell, 1.0)
    rows, columns = (int(np.ceil(side / cell)) + 3 for side in shape)
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    wide, high = round(columns * cell), round(rows * cell)
    field = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
    top, left = (int(cell * rng.uniform(0.5, 1.5)) for _ in range(2))
    return np.ascontiguousarray(field[top : top + shape[0], left : left + shape[1]])


def rough_noise(shape: Shape, cell: float, rng: np.random.Generator, octaves: int = 4) -> Plane:
    """Noise of several sizes, each half as wide and half as strong as the one before; -1..1."""
    total = np.zeros(shape, np.float32)
    strength = 1.0
    for _ in range(octaves):
        total += np.float32(strength) * smooth_noise(shape, cell, rng)
        cell, strength = cell / 2, strength / 2
        if cell < 1:
            break
    return total * np.float32(0.6)


def wander(count: int, smoothness: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A line of `count` values within about -1..1 that changes over about `smoothness` of them."""
    knots = max(2, int(np.ceil(count / max(smoothness, 1.0))) + 1)
    return np.interp(np.linspace(0, knots - 1, count), np.arange(knots), rng.uniform(-1, 1, knots))


def smoothstep(x: Plane, low: float, high: float) -> Plane:
    """Pass from 0 at `low` to 1 at `high`, without corners."""
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def draw_path(
    layer: NDArray[np.uint8],
    points: NDArray[np.float64],
    widths: NDArray[np.float64],
    strengths: NDArray[np.float64],
) -> None:
    """Draw a line of varying width and strength on a layer of coverage, in place.

    Args:
        layer: (H, W) uint8; 255 covers wholly.
        points: (n, 2) x, y in pixels.
        widths: (n,) in pixels; below one pixel the line gets weaker instead of thinner.
        strengths: (n,) 0..1.
    """
    fixed = np.round(points * (1 << _SHIFT)).astype(np.int64).clip(-(2**24), 2**24).tolist()
    shades = (255 * np.clip(strengths, 0, 1) * np.minimum(widths, 1)).astype(int).tolist()
    thick = np.maximum(1, np.round(widths)).astype(int).tolist()
    for i in range(len(fixed) - 1):
        if shades[i] > 4:
            cv2.line(layer, fixed[i], fixed[i + 1], shades[i], thick[i], cv2.LINE_AA, _SHIFT)


def draw_specks(
    layer: NDArray[np.uint8],
    centers: NDArray[np.float64],
    radii: NDArray[np.float64],
    strengths: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Draw irregular specks on a layer of coverage, in place.

    Args:
        layer: (H, W) uint8; 255 covers wholly.
        centers: (n, 2) x, y in pixels.
        radii: (n,) in pixels; below 0.7 a speck gets weaker instead of smaller.
        strengths: (n,) 0..1.
        rng: Where their forms come from.
    """
    count, corners = len(centers), 7
    strengths = strengths * np.minimum(1, radii / 0.7)
    radii = np.maximum(radii, 0.7)
    angles = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 0.7, (count, corners))) / corners
    reach = radii[:, None] * rng.uniform(0.6, 1.4, (count, corners))
    squeeze, turn = rng.uniform(0.4, 1.0, (count, 1)), rng.uniform(0, np.pi, (count, 1))
    x, y = reach * np.cos(angles), reach * np.sin(angles) * squeeze
    turned_x = x * np.cos(turn) - y * np.sin(turn)
    turned_y = x * np.sin(turn) + y * np.cos(turn)
    outlines = centers[:, None] + np.stack([turned_x, turned_y], axis=-1)
    fixed = np.round(outlines * (1 << _SHIFT)).astype(np.int32)
    shades = (255 * np.clip(strengths, 0, 1)).astype(int).tolist()
    for outline, shade in zip(fixed, shades, strict=True):
        cv2.fillPoly(layer, [outline], shade, cv2.LINE_AA, _SHIFT)


def cover(light: Plane, layer: NDArray[np.uint8] | Plane, value: float | Plane) -> Plane:
    """Paint a value over a picture where a layer (uint8 0..255, or float 0..1) covers it."""
    coverage = layer * np.float32(1 / 255) if layer.dtype == np.uint8 else layer
    return np.asarray(light + coverage * (np.float32(value) - light), np.float32)
