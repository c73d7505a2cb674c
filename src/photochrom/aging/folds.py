"""Where paper and emulsion broke: creases and cracks."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.aging.fields import (
    Line,
    Plane,
    draw_specks,
    normals,
    shards,
    smooth_noise,
    smoothstep,
    stroke,
    wander,
)


def creases(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Fold a print: a broken ridge where the emulsion came off, and the relief shaded beside it.

    Some cross the whole print; some, from a bent corner or a grip, begin at an edge and run out
    into a mere dent. Most ridges are white; in some, dirt has settled.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many folds.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    light = light.copy()
    height, width = light.shape
    reach = float(np.hypot(height, width))
    knots = np.linspace(-reach, reach, max(8, int(reach / (1.5 * unit))))
    y = np.arange(height, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None]
    for _ in range(count):
        angle = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, 0.08)
        normal_x, normal_y = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        through_x, through_y = rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height
        whole_across = (x - np.float32(through_x)) * normal_x + (
            y - np.float32(through_y)
        ) * normal_y
        slope = np.float32(unit * rng.uniform(1.8, 7))
        near = np.nonzero(np.abs(whole_across) < 3 * slope + 5 * np.float32(unit))
        along = (near[0] - through_y) * normal_x - (near[1] - through_x) * normal_y

        # Paper breaks in small steps from fiber to fiber on top of a slow bend.
        steps = 0.55 * wander(len(knots), 1.5, rng) + 1.1 * wander(len(knots), 5, rng)
        bend = unit * (steps + 2.5 * wander(len(knots), 25, rng))
        lost = wander(len(knots), 3, rng) + 0.8 * wander(len(knots), 14, rng)
        broken = np.clip(rng.uniform(0.25, 0.75) + 0.8 * lost, 0, 1)
        dent = np.clip(0.75 + 0.4 * wander(len(knots), 30, rng), 0, 1)
        if rng.random() < 0.45:
            # From one side only: the break ends first, then the dent runs out.
            way = rng.choice([-1, 1]) * knots / reach - rng.uniform(-0.35, 0.35)
            broken *= np.clip(-4 * way, 0, 1)
            dent *= np.clip(0.8 - 2.5 * way, 0, 1)
        across = whole_across[near] - np.interp(along, knots, bend)
        presence, relief = np.interp(along, knots, broken), np.interp(along, knots, dent)

        # The lamp lights one flank of the ridge and leaves the other in shadow.
        flank = across / slope
        shade = rng.choice([-1, 1]) * rng.uniform(0.06, 0.34) * flank * np.exp(-np.abs(flank))
        dip = rng.uniform(0, 0.12) * np.exp(-(flank**2))
        ridge = unit * rng.uniform(0.4, 1.5) * (0.5 + 0.8 * presence)
        bare = np.exp(-((across / ridge) ** 2)) * presence * rng.uniform(0.5, 1)
        value = rng.uniform(0.82, 1.0)
        if rng.random() < 0.12:
            value, bare = rng.uniform(0.05, 0.25), 0.6 * bare**2
        shaded = light[near] * (1 + (shade - dip) * relief)
        light[near] = shaded + np.clip(1.15 * bare, 0, 1) * (value - shaded)
    return light


def cracks(light: Plane, count: int, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """Crack the emulsion: kinked white lines that swell and taper, fork, and cast a shadow.

    One in seven is a net of fine cracks (crazing) over part of the print instead.

    Args:
        light: sRGB-encoded gray, 0..1.
        count: How many cracks, each with its branches.
        rng: Where they come from.
        unit: Width of a fine line on this scan, in pixels.
    """
    light = light.copy()
    for _ in range(count):
        if rng.random() < 1 / 7:
            _crazing(light, rng, unit)
        else:
            _crack(light, rng, unit)
    return light


def _kinked(
    place: Line, heading: float, length: float, unit: float, kinks: int, rng: np.random.Generator
) -> Line:
    """A path of few straight runs, each a little uneven."""
    turns = heading + np.cumsum(rng.normal(0, 0.45, kinks))
    runs = length * rng.dirichlet(np.full(kinks, 2.5))
    corners = np.vstack(
        [place, place + np.cumsum(runs[:, None] * np.stack([np.cos(turns), np.sin(turns)], -1), 0)]
    )
    count = max(6, int(length / (2 * unit)))
    at = np.linspace(0, kinks, count)
    path = np.stack([np.interp(at, np.arange(kinks + 1), corners[:, c]) for c in range(2)], -1)
    return path + normals(path) * (0.6 * unit * wander(count, 2, rng))[:, None]


def _crack(light: Plane, rng: np.random.Generator, unit: float) -> None:
    height, width = light.shape
    start = np.array([rng.uniform(0, width), rng.uniform(0, height)])
    if rng.random() < 0.4:
        # Many begin where fingers bent the edge.
        side = int(rng.integers(2))
        start[side] = rng.choice([0, (width, height)[side]])
    to_center = np.array([width / 2, height / 2]) - start
    heading = float(np.arctan2(to_center[1], to_center[0]) + rng.normal(0, 0.9))
    longest = 0.5 * max(height, width)
    length = float(np.clip(unit * rng.lognormal(3.9, 0.7), 8 * unit, longest))
    broadest = unit * rng.lognormal(0.7, 0.5)
    value = rng.uniform(0.84, 1.0)
    shadow_side = rng.choice([-1.0, 1.0])
    branches = [(start, heading, length, broadest)]
    for _ in range(int(rng.choice(4, p=(0.4, 0.3, 0.2, 0.1)))):
        place, way, span, broad = branches[int(rng.integers(len(branches)))]
        fork = place + rng.uniform(0.2, 0.8) * span * np.array([np.cos(way), np.sin(way)])
        away = way + rng.choice([-1, 1]) * rng.uniform(0.4, 1.5)
        branches.append((fork, away, span * rng.uniform(0.25, 0.7), 0.6 * broad))
    for place, way, span, broad in branches:
        path = _kinked(place, way, span, unit, int(rng.integers(2, 6)), rng)
        lens = np.sqrt(np.sin(np.pi * np.linspace(0.06, 0.97, len(path))))
        widths = broad * lens * np.clip(0.65 + 0.6 * wander(len(path), 4, rng), 0.12, 1.4)
        aside = normals(path) * shadow_side
        fine = np.full(len(path), max(1.0, 0.9 * unit))
        # The edge of the emulsion stands up and throws a shadow; farther off a hairline follows.
        shadow = path + aside * (widths / 2 + 0.7 * unit)[:, None]
        stroke(light, shadow, fine, 0.6 * lens, 0.06)
        if rng.random() < 0.4:
            follows = path - aside * (widths / 2 + rng.uniform(2, 4) * unit)[:, None]
            stroke(light, follows, fine, 0.5 * lens * (wander(len(path), 5, rng) > -0.2), value)
        stroke(light, path, widths, np.clip(0.9 + 0.3 * wander(len(path), 3, rng), 0, 1), value)
        chips = path[rng.random(len(path)) < 0.04]
        if len(chips) == 0:
            continue
        layer = np.zeros(light.shape, np.uint8)
        draw_specks(layer, chips, 0.9 * broad * np.ones(len(chips)), np.ones(len(chips)), rng)
        light += layer * np.float32(1 / 255) * (np.float32(value) - light)


def _crazing(light: Plane, rng: np.random.Generator, unit: float) -> None:
    shape = (light.shape[0], light.shape[1])
    size = unit * rng.uniform(9, 30)
    pieces, _ = shards(shape, size, 0.7 * unit, rng)
    lines = np.zeros(shape, np.float32)
    lines[:, 1:] = pieces[:, 1:] != pieces[:, :-1]
    lines[1:] = np.maximum(lines[1:], pieces[1:] != pieces[:-1])
    lines = np.asarray(cv2.GaussianBlur(lines, (0, 0), 0.35 + 0.25 * unit), np.float32)
    where = smoothstep(smooth_noise(shape, max(shape) / 3, rng), 0.05, 0.55)
    uneven = np.clip(0.7 + 0.8 * smooth_noise(shape, 2 * size, rng), 0, 1)
    value = 0.9 if rng.random() < 0.6 else 0.12
    strength = np.float32(rng.uniform(0.5, 1.1)) * where * uneven
    light += np.clip(lines * strength, 0, 1) * (np.float32(value) - light)
