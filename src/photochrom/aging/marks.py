"""Fine marks on a print: scratches, film rain, dust, dirt and hairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.aging.fields import Plane, Shape, cover, draw_path, draw_specks, wander


def _path(
    start: tuple[float, float],
    angle: float,
    length: float,
    curl: float,
    step: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """A line that turns by about `curl` radians over its length, more or less steadily."""
    count = max(3, int(length / step) + 1)
    steady = np.linspace(0, rng.normal(0, curl), count)
    angles = angle + steady + 0.4 * curl * wander(count, count / 4, rng)
    steps = length / (count - 1) * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.asarray(start) + np.cumsum(steps, axis=0)


def _somewhere(shape: Shape, rng: np.random.Generator) -> tuple[float, float]:
    return rng.uniform(-0.05, 1.05) * shape[1], rng.uniform(-0.05, 1.05) * shape[0]


def scratches(
    light: Plane,
    count: int,
    rng: np.random.Generator,
    *,
    unit: float = 1.0,
    width: float = 1.0,
    dark: float = 0.25,
) -> Plane:
    """Scratch a print: curved lines of changing width and depth, here and there interrupted.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many; some come as bundles of parallel hairlines.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
        width: How many units wide they are at the median.
        dark: Share of dark ones; the others lay the paper bare.
    """
    for _ in range(count):
        shape = light.shape
        layer = np.zeros(shape, np.uint8)
        reach = float(np.hypot(*shape))
        length = reach * float(np.clip(rng.lognormal(-1.6, 0.8), 0.03, 1.2))
        path = _path(
            _somewhere(shape, rng),
            rng.uniform(0, 2 * np.pi),
            length,
            abs(rng.normal(0, 0.5)),
            max(3.0, 4 * unit),
            rng,
        )
        hairline = rng.random() < 0.5
        broad = unit * width * (rng.uniform(0.3, 0.9) if hairline else rng.lognormal(0.3, 0.5))
        depth = rng.uniform(0.35, 1.0)
        copies = int(rng.integers(2, 6)) if hairline and rng.random() < 0.3 else 1
        for _ in range(copies):
            offset = rng.normal(0, 5 * unit, 2) if copies > 1 else np.zeros(2)
            pressure = wander(len(path), 6, rng)
            strengths = depth * np.clip(0.75 + 0.6 * pressure, 0, 1)
            # The needle touches down and lifts off gently.
            ends = np.minimum(np.arange(len(path)), np.arange(len(path))[::-1])
            strengths *= np.clip((ends + 1) / 3, 0, 1)
            draw_path(layer, path + offset, broad * (1 + 0.4 * pressure), strengths)
        is_dark = rng.random() < dark
        value = rng.uniform(0, 0.2) if is_dark else rng.uniform(0.82, 1.0)
        light = cover(light, layer, value)
    return light


def rain(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Draw the long upright lines that a projector leaves on film.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many lines.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    height, width = light.shape
    for _ in range(count):
        layer = np.zeros((height, width), np.uint8)
        x = rng.uniform(0, width) + rng.normal(0, 0.004) * np.arange(0, height + 8, 8)
        x = x + unit * wander(len(x), 5, rng)
        y = np.arange(0, height + 8, 8.0)
        first, last = (0, len(y)) if rng.random() < 0.6 else sorted(rng.integers(0, len(y) + 1, 2))
        path = np.stack([x, y], axis=-1)[first:last]
        if len(path) < 2:
            continue
        strengths = rng.uniform(0.25, 0.9) * np.clip(0.8 + 0.5 * wander(len(path), 4, rng), 0, 1)
        draw_path(layer, path, np.full(len(path), unit * rng.uniform(0.5, 1.6)), strengths)
        light = cover(light, layer, 0.95 if rng.random() < 0.6 else 0.05)
    return light


def dust(
    light: Plane,
    count: int,
    rng: np.random.Generator,
    *,
    unit: float = 1.0,
    dark: float = 0.3,
) -> Plane:
    """Strew specks: dust on the negative prints white, dirt on the print is dark.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many; half of them lie in clusters.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
        dark: Share of dark ones.
    """
    if count == 0:
        return light
    height, width = light.shape
    centers = rng.uniform(-0.02, 1.02, (count, 2)) * (width, height)
    clusters = rng.uniform(0, 1, (3, 2)) * (width, height)
    spread = rng.uniform(0.05, 0.3) * max(height, width)
    clustered = rng.random(count) < 0.4
    homes = clusters[rng.integers(3, size=count)] + rng.normal(0, spread, (count, 2))
    centers[clustered] = homes[clustered]
    radii = unit * np.clip(rng.lognormal(-0.3, 0.6, count), 0.3, 6)
    strengths = rng.uniform(0.4, 1.0, count)
    is_dark = rng.random(count) < dark
    for chosen, low, high in ((is_dark, 0.02, 0.25), (~is_dark, 0.85, 1.0)):
        layer = np.zeros((height, width), np.uint8)
        draw_specks(layer, centers[chosen], radii[chosen], strengths[chosen], rng)
        light = cover(light, layer, rng.uniform(low, high))
    return light


def hairs(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Lay curled hairs and fibers on the scanner's glass or the enlarger's negative.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    for _ in range(count):
        layer = np.zeros(light.shape, np.uint8)
        length = unit * rng.uniform(12, 90)
        path = _path(
            _somewhere(light.shape, rng),
            rng.uniform(0, 2 * np.pi),
            length,
            rng.uniform(0.8, 3.5),
            max(2.0, 2 * unit),
            rng,
        )
        strengths = np.full(len(path), rng.uniform(0.4, 0.95))
        draw_path(layer, path, np.full(len(path), unit * rng.uniform(0.6, 1.5)), strengths)
        value = rng.uniform(0, 0.2) if rng.random() < 0.45 else rng.uniform(0.85, 1)
        light = cover(light, layer, value)
    return light
