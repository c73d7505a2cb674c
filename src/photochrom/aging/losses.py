"""Where emulsion or paper is gone: flakes, worn edges, rips and missing corners."""

from __future__ import annotations

import numpy as np

from photochrom.aging.fields import (
    Plane,
    bare_paper,
    cover,
    draw_path,
    normals,
    rough_noise,
    shards,
    smooth_noise,
    smoothstep,
    wander,
    window,
)


def flakes(light: Plane, amount: float, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Lose emulsion: brittle, in angular pieces with a standing edge; or rubbed off, ragged.

    Args:
        light: sRGB-encoded gray, 0..1.
        amount: 0 (none) .. 1 (about a tenth of the print).
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    if amount <= 0:
        return light
    shape = (light.shape[0], light.shape[1])
    where = smooth_noise(shape, max(shape) / 4, rng)
    share = 0.1 * amount * float(rng.uniform(0.5, 1.3))
    if rng.random() < 0.6:
        size = unit * float(rng.uniform(5, 16))
        pieces, centers = shards(shape, size, 0.2 * size, rng)
        column, row = centers.astype(int).T
        # A piece goes easily where its neighbors went.
        weak = where + rough_noise(shape, 4 * size, rng, octaves=2)
        hold = weak[row, column] + rng.normal(0, 0.15, len(centers))
        gone = hold > np.quantile(hold, 1 - share)
        lost = gone[pieces].astype(np.float32)
        # Emulsion is thick enough to stand in its own light.
        step = max(1, round(0.8 * unit))
        wide = np.pad(lost, step)
        lit, shadow = wide[2 * step :, 2 * step :], wide[: -2 * step, : -2 * step]
        rim = (1 - lost) * (np.float32(0.2) * lit - np.float32(0.45) * shadow)
        light = np.asarray(light * (1 + rim), np.float32)
    else:
        field = np.asarray(
            0.55 * where + rough_noise(shape, rng.uniform(9, 40) * unit, rng, octaves=6), np.float32
        )
        edge = float(np.quantile(field, 1 - share))
        lost = smoothstep(field, edge - 0.02, edge + 0.06)
        # Around the bare place the emulsion is thinned, grain by grain.
        thinned = smoothstep(field, edge - 0.3, edge) * (rng.random(shape) < 0.25)
        lost = np.maximum(lost, np.asarray(0.45 * thinned, np.float32))
    return cover(light, lost, bare_paper(shape, rng, unit=unit))


def worn_edges(
    light: Plane, amount: float, rng: np.random.Generator, *, unit: float = 1.0
) -> Plane:
    """Wear the edges and corners down to the paper: a white rim, thick and thin, with nicks.

    Args:
        light: sRGB-encoded gray, 0..1.
        amount: 0 (none) .. 1 (deeply worn).
        rng: Where the form comes from.
        unit: Width of a fine line on this scan, in pixels.
    """
    if amount <= 0:
        return light
    height, width = light.shape
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]

    def rim(length: int) -> Plane:
        """How deep one edge is worn along it, in pixels."""
        held = wander(length, 60 * unit, rng) + 0.5 * wander(length, 12 * unit, rng)
        nicks = np.clip(wander(length, 4 * unit, rng) - 0.75, 0, 1) * rng.uniform(4, 30)
        even = 0.6 + 2.2 * amount
        return np.asarray(unit * (even * np.clip(0.8 + held, 0, 2) + amount * nicks), np.float32)

    ragged = rough_noise((height, width), 5 * unit, rng, octaves=3)
    # How far within the worn rim, in pixels. Where an edge is hardly touched there is none.
    within = np.full((height, width), -np.inf, np.float32)
    for distance, deep in (
        (y, rim(width)[None]),
        (height - 1 - y, rim(width)[None]),
        (x, rim(height)[:, None]),
        (width - 1 - x, rim(height)[:, None]),
    ):
        np.maximum(within, deep - np.float32(1.2 * unit) - distance, out=within)
    for corner in range(4):
        # Corners wear round: the lost part lies outside of a circle that touches both edges.
        reach = int(np.ceil(unit * amount * rng.uniform(2, 16)))
        rows = slice(0, reach) if corner < 2 else slice(max(0, height - reach), height)
        columns = slice(0, reach) if corner % 2 == 0 else slice(max(0, width - reach), width)
        from_y = y[rows] if corner < 2 else height - 1 - y[rows]
        from_x = x[:, columns] if corner % 2 == 0 else width - 1 - x[:, columns]
        outside = np.hypot(np.maximum(reach - from_x, 0), np.maximum(reach - from_y, 0)) - reach
        here = within[rows, columns]
        np.maximum(here, outside.astype(np.float32), out=here)
    lost = smoothstep(within + np.float32(unit) * ragged, -0.6 * unit, 0.6 * unit)
    return cover(light, lost, bare_paper((height, width), rng, unit=unit))


def tears(
    light: Plane, rips: int, corners: int, rng: np.random.Generator, *, unit: float = 1.0
) -> tuple[Plane, Plane]:
    """Tear a print: rips that run in from an edge, and corners that are gone.

    Paper tears aslant: along one side of a rip, and along what is left of a corner, its felt of
    white fibers lies bare.

    Args:
        light: sRGB-encoded gray, 0..1.
        rips: How many rips.
        corners: How many corners are missing, up to 4.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.

    Returns:
        The torn print, and (H, W) 0..1 where nothing is left of it and the scanner's lid is seen.
    """
    gone = np.zeros(light.shape, np.float32)
    if rips == 0 and corners == 0:
        return light, gone
    light = light.copy()
    lid = float(rng.choice([rng.uniform(0, 0.1), rng.uniform(0.9, 1), rng.uniform(0.3, 0.9)]))
    for _ in range(rips):
        _rip(light, gone, rng, unit)
    for corner in rng.permutation(4)[: min(corners, 4)]:
        _corner(light, gone, int(corner), rng, unit)
    return cover(light, gone, lid), gone


def _rip(light: Plane, gone: Plane, rng: np.random.Generator, unit: float) -> None:
    height, width = light.shape
    side = int(rng.integers(2))
    place = np.array([rng.uniform(0, width), rng.uniform(0, height)])
    inward = np.zeros(2)
    far = bool(rng.random() < 0.5)
    place[side] = (width, height)[side] if far else 0
    inward[side] = -1.0 if far else 1.0
    length = rng.uniform(0.06, 0.35) * max(height, width)
    count = max(8, int(length / (2.5 * unit)))
    heading = np.arctan2(inward[1], inward[0]) + rng.normal(0, 0.4)
    # A tear follows the fibers: small zigzag on long bends.
    turns = heading + 0.5 * rng.standard_normal(count) + 0.5 * wander(count, count / 4, rng)
    steps = length / count * np.stack([np.cos(turns), np.sin(turns)], -1)
    path = np.vstack([place, place + np.cumsum(steps, 0)])
    taper = np.linspace(1, 0.1, len(path))
    core = unit * rng.uniform(2, 8) * taper * np.clip(0.6 + 0.7 * wander(len(path), 5, rng), 0.1, 2)
    gap = unit * rng.uniform(0.4, 2) * taper
    where = window((height, width), path, float(core.max()) + 3)
    patch = light[where]
    if patch.size == 0:
        return
    here = path - (where[1].start, where[0].start)
    bared, open_ = np.zeros(patch.shape, np.uint8), np.zeros(patch.shape, np.uint8)
    aslant = normals(path) * rng.choice([-1.0, 1.0])
    draw_path(bared, here + aslant * (core / 2)[:, None], core, np.full(len(path), 0.95))
    draw_path(open_, here, gap, np.full(len(path), 1.0))
    paper = bare_paper((patch.shape[0], patch.shape[1]), rng, unit=unit)
    patch += bared * np.float32(1 / 255) * (paper - patch)
    gone[where] = np.maximum(gone[where], open_ * np.float32(1 / 255))


def _corner(light: Plane, gone: Plane, corner: int, rng: np.random.Generator, unit: float) -> None:
    height, width = light.shape
    reach_x, reach_y = rng.uniform(0.03, 0.14, 2) * max(height, width)
    margin = 14 * unit
    high = min(height, int(2 * reach_y + margin))
    wide = min(width, int(2 * reach_x + margin))
    # The window is turned so that the corner lies at its top left.
    flip_x, flip_y = corner % 2 == 1, corner >= 2
    rows = slice(height - high, height) if flip_y else slice(0, high)
    columns = slice(width - wide, width) if flip_x else slice(0, wide)
    turn = (slice(None, None, -1 if flip_y else 1), slice(None, None, -1 if flip_x else 1))
    patch, lost = light[rows, columns][turn], gone[rows, columns][turn]
    y = np.arange(high, dtype=np.float32)[:, None]
    x = np.arange(wide, dtype=np.float32)[None]
    # Distance from the line of the tear, in pixels: below 0 is gone.
    norm = np.hypot(reach_x, reach_y)
    line = (x * reach_y + y * reach_x - reach_x * reach_y) / norm
    bulge = rng.uniform(-0.25, 0.25) * norm * (x / reach_x) * (y / reach_y)
    ragged = rough_noise((high, wide), rng.uniform(0.2, 0.6) * norm, rng, octaves=6)
    distance = np.asarray(line + bulge + 0.16 * norm * ragged, np.float32)
    uneven = np.clip(0.6 + smooth_noise((high, wide), 8 * unit, rng), 0.1, 1.6)
    rim = np.float32(unit * rng.uniform(1, 7)) * uneven
    fibers = bare_paper((high, wide), rng, unit=unit)
    bared = 1 - smoothstep(np.asarray(distance - rim, np.float32), -0.8 * unit, 0.8 * unit)
    shadow = np.exp(-(((distance - rim - 1.3 * unit) / (1.2 * unit)) ** 2))
    patch *= np.asarray(1 - 0.3 * shadow * (1 - bared), np.float32)
    patch += bared * (fibers - patch)
    lost[:] = np.maximum(lost, 1 - smoothstep(distance, -0.6 * unit, 0.6 * unit))
