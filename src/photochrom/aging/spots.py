"""What discolors the paper: stains and foxing."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import Plane, Shape, draw_specks, rough_noise, smoothstep


def stains(shape: Shape, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Spill on a print.

    Water leaves little inside but a tide line where it dried last, sharp towards the clean paper
    and soft inwards, sometimes several within each other. Coffee, oil and glue leave a darker,
    uneven patch with a soft rim.

    Args:
        shape: Height and width.
        count: How many.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.

    Returns:
        (H, W) float32: the share of the light that the stain swallows, 0..1.
    """
    swallowed = np.zeros(shape, np.float32)
    height, width = shape
    for _ in range(count):
        radius = max(shape) * rng.uniform(0.04, 0.24)
        squeeze = rng.uniform(0.6, 1.6)
        middle_x, middle_y = rng.uniform(0, width), rng.uniform(0, height)
        half_x, half_y = 2.1 * radius * squeeze, 2.1 * radius / squeeze
        left, right = max(0, int(middle_x - half_x)), min(width, int(middle_x + half_x) + 1)
        top, bottom = max(0, int(middle_y - half_y)), min(height, int(middle_y + half_y) + 1)
        y = np.arange(top, bottom, dtype=np.float32)[:, None]
        x = np.arange(left, right, dtype=np.float32)[None]
        here = (bottom - top, right - left)
        dx = (x - np.float32(middle_x)) / np.float32(radius * squeeze)
        dy = (y - np.float32(middle_y)) / np.float32(radius / squeeze)
        lobes = rough_noise(here, radius * 0.9, rng, octaves=6)
        # Below 0 within, in pixels from the rim.
        depth = np.asarray(
            np.float32(radius) * (np.sqrt(dx * dx + dy * dy) + 0.45 * lobes - 0.95), np.float32
        )
        uneven = 0.75 + 0.5 * rough_noise(here, radius * 0.5, rng)
        stain = np.zeros(here, np.float32)
        if rng.random() < 0.6:
            body, rim = rng.uniform(0.01, 0.12), rng.uniform(0.08, 0.35)
            stain += np.float32(body) * (1 - smoothstep(depth, -3 * unit, unit))
            for ring in range(int(rng.choice([1, 1, 2, 3]))):
                back = ring * radius * rng.uniform(0.06, 0.2)
                from_line = depth + np.float32(back)
                inward = np.float32(unit * rng.uniform(2, 7))
                line = np.exp(np.minimum(from_line, 0) / inward)
                line *= 1 - smoothstep(from_line, 0, 1.6 * unit)
                stain += np.float32(rim * 0.6**ring) * line * np.clip(1.6 * uneven - 0.4, 0, 1.3)
        else:
            body, soft = rng.uniform(0.08, 0.4), radius * rng.uniform(0.1, 0.5)
            stain += np.float32(body) * (1 - smoothstep(depth, -soft, 0.5 * soft)) * uneven
        patch = swallowed[top:bottom, left:right]
        patch += (1 - patch) * np.clip(stain, 0, 0.7)
    return swallowed


def foxing(shape: Shape, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Grow the brown spots of old paper: soft, mottled, in colonies, the larger with a dark heart.

    Args:
        shape: Height and width.
        count: How many spots.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.

    Returns:
        (H, W) float32: the share of the light that the spots swallow, 0..1.
    """
    swallowed = np.zeros(shape, np.float32)
    if count == 0:
        return swallowed
    extent = np.array([shape[1], shape[0]])
    colonies = rng.uniform(0, 1, (1 + count // 8, 2)) * extent
    centers = rng.uniform(0, 1, (count, 2)) * extent
    settled = rng.random(count) < 0.65
    spread = rng.uniform(0.04, 0.15) * max(shape)
    near = colonies[rng.integers(len(colonies), size=count)] + rng.normal(0, spread, (count, 2))
    centers[settled] = near[settled]
    radii = unit * np.clip(rng.lognormal(0.75, 0.65, count), 0.7, 14)
    strengths = rng.uniform(0.3, 1.0, count)
    # Spots of a size share one blur, which is what makes their rims soft.
    for small, large in ((0, 2 * unit), (2 * unit, 4.5 * unit), (4.5 * unit, np.inf)):
        chosen = (radii >= small) & (radii < large)
        if not chosen.any():
            continue
        layer = np.zeros(shape, np.uint8)
        draw_specks(layer, centers[chosen], radii[chosen], 0.75 * strengths[chosen], rng)
        size = float(radii[chosen].mean())
        spots = cv2.GaussianBlur(layer, (0, 0), max(0.6, 0.45 * size)).astype(np.float32)
        if size > 2 * unit:
            hearts = np.zeros(shape, np.uint8)
            off = centers[chosen] + rng.normal(0, 0.3 * size, (int(chosen.sum()), 2))
            draw_specks(hearts, off, 0.35 * radii[chosen], 0.8 * strengths[chosen], rng)
            spots += 0.7 * cv2.GaussianBlur(hearts, (0, 0), max(0.5, 0.12 * size))
        swallowed += spots
    swallowed *= 1 + 0.35 * rough_noise(shape, 4 * unit, rng, octaves=3)
    return np.asarray(np.clip(swallowed * np.float32(rng.uniform(0.25, 0.6) / 255), 0, 0.75))
