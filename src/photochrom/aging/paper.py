"""What happens to the paper: creases, cracks, flaking, stains, foxing, worn edges, tears."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import (
    Plane,
    Shape,
    cover,
    draw_path,
    draw_specks,
    rough_noise,
    smooth_noise,
    smoothstep,
    wander,
)


def creases(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Fold a print: a broken white ridge where the emulsion came off, shaded on either side.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many folds.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    height, width = light.shape
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]
    for _ in range(count):
        angle = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, 0.08)
        normal_x, normal_y = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        through_x, through_y = rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height
        across = (x - np.float32(through_x)) * normal_x + (y - np.float32(through_y)) * normal_y
        along = (y - np.float32(through_y)) * normal_x - (x - np.float32(through_x)) * normal_y
        reach = float(np.hypot(height, width))
        knots = np.linspace(-reach, reach, max(8, int(reach / (3 * unit))))
        bend = unit * (1.2 * wander(len(knots), 2, rng) + 2.5 * wander(len(knots), 12, rng))
        broken = np.clip(0.55 + 0.75 * wander(len(knots), 3, rng), 0, 1)
        if rng.random() < 0.4:
            # Not every crease crosses the whole print.
            broken *= np.clip(
                3 - 3 * np.abs(knots - rng.uniform(-0.3, 0.3) * reach) / reach * 2, 0, 1
            )
        across = across - np.interp(along, knots, bend).astype(np.float32)
        presence = np.interp(along, knots, broken).astype(np.float32)
        ridge = np.float32(unit * rng.uniform(0.5, 1.6))
        slope = np.float32(unit * rng.uniform(2.5, 7))
        shade = across / slope * np.exp(-((across / slope) ** 2))
        deep = np.float32(rng.uniform(0.05, 0.3))
        light = light * (1 + deep * shade * (0.4 + 0.6 * presence))
        bare = np.exp(-((across / ridge) ** 2)) * presence * np.float32(rng.uniform(0.4, 1))
        light = cover(light, np.asarray(bare, np.float32), rng.uniform(0.8, 1.0))
    return np.asarray(light, np.float32)


def cracks(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Crack the emulsion: zigzag lines that branch, white with flakes missing beside them.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many cracks, each with its branches.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    height, width = light.shape
    for _ in range(count):
        layer = np.zeros((height, width), np.uint8)
        start = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        if rng.random() < 0.5:
            # Most begin where fingers bent the edge.
            side = int(rng.integers(2))
            start[side] = rng.choice([0, (width, height)[side]])
        to_center = np.array([width / 2, height / 2]) - start
        heading = np.arctan2(to_center[1], to_center[0]) + rng.normal(0, 0.7)
        branches = [(start, heading, rng.uniform(0.1, 0.5) * max(height, width))]
        for _ in range(int(rng.integers(1, 5))):
            place, heading, length = branches[int(rng.integers(len(branches)))]
            offset = rng.uniform(0.2, 0.8) * length
            fork = place + offset * np.array([np.cos(heading), np.sin(heading)])
            branches.append((fork, heading + rng.normal(0, 0.8), length * rng.uniform(0.2, 0.6)))
        for place, heading, length in branches:
            step = rng.uniform(3, 7) * unit
            count_of_steps = max(3, int(length / step))
            turns = heading + 0.7 * rng.standard_normal(count_of_steps)
            moves = step * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
            path = place + np.cumsum(moves, axis=0)
            widths = unit * np.clip(rng.lognormal(0, 0.6, len(path)), 0.4, 5)
            draw_path(layer, path, widths, np.full(len(path), rng.uniform(0.6, 1)))
            chips = path[rng.random(len(path)) < 0.12]
            sizes = unit * rng.lognormal(0.8, 0.5, len(chips))
            draw_specks(layer, chips, sizes, np.ones(len(chips)), rng)
        shadow = np.roll(layer, (1, 1), (0, 1))
        light = cover(light, shadow * np.float32(0.35 / 255), 0.1)
        light = cover(light, layer, rng.uniform(0.82, 1.0))
    return light


def flakes(light: Plane, amount: float, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Rub the emulsion off in ragged patches.

    Args:
        light: sRGB-encoded gray, 0..1.
        amount: 0 (none) .. 1 (about a tenth of the print).
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    if amount <= 0:
        return light
    where = smooth_noise(light.shape, max(light.shape) / 4, rng)
    ragged = rough_noise(light.shape, rng.uniform(9, 40) * unit, rng)
    field = np.asarray(0.55 * where + ragged, np.float32)
    edge = 1.15 - 0.6 * amount
    lost = smoothstep(field, edge, edge + 0.08)
    paper = rng.uniform(0.8, 1.0) + 0.03 * ragged
    return cover(light, lost, np.asarray(paper, np.float32))


def stains(shape: Shape, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Spill on a print: irregular areas with the dark tide line where the water dried.

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
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]
    for _ in range(count):
        radius = max(shape) * rng.uniform(0.04, 0.22)
        squeeze = rng.uniform(0.6, 1.6)
        dx = (x - np.float32(rng.uniform(0, width))) / np.float32(radius * squeeze)
        dy = (y - np.float32(rng.uniform(0, height))) / np.float32(radius / squeeze)
        form = np.sqrt(dx * dx + dy * dy) + 0.45 * rough_noise(shape, radius * 0.9, rng)
        inside = 1 - smoothstep(np.asarray(form, np.float32), 0.9, 1.0)
        line = np.float32(max(0.02, 1.5 * unit / radius) * rng.uniform(1, 3))
        tide = np.exp(-(((form - 0.92) / line) ** 2))
        depth, rim = rng.uniform(0.03, 0.25), rng.uniform(0.0, 0.3)
        stain = np.float32(depth) * inside + np.float32(rim) * tide
        swallowed = 1 - (1 - swallowed) * (1 - np.clip(stain, 0, 0.7))
    return np.asarray(swallowed, np.float32)


def foxing(shape: Shape, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Grow the brown spots of old paper.

    Args:
        shape: Height and width.
        count: How many spots.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.

    Returns:
        (H, W) float32: the share of the light that the spots swallow, 0..1.
    """
    layer = np.zeros(shape, np.uint8)
    if count == 0:
        return layer.astype(np.float32)
    centers = rng.uniform(0, 1, (count, 2)) * (shape[1], shape[0])
    radii = unit * np.clip(rng.lognormal(1.0, 0.6, count), 1, 12)
    draw_specks(layer, centers, radii, rng.uniform(0.2, 0.9, count), rng)
    soft = cv2.GaussianBlur(layer, (0, 0), max(0.6, unit * rng.uniform(0.6, 1.8)))
    return np.asarray(soft * np.float32(rng.uniform(0.25, 0.6) / 255), np.float32)


def worn_edges(
    light: Plane, amount: float, rng: np.random.Generator, *, unit: float = 1.0
) -> Plane:
    """Wear the edges and corners down to the paper.

    Args:
        light: sRGB-encoded gray, 0..1.
        amount: 0 (none) .. 1 (deeply worn).
        rng: Where the form comes from.
        unit: Width of a fine line on this scan, in pixels.
    """
    if amount <= 0:
        return light
    height, width = light.shape
    from_side, from_end = (
        1 + np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32)
        for side in (height, width)
    )
    from_side, from_end = from_side[:, None], from_end[None]
    # Hands hold some places more often than others.
    held = smooth_noise(light.shape, max(height, width) / 4, rng)
    depth = np.float32(unit) * (2 + 14 * np.float32(amount)) * np.clip(0.55 + held, 0.05, 1.5)
    # In the corners two worn edges meet.
    inward = np.minimum(from_side, from_end) / depth
    inward = inward + 0.5 * np.minimum((from_side + from_end) / (3 * depth), 1)
    ragged = rough_noise(light.shape, 9 * unit, rng)
    lost = 1 - smoothstep(np.asarray(inward + 0.9 * ragged, np.float32), 0.35, 0.65)
    return cover(light, lost, np.asarray(rng.uniform(0.82, 0.97) + 0.05 * ragged, np.float32))


def tears(
    light: Plane, rips: int, corners: int, rng: np.random.Generator, *, unit: float = 1.0
) -> tuple[Plane, Plane]:
    """Tear a print: rips that run in from an edge, and corners that are gone.

    Args:
        light: sRGB-encoded gray, 0..1.
        rips: How many rips.
        corners: How many corners are missing, up to 4.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.

    Returns:
        The torn print, and (H, W) 0..1 where nothing is left of it and the scanner's lid is seen.
    """
    height, width = light.shape
    gone = np.zeros((height, width), np.uint8)
    fiber = np.zeros((height, width), np.uint8)
    for _ in range(rips):
        side = int(rng.integers(2))
        place = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        inward = np.zeros(2)
        far = bool(rng.random() < 0.5)
        place[side] = (width, height)[side] if far else 0
        inward[side] = -1.0 if far else 1.0
        count = int(rng.integers(6, 20))
        length = rng.uniform(0.06, 0.35) * max(height, width)
        heading = np.arctan2(inward[1], inward[0]) + rng.normal(0, 0.4)
        turns = heading + 0.5 * rng.standard_normal(count) + 0.3 * wander(count, 4, rng)
        path = place + np.cumsum(length / count * np.stack([np.cos(turns), np.sin(turns)], -1), 0)
        path = np.vstack([place, path])
        taper = np.linspace(1, 0.2, len(path))
        draw_path(fiber, path, unit * rng.uniform(2, 6) * taper, np.full(len(path), 1.0))
        draw_path(gone, path, unit * rng.uniform(0.5, 2) * taper, np.full(len(path), 1.0))
    for corner in rng.permutation(4)[: min(corners, 4)]:
        reach_x, reach_y = rng.uniform(0.03, 0.12, 2) * max(height, width)
        corner_x, corner_y = (corner % 2) * width, (corner // 2) * height
        sign_x, sign_y = 1 - 2 * (corner % 2), 1 - 2 * (corner // 2)
        t = np.linspace(0, 1, 14)
        ragged = 1 + 0.06 * rng.standard_normal(14)
        line_x, line_y = corner_x + sign_x * reach_x * t, corner_y + sign_y * reach_y * (1 - t)
        line = np.stack(
            [
                corner_x + (line_x - corner_x) * ragged,
                corner_y + (line_y - corner_y) * ragged,
            ],
            axis=-1,
        )
        outline = np.vstack([line, [[corner_x, corner_y]]])
        cv2.fillPoly(gone, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        draw_path(fiber, line, np.full(14, unit * rng.uniform(2, 6)), np.full(14, 1.0))
    light = cover(light, fiber, rng.uniform(0.85, 1.0))
    light = cover(light, gone, rng.choice([0.02, 0.97, rng.uniform(0.3, 0.9)]))
    return light, gone * np.float32(1 / 255)
