"""Random fields, lines and specks that everything in aging is made of."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""(H, W) float32."""

Line = NDArray[np.float64]
"""(n,) along a path, or (n, 2) its points as x, y in pixels."""

Shape = tuple[int, int]

Window = tuple[slice, slice]
"""The rows and columns of a part of a picture."""

# OpenCV draws at a sixteenth of a pixel.
_SHIFT = 4
# Points per cell from which a smooth field is drawn well enough.
_KNOTS = 6
# Specks of a smaller radius, in pixels, have no form.
_TINY = 0.9
# Felt is the same everywhere: larger areas repeat a tile of this side, in pixels, mirrored.
_FELT = 96


def smooth_noise(shape: Shape, cell: float, rng: np.random.Generator) -> Plane:
    """Noise that varies over about `cell` pixels, within about -1..1."""
    if cell > 2 * _KNOTS:
        # So smooth that a smaller field, enlarged, is as good.
        shrink = int(cell / _KNOTS)
        less = (shape[0] // shrink + 2, shape[1] // shrink + 2)
        small = smooth_noise(less, cell / shrink, rng)
        large = cv2.resize(small, (less[1] * shrink, less[0] * shrink))
        return np.ascontiguousarray(large[: shape[0], : shape[1]], np.float32)
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


def wander(count: int, smoothness: float, rng: np.random.Generator) -> Line:
    """A line of `count` values within about -1..1 that changes over about `smoothness` of them."""
    knots = max(2, int(np.ceil(count / max(smoothness, 1.0))) + 1)
    at = np.arange(count) * ((knots - 1) / max(count - 1, 1))
    return np.asarray(np.interp(at, np.arange(knots), rng.uniform(-1, 1, knots)))


def smoothstep(x: Plane, low: float, high: float) -> Plane:
    """Pass from 0 at `low` to 1 at `high`, without corners."""
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def normals(path: Line) -> Line:
    """Unit vectors across a path, (n, 2)."""
    along = np.empty_like(path)
    along[1:-1] = path[2:] - path[:-2]
    along[0], along[-1] = path[1] - path[0], path[-1] - path[-2]
    along /= np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=-1))


def window(shape: Shape, points: Line, margin: float) -> Window:
    """The smallest part of a picture that holds all points and a margin; maybe an empty one."""
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin + 2
    left, right = (min(max(int(v), 0), shape[1]) for v in (low[0], high[0]))
    top, bottom = (min(max(int(v), 0), shape[0]) for v in (low[1], high[1]))
    return slice(top, bottom), slice(left, right)


def draw_path(layer: NDArray[np.uint8], points: Line, widths: Line, strengths: Line) -> None:
    """Draw a line of varying width and strength on a layer of coverage, in place.

    Args:
        layer: (H, W) uint8; 255 covers wholly.
        points: (n, 2) x, y in pixels.
        widths: (n,) in pixels; below one pixel the line gets weaker instead of thinner.
        strengths: (n,) 0..1.
    """
    scale = 1 << _SHIFT
    shades = (255 * np.minimum(np.maximum(strengths, 0), 1) * np.minimum(widths, 1)).astype(int)
    shades = shades.tolist()
    steps = np.round(points * scale).clip(-(2**24), 2**24).astype(int).tolist()
    broad = np.maximum(widths[:-1], widths[1:]) > 1.3
    for i in np.flatnonzero(~broad).tolist():
        if shades[i] > 4:
            cv2.line(layer, steps[i], steps[i + 1], shades[i], 1, cv2.LINE_AA, _SHIFT)
    if not broad.any():
        return
    # A smoothed outline of OpenCV's is one pixel wide by itself.
    aside = normals(points) * (np.maximum(widths - 1, 0) / 2)[:, None]
    left, right = (
        np.round(p * scale).clip(-(2**24), 2**24).astype(np.int32)
        for p in (points - aside, points + aside)
    )
    quads = np.stack([left[:-1], left[1:], right[1:], right[:-1]], axis=1)
    for i in np.flatnonzero(broad).tolist():
        if shades[i] > 4:
            cv2.fillConvexPoly(layer, quads[i], shades[i], cv2.LINE_AA, _SHIFT)


def stroke(light: Plane, points: Line, widths: Line, strengths: Line, value: float) -> None:
    """Paint a line on a picture, in place: as `draw_path` and `cover`, where the line is only."""
    where = window((light.shape[0], light.shape[1]), points, float(widths.max()) + 2)
    patch = light[where]
    if patch.size == 0:
        return
    layer = np.zeros(patch.shape, np.uint8)
    draw_path(layer, points - (where[1].start, where[0].start), widths, strengths)
    patch += layer * np.float32(1 / 255) * (np.float32(value) - patch)


def draw_specks(
    layer: NDArray[np.uint8], centers: Line, radii: Line, strengths: Line, rng: np.random.Generator
) -> None:
    """Draw irregular specks on a layer of coverage, in place.

    Args:
        layer: (H, W) uint8; 255 covers wholly.
        centers: (n, 2) x, y in pixels.
        radii: (n,) in pixels; below a pixel's a speck gets weaker instead of smaller.
        strengths: (n,) 0..1.
        rng: Where their forms come from.
    """
    tiny = radii < _TINY
    _splat(layer, centers[tiny], radii[tiny], strengths[tiny])
    centers, radii, strengths = centers[~tiny], radii[~tiny], strengths[~tiny]
    count, corners = len(centers), 7
    angles = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 0.7, (count, corners))) / corners
    # A smoothed outline of OpenCV's reaches half a pixel beyond.
    reach = (radii[:, None] - 0.3) * rng.uniform(0.6, 1.4, (count, corners))
    squeeze, turn = rng.uniform(0.4, 1.0, (count, 1)), rng.uniform(0, np.pi, (count, 1))
    x, y = reach * np.cos(angles), reach * np.sin(angles) * squeeze
    turned_x = x * np.cos(turn) - y * np.sin(turn)
    turned_y = x * np.sin(turn) + y * np.cos(turn)
    outlines = centers[:, None] + np.stack([turned_x, turned_y], axis=-1)
    fixed = np.round(outlines * (1 << _SHIFT)).astype(np.int32)
    shades = (255 * np.clip(strengths, 0, 1)).astype(int).tolist()
    for outline, shade in zip(fixed, shades, strict=True):
        cv2.fillPoly(layer, [outline], shade, cv2.LINE_AA, _SHIFT)


def _splat(layer: NDArray[np.uint8], centers: Line, radii: Line, strengths: Line) -> None:
    """Put specks of about a pixel on the four pixels around each center, in place."""
    area = np.clip(np.pi * radii**2, 0, 2.5) * np.clip(strengths, 0, 1)
    corner = np.floor(centers - 0.5).astype(int)
    part = centers - 0.5 - corner
    for right in (0, 1):
        for below in (0, 1):
            x, y = corner[:, 0] + right, corner[:, 1] + below
            inside = (x >= 0) & (y >= 0) & (x < layer.shape[1]) & (y < layer.shape[0])
            share = np.abs(1 - right - part[:, 0]) * np.abs(1 - below - part[:, 1])
            value = (255 * np.clip(area * share, 0, 1)).astype(np.uint8)
            np.maximum.at(layer, (y[inside], x[inside]), value[inside])


def cover(light: Plane, layer: NDArray[np.uint8] | Plane, value: float | Plane) -> Plane:
    """Paint a value over a picture where a layer (uint8 0..255, or float 0..1) covers it."""
    coverage = layer * np.float32(1 / 255) if layer.dtype == np.uint8 else layer
    return np.asarray(light + coverage * (np.float32(value) - light), np.float32)


def shards(
    shape: Shape, size: float, ragged: float, rng: np.random.Generator
) -> tuple[NDArray[np.int32], Line]:
    """Break a plane into angular pieces: the Voronoi cells of random points, with ragged rims.

    Args:
        shape: Height and width.
        size: Of a piece, in pixels.
        ragged: How far rims stray, in pixels.
        rng: Where they come from.

    Returns:
        (H, W) the number of each pixel's piece, from 0, and (n, 2) the pieces' centers as x, y.
    """
    height, width = shape
    count = max(2, int(height * width / size**2))
    centers = np.stack([rng.integers(width, size=count), rng.integers(height, size=count)], -1)
    sown = np.ones(shape, np.uint8)
    sown[centers[:, 1], centers[:, 0]] = 0
    _, labels = cv2.distanceTransformWithLabels(
        sown, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = labels - 1
    places = np.zeros((int(labels.max()), 2))
    places[numbers[centers[:, 1], centers[:, 0]]] = centers
    y, x = np.mgrid[:height, :width].astype(np.float32)
    stray = np.float32(ragged)
    warped = cv2.remap(
        numbers.astype(np.float32),
        x + stray * rough_noise(shape, 4 * ragged + 1, rng, octaves=3),
        y + stray * rough_noise(shape, 4 * ragged + 1, rng, octaves=3),
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return warped.astype(np.int32), places


def bare_paper(shape: Shape, rng: np.random.Generator, *, unit: float = 1.0) -> Plane:
    """The felt of fibers under the emulsion, 0..1: nearly white, a little uneven."""
    tile = (min(shape[0], _FELT), min(shape[1], _FELT))
    noise = rng.standard_normal(tile, dtype=np.float32)
    fibers = np.zeros(tile, np.float32)
    for fineness in (0.6, 1.5, 4.0):
        field = cv2.GaussianBlur(noise, (0, 0), fineness * unit)
        # Each from another part of the noise, so that they do not add up in the same places.
        fibers += np.roll(field / np.float32(field.std() + 1e-6), int(17 * fineness), (0, 1))
    base = rng.uniform(0.8, 0.97)
    felt = np.asarray(np.clip(base + 0.016 * fibers, 0, 1), np.float32)
    below, right = shape[0] - tile[0], shape[1] - tile[1]
    return np.asarray(cv2.copyMakeBorder(felt, 0, below, 0, right, cv2.BORDER_REFLECT), np.float32)
