"""Fine marks on a print: scratches, film rain, dust, dirt and hairs."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import (
    Line,
    Plane,
    cover,
    draw_path,
    draw_specks,
    normals,
    stroke,
    wander,
    window,
)


def _path(
    start: tuple[float, float],
    angle: float,
    length: float,
    curl: float,
    step: float,
    rng: np.random.Generator,
) -> Line:
    """A line that turns by about `curl` radians over its length, more or less steadily."""
    count = max(4, int(length / step) + 1)
    steady = np.arange(count) * (rng.normal(0, curl) / count)
    angles = angle + steady + 0.4 * curl * wander(count, count / 4, rng)
    steps = length / (count - 1) * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.asarray(np.asarray(start) + np.cumsum(steps, axis=0))


def _somewhere(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[float, float]:
    return rng.uniform(-0.05, 1.05) * shape[1], rng.uniform(-0.05, 1.05) * shape[0]


def _taper(count: int) -> Line:
    """0 at both ends of a line, 1 in its middle: a lens seen from the side."""
    return np.sqrt(np.sin(np.pi * (np.arange(count) + 0.5) / count))


def scratches(
    light: Plane,
    count: int,
    rng: np.random.Generator,
    *,
    unit: float = 1.0,
    width: float = 1.0,
    dark: float = 0.25,
) -> Plane:
    """Scratch a print.

    Three kinds: long hairlines, some in bundles, that skip where the pressure was low; short
    scuffs, several beside each other; and gouges that swell and taper, with the burr that they
    raised in shadow on one side.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many; a bundle or a group of scuffs is one.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
        width: How many units wide they are at the median.
        dark: Share of dark ones, as a scratched negative prints them; the others lay paper bare.
    """
    light = light.copy()
    for _ in range(count):
        kind = rng.choice(3, p=(0.5, 0.28, 0.22))
        value = rng.uniform(0, 0.2) if rng.random() < dark else rng.uniform(0.82, 1.0)
        start, angle = _somewhere(light.shape, rng), rng.uniform(0, 2 * np.pi)
        if kind == 0:
            _hairlines(light, start, angle, value, unit, width, rng)
        elif kind == 1:
            _scuffs(light, start, angle, value, unit, width, rng)
        else:
            _gouge(light, start, angle, value, unit, width, rng)
    return light


def _hairlines(
    light: Plane,
    start: tuple[float, float],
    angle: float,
    value: float,
    unit: float,
    width: float,
    rng: np.random.Generator,
) -> None:
    length = float(np.hypot(*light.shape)) * float(np.clip(rng.lognormal(-1.5, 0.8), 0.04, 1.2))
    path = _path(start, angle, length, abs(rng.normal(0, 0.45)), max(3.0, 4 * unit), rng)
    copies = int(rng.integers(2, 6)) if rng.random() < 0.3 else 1
    for _ in range(copies):
        offset = rng.normal(0, 5 * unit, 2) if copies > 1 else np.zeros(2)
        pressure = wander(len(path), 6, rng) + 0.5 * wander(len(path), 1.5, rng)
        # Where a point hardly touches it leaves no mark: scratches skip.
        depth = rng.uniform(0.3, 1.0) * np.clip(0.7 + 0.75 * pressure, 0, 1)
        # The needle touches down and lifts off gently.
        ends = np.minimum(np.arange(len(path)), np.arange(len(path))[::-1])
        depth *= np.clip((ends + 1) / 4, 0, 1)
        broad = unit * width * rng.uniform(0.3, 1.2) * np.clip(1 + 0.5 * pressure, 0.3, 2)
        stroke(light, path + offset, broad, depth, value)


def _scuffs(
    light: Plane,
    start: tuple[float, float],
    angle: float,
    value: float,
    unit: float,
    width: float,
    rng: np.random.Generator,
) -> None:
    copies = int(rng.integers(1, 9))
    curve = _path((0.0, 0.0), angle, 1.0, abs(rng.normal(0, 0.7)), 1 / 7, rng)
    depth = _taper(len(curve))
    places = np.asarray(start) + rng.normal(0, rng.uniform(4, 25) * unit, (copies, 2))
    lengths = np.clip(unit * rng.lognormal(2.3, 0.6, copies), 2, 60 * unit)
    turns = rng.normal(0, 0.25, copies)
    where = window((light.shape[0], light.shape[1]), places, float(lengths.max()) + 3)
    patch = light[where]
    if patch.size == 0:
        return
    layer = np.zeros(patch.shape, np.uint8)
    for place, length, turn in zip(places, lengths, turns, strict=True):
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        path = place - (where[1].start, where[0].start) + length * curve @ turned
        broad = np.full(len(path), unit * width * rng.uniform(0.4, 1.3))
        draw_path(layer, path, broad, rng.uniform(0.2, 0.9) * depth)
    patch += layer * np.float32(1 / 255) * (np.float32(value) - patch)


def _gouge(
    light: Plane,
    start: tuple[float, float],
    angle: float,
    value: float,
    unit: float,
    width: float,
    rng: np.random.Generator,
) -> None:
    length = unit * rng.lognormal(3.8, 0.7)
    path = _path(start, angle, length, abs(rng.normal(0, 0.6)), max(1.5, 2 * unit), rng)
    swell = _taper(len(path)) * np.clip(0.7 + 0.6 * wander(len(path), 4, rng), 0.15, 1.3)
    broad = np.maximum(unit * width * rng.lognormal(0.75, 0.4) * swell, 0.3)
    # The burr: a fine dark line on the side away from the lamp, a faint light one beyond the other.
    side = normals(path) * rng.choice([-1.0, 1.0])
    fine = np.full(len(path), max(1.0, 0.8 * unit))
    away = side * (broad / 2 + 0.6 * unit)[:, None]
    stroke(light, path + away, fine, 0.55 * swell, 0.08)
    stroke(light, path - 1.8 * away, fine, rng.uniform(0, 0.4) * swell, value)
    torn = np.clip(0.85 + 0.4 * wander(len(path), 2, rng), 0, 1)
    stroke(light, path, broad, torn * rng.uniform(0.7, 1), value)


def rain(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Draw the long upright lines that a projector leaves on film.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many lines.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    light = light.copy()
    height, width = light.shape
    y = np.arange(0, height + 8, 8.0)
    for _ in range(count):
        x = rng.uniform(0, width) + rng.normal(0, 0.004) * y + unit * wander(len(y), 5, rng)
        first, last = (0, len(y)) if rng.random() < 0.6 else sorted(rng.integers(0, len(y) + 1, 2))
        path = np.stack([x, y], axis=-1)[first:last]
        if len(path) < 2:
            continue
        strengths = rng.uniform(0.25, 0.9) * np.clip(0.8 + 0.5 * wander(len(path), 4, rng), 0, 1)
        broad = unit * rng.uniform(0.5, 1.6) * (1 + 0.25 * wander(len(path), 6, rng))
        stroke(light, path, broad, strengths, 0.95 if rng.random() < 0.6 else 0.05)
    return light


def dust(
    light: Plane,
    count: int,
    rng: np.random.Generator,
    *,
    unit: float = 1.0,
    dark: float = 0.3,
) -> Plane:
    """Strew specks and lint: dust on the negative prints white, dirt on the print is dark.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many; two in five lie in clusters, one in nine is a curled thread.
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
    radii = unit * np.clip(rng.lognormal(-0.45, 0.65, count), 0.25, 6)
    strengths = rng.uniform(0.35, 1.0, count)
    is_dark, is_lint = rng.random(count) < dark, rng.random(count) < 0.11
    for chosen, low, high in ((is_dark, 0.02, 0.25), (~is_dark, 0.85, 1.0)):
        layer = np.zeros((height, width), np.uint8)
        specks = chosen & ~is_lint
        draw_specks(layer, centers[specks], radii[specks], strengths[specks], rng)
        for i in np.flatnonzero(chosen & is_lint):
            length, turn = unit * rng.uniform(3, 14), rng.uniform(0, 2 * np.pi)
            thread = _path((centers[i, 0], centers[i, 1]), turn, length, 1.2, 2 * unit, rng)
            fine = np.full(len(thread), 0.8 * unit)
            draw_path(layer, thread, fine, np.full(len(thread), strengths[i]))
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
        length = unit * float(np.clip(rng.lognormal(3.7, 0.6), 10, 160))
        curl = rng.uniform(0.6, 3.5)
        turn = rng.uniform(0, 2 * np.pi)
        path = _path(_somewhere(light.shape, rng), turn, length, curl, max(1.5, 2 * unit), rng)
        # Part of a hair stands off the glass: there it is out of focus and weaker.
        strengths = rng.uniform(0.5, 0.95) * np.clip(0.9 + 0.4 * wander(len(path), 8, rng), 0, 1)
        value = rng.uniform(0, 0.2) if rng.random() < 0.45 else rng.uniform(0.85, 1)
        broad = np.full(len(path), unit * rng.uniform(0.6, 1.5))
        layer = np.zeros(light.shape, np.uint8)
        draw_path(layer, path, broad, strengths)
        if rng.random() < 0.3:
            layer = np.asarray(
                cv2.GaussianBlur(layer, (0, 0), unit * rng.uniform(0.6, 1.2)), np.uint8
            )
        light = cover(light, layer, value)
    return light
