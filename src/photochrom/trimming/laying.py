"""From edges and angles to a geometry: upright rectangles, turned ones, and prints seen askew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import PhotographError
from photochrom.geometry import Geometry, Point

Size = tuple[int, int]
Quad = NDArray[np.float64]
"""(4, 2): x and y, in pixels of the scan, clockwise from the upper left corner."""

LEVEL: Final = 0.08
"""Degrees below which nothing is turned: edges are measured no better, and nobody sees it."""

LEAST: Final = 16
"""Pixels that a picture has along each side at least."""

_ASKEW: Final = 0.004
"""How far, in shares of its diagonal, a corner has to be from where a rectangle has it, for the
print to have been photographed at an angle."""

_HAIR: Final = 0.0015
"""Of its sides, what is cut off inside the edges that were found, so that nothing of what lies
beyond is left."""

_LENS: Final = 0.9
_LENSES: Final = (0.5, 3.0)
"""A usual focal length in shares of the scan's longer side, and the range of those there are."""


def quad_of(corners: Sequence[Point], scan: Size) -> Quad:
    """Corners in shares of a scan, as pixels of it."""
    return np.array(corners, np.float64) * scan


def lies_at(quad: Quad) -> float:
    """By how many degrees a quadrangle lies turned clockwise, by all four of its edges."""
    edges = np.roll(quad, -1, axis=0) - quad
    # Each edge, turned back to where it would point to the right.
    level = [edges[0], edges[1] @ _TURN, -edges[2], -edges[3] @ _TURN]
    x, y = np.sum(level, axis=0)
    return math.degrees(math.atan2(y, x))


def is_askew(quad: Quad) -> bool:
    """Whether a quadrangle is no rectangle, but one seen at an angle."""
    across = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    down = np.array([-across[1], across[0]]) / np.linalg.norm(across)
    down *= np.mean([np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])])
    middle = quad.mean(axis=0)
    rectangle = [middle + x * across + y * down for x, y in _HALVES]
    far = np.linalg.norm(quad - rectangle, axis=1).max()
    return bool(far > _ASKEW * np.hypot(np.linalg.norm(across), np.linalg.norm(down)))


def straight_on(quad: Quad, scan: Size, *, hair: float = _HAIR) -> Geometry:
    """A print that was photographed at an angle, seen straight on.

    Its shape follows from the edges and from the camera's focal length, where they tell that one
    (Zhang and He, "Whiteboard scanning and image enhancement", 2007).
    """
    edge = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = max(edge[0], edge[2]), max(edge[1], edge[3])
    shape = _shape_of(quad, scan)
    if width / height < shape:
        width = height * shape
    else:
        height = width / shape
    size = (max(1, round(width * (1 - 2 * hair))), max(1, round(height * (1 - 2 * hair))))
    whole = _geometry(quad, scan, size)
    inner = [
        whole.to_scan((0.5 + x * (1 - 2 * hair), 0.5 + y * (1 - 2 * hair))) for x, y in _HALVES
    ]
    return _geometry(quad_of(inner, scan), scan, size)


def within(quad: Quad, scan: Size, degrees: float) -> Geometry:
    """The upright rectangle within a quadrangle, as it lies turned clockwise by some degrees."""
    degrees = 0.0 if abs(degrees) < LEVEL else degrees
    across, down = _axes(degrees)
    u, v = quad @ across, quad @ down
    left, right = max(u[0], u[3]), min(u[1], u[2])
    top, bottom = max(v[0], v[1]), min(v[2], v[3])
    hair = _HAIR * max(right - left, bottom - top)
    left, top, right, bottom = left + hair, top + hair, right - hair, bottom - hair
    if degrees == 0:
        left, top, right, bottom = (
            math.ceil(left),
            math.ceil(top),
            math.floor(right),
            math.floor(bottom),
        )
    width, height = math.floor(right - left), math.floor(bottom - top)
    _check(width, height)
    middle_u, middle_v = (left + right) / 2, (top + bottom) / 2
    if degrees == 0:
        middle_u, middle_v = left + width / 2, top + height / 2
    middle = middle_u * across + middle_v * down
    return _placed(middle, (width, height), degrees, scan)


def turned(quad: Quad, scan: Size, degrees: float) -> Geometry:
    """A rectangle of the scan, turned clockwise about its middle by some degrees, and made smaller
    where it would show what is not in the scan.
    """
    degrees = 0.0 if abs(degrees) < LEVEL else degrees
    if degrees == 0:
        left, top = (round(float(one)) for one in quad[0])
        right, bottom = (round(float(one)) for one in quad[2])
        _check(right - left, bottom - top)
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        return _placed(middle, (right - left, bottom - top), 0.0, scan)
    across, down = _axes(degrees)
    middle = quad.mean(axis=0)
    full = quad[2] - quad[0]
    fits = 1.0
    for x, y in _HALVES:
        away = x * full[0] * across + y * full[1] * down
        for axis in (0, 1):
            room = scan[axis] - middle[axis] if away[axis] > 0 else middle[axis]
            fits = min(fits, float(room / max(abs(away[axis]), 1e-9)))
    size = (math.floor(full[0] * fits), math.floor(full[1] * fits))
    _check(*size)
    return _placed(middle, size, degrees, scan)


_TURN = np.array([[0.0, -1.0], [1.0, 0.0]])
_HALVES = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


def _axes(degrees: float) -> tuple[Quad, Quad]:
    angle = math.radians(degrees)
    return (
        np.array([math.cos(angle), math.sin(angle)]),
        np.array([-math.sin(angle), math.cos(angle)]),
    )


def _placed(middle: Quad, size: Size, degrees: float, scan: Size) -> Geometry:
    across, down = _axes(degrees)
    corners = [middle + x * size[0] * across + y * size[1] * down for x, y in _HALVES]
    return _geometry(np.array(corners), scan, size)


def _geometry(quad: Quad, scan: Size, size: Size) -> Geometry:
    shares = np.clip(quad / scan, 0, 1)
    first, second, third, fourth = ((float(x), float(y)) for x, y in shares)
    return Geometry((first, second, third, fourth), size)


def _check(width: int, height: int) -> None:
    if min(width, height) < LEAST:
        what = f"{max(width, 0)} x {max(height, 0)} pixels would be left of it"
        raise PhotographError(what, fix=f"leave {LEAST} pixels along each side at least")


def _shape_of(quad: Quad, scan: Size) -> float:
    """Width over height of a rectangle that a camera sees as a quadrangle."""
    centered = Geometry((*map(tuple, quad / scan),), (1, 1))  # type: ignore[arg-type]
    there = np.diag([float(scan[0]), float(scan[1]), 1.0]) @ centered.unit_to_scan
    there = np.array([[1, 0, -scan[0] / 2], [0, 1, -scan[1] / 2], [0, 0, 1.0]]) @ there
    one, other = there[:, 0], there[:, 1]
    longer = float(max(scan))
    focal = _LENS * longer
    depth = float(one[2] * other[2])
    if abs(depth) > 1e-12:
        squared = -float(one[:2] @ other[:2]) / depth
        low, high = (share * longer for share in _LENSES)
        if low * low <= squared <= high * high:
            focal = math.sqrt(squared)
    scale = np.array([1 / focal, 1 / focal, 1.0])
    return float(np.linalg.norm(one * scale) / np.linalg.norm(other * scale))
