"""Four straight edges of what lies on a ground: found, or said why they are not sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.trimming.surround import Ground, Lab, Mask, ground_of

Quad = NDArray[np.float64]
"""(4, 2): x and y, in pixels of the small picture, of the upper left, upper right, lower right and
lower left corner; a pixel reaches from its number to the next."""

LEAST_AREA: Final = 0.2
"""Of the picture: what is smaller lies in it, and is not what it is of."""

_MOST_AREA: Final = 0.995
_LIKE: Final = 0.96
"""How far what was found and the quadrangle of its edges have to be the same (their common area
over that of both, but for shadows)."""

_SIDES: Final = 0.8
"""Of each edge, the share that has to be seen."""

_WITHIN: Final = 0.0035
"""How far from the edge, in shares of the longer side, it is seen: paper tears, deckle edges."""

_SHADOW: Final = 0.015
"""How far from the edge the ground may end: beside it, the print throws a shadow."""

_CLEAN: Final = 0.97
"""Share of what lies around that has to be ground."""

_STEEPEST: Final = 0.45
"""Tangent of the largest angle between an edge and the picture's."""

_MOST_APART: Final = 0.3
"""Tangent of the angle by which opposite edges may run together."""

_CORNER: Final = 0.04
"""Of each edge, the share at its ends that is not looked at: corners are worn."""

_REFINED: Final = 0.012
_STEPS: Final = 160


@dataclass(frozen=True)
class Outline:
    """Four straight edges on a ground.

    Attributes:
        ground: What lies around.
        quad: The edges' corners.
    """

    ground: Ground
    quad: Quad


def outline_of(lab: Lab) -> Outline | str:
    """Finds what lies on an even ground with four straight edges.

    Args:
        lab: Of a small picture; its longer side has a thousand pixels or so.

    Returns:
        The outline; or what is in doubt, in a few words.
    """
    ground = ground_of(lab)
    if ground is None:
        return "nothing even surrounds it"
    thing = _thing_on(ground.inside)
    if thing is None:
        return "what lies on the even ground around is too small to be a picture"
    if thing.mean() > _MOST_AREA:
        return "nothing surrounds it"
    quad = _fitted(thing)
    if quad is None:
        return "the edges of what lies there are not straight"
    quad, seen = refined(lab, quad)
    if seen < _SIDES or not _is_sure(thing, ground.inside, quad):
        return "the edges of what lies there are not sure"
    return Outline(ground, quad)


def _thing_on(inside: Mask) -> Mask | None:
    """The one large thing, with all that it encloses; None if there is none."""
    side = max(inside.shape)
    kernel = np.ones((max(3, side // 250) | 1,) * 2, np.uint8)
    cleaned = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    cleaned = cv2.morphologyEx(cleaned, cv2.MORPH_OPEN, kernel)
    contours, _ = cv2.findContours(cleaned, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    filled = cv2.drawContours(np.zeros_like(cleaned), [largest], -1, 1, cv2.FILLED)
    return filled > 0 if filled.mean() >= LEAST_AREA else None


def _fitted(thing: Mask) -> Quad | None:
    """The quadrangle whose edges follow most of the outline of a thing."""
    contours, _ = cv2.findContours(thing.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = max(contours, key=len)[:, 0, :].astype(np.float64) + 0.5
    quad = ordered(np.asarray(cv2.boxPoints(cv2.minAreaRect(points.astype(np.float32))), float))
    for _ in range(6):
        lines = []
        nearest = np.argmin([np.abs(_away(points, *edge)) for edge in _edges(quad)], axis=0)
        for index, edge in enumerate(_edges(quad)):
            along = _along(points, *edge)
            kept = points[(nearest == index) & (along > _CORNER) & (along < 1 - _CORNER)]
            if len(kept) < 20:
                return None
            lines.append(line_through(kept))
        met = met_by(lines)
        if met is None:
            return None
        quad = met
    # The outline runs through the middles of the pixels inside.
    middle = quad.mean(axis=0)
    return np.asarray(quad + np.sign(quad - middle) * 0.5)


def refined(lab: Lab, quad: Quad) -> tuple[Quad, float]:
    """The same with each edge where light or color changes most, of what changes outermost.

    A shadow beside a print is soft, and a border is not to be taken for the print's edge.

    Returns:
        The corners, and along which share of the least clear edge it is there.
    """
    margin = _WITHIN * max(lab.shape[:2])
    reach = max(4, round(_REFINED * max(lab.shape[:2])))
    offsets = np.arange(-reach, reach + 0.25, 0.5)
    smooth = cv2.GaussianBlur(lab, (0, 0), 0.8)
    lines, shares = [], []
    for start, end in _edges(quad):
        normal = np.array([end[1] - start[1], start[0] - end[0]])
        normal /= np.linalg.norm(normal)  # outwards
        at = start + np.linspace(_CORNER, 1 - _CORNER, _STEPS)[:, None] * (end - start)
        places = at[:, None, :] + offsets[None, :, None] * normal
        across = cv2.remap(
            smooth, (places - 0.5).astype(np.float32), None, cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        steps = np.linalg.norm(across[:, 2:] - across[:, :-2], axis=2)
        strong = steps >= 0.5 * steps.max(axis=1, keepdims=True)
        outermost = strong.shape[1] - 1 - np.argmax(strong[:, ::-1], axis=1)
        peak = _peak(steps, outermost)
        far = offsets[0] + (offsets[1] - offsets[0]) * (peak[:, None] + 1)
        there = at + far * normal
        lines.append(line_through(there))
        shares.append(float((np.abs(_from_line(there, *lines[-1])) <= margin).mean()))
    met = met_by(lines)
    if met is None or np.abs(met - quad).max() > 2 * reach:
        return quad, 0.0
    return met, min(shares)


def _peak(steps: NDArray[np.float32], outermost: NDArray[np.intp]) -> NDArray[np.float64]:
    """From a place on the outer slope of a step, inwards to its top, in fractions of places."""
    rows = np.arange(len(steps))
    top = outermost.copy()
    for _ in range(6):
        inner = np.maximum(top - 1, 0)
        top = np.where(steps[rows, inner] > steps[rows, top], inner, top)
    before = steps[rows, np.maximum(top - 1, 0)].astype(float)
    after = steps[rows, np.minimum(top + 1, steps.shape[1] - 1)].astype(float)
    here = steps[rows, top].astype(float)
    bend = before - 2 * here + after
    shift = np.divide(0.5 * (before - after), bend, out=np.zeros_like(bend), where=bend < -1e-6)
    return np.asarray(top + np.clip(shift, -0.5, 0.5))


def _is_sure(thing: Mask, inside: Mask, quad: Quad) -> bool:
    height, width = thing.shape
    if (quad < -1.5).any() or (quad > np.array([width, height]) + 1.5).any():
        return False
    edges = _edges(quad)
    slopes = [_slope(*edge) for edge in edges]
    if max(map(abs, slopes)) > _STEEPEST:
        return False
    if max(abs(slopes[0] - slopes[2]), abs(slopes[1] - slopes[3])) > _MOST_APART:
        return False
    drawn = np.zeros(thing.shape, np.uint8)
    cv2.fillPoly(drawn, [np.round(quad * 16 - 8).astype(np.int32)], 1, shift=4)
    is_in = drawn > 0
    margin = max(2, round(_SHADOW * max(thing.shape)))
    grown = cv2.dilate(drawn, np.ones((2 * margin + 1,) * 2, np.uint8)) > 0
    if (is_in & thing).sum() < _LIKE * (is_in | (thing & ~grown)).sum():
        return False
    if (~grown).any() and inside[~grown].mean() > 1 - _CLEAN:
        return False
    contours, _ = cv2.findContours(thing.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = max(contours, key=len)[:, 0, :].astype(np.float64) + 0.5
    return all(_seen(points, edge, margin) >= _SIDES for edge in edges)


def _seen(points: NDArray[np.float64], edge: tuple[Quad, Quad], margin: float) -> float:
    """The share of an edge along which the outline of the thing runs."""
    along = _along(points, *edge)
    near = (np.abs(_away(points, *edge)) <= margin) & (along > _CORNER) & (along < 1 - _CORNER)
    bins = np.unique(((along[near] - _CORNER) / (1 - 2 * _CORNER) * 64).astype(int))
    return len(bins) / 64


def _edges(quad: Quad) -> list[tuple[Quad, Quad]]:
    """Start and end of the upper, right, lower and left edge, clockwise."""
    return [(quad[index], quad[(index + 1) % 4]) for index in range(4)]


def _slope(start: Quad, end: Quad) -> float:
    """Tangent of the angle of an edge to the nearer axis, clockwise above 0."""
    x, y = end - start
    return float(y / x) if abs(x) > abs(y) else float(-x / y)


def _along(points: NDArray[np.float64], start: Quad, end: Quad) -> NDArray[np.float64]:
    direction = end - start
    return np.asarray((points - start) @ direction / (direction @ direction))


def _away(points: NDArray[np.float64], start: Quad, end: Quad) -> NDArray[np.float64]:
    return _from_line(points, start, (end - start) / max(float(np.linalg.norm(end - start)), 1e-9))


def _from_line(points: NDArray[np.float64], at: Quad, direction: Quad) -> NDArray[np.float64]:
    return np.asarray((points - at) @ np.array([-direction[1], direction[0]]))


def line_through(points: NDArray[np.float64]) -> tuple[Quad, Quad]:
    """A place on the line that most of the points lie along, and its direction.

    Least squares, weighted anew until what lies far away counts nothing (Tukey's biweight).
    """
    weights = np.ones(len(points))
    for _ in range(12):
        middle = np.average(points, axis=0, weights=weights)
        spread = (points - middle) * weights[:, None]
        _, vectors = np.linalg.eigh(spread.T @ (points - middle))
        direction = vectors[:, -1]
        away = np.abs((points - middle) @ np.array([-direction[1], direction[0]]))
        reach = max(4.7 * 1.48 * float(np.median(away)), 1.0)
        weights = np.clip(1 - (away / reach) ** 2, 0, None) ** 2
        weights[weights < 1e-6] = 1e-9
    return middle, direction


def met_by(lines: list[tuple[Quad, Quad]]) -> Quad | None:
    """The corners at which an upper, right, lower and left line meet; None if they do not."""
    corners = []
    for index in (3, 0, 1, 2):
        (one, along), (other, across) = lines[index], lines[(index + 1) % 4]
        both = np.stack([along, -across], axis=1)
        if abs(np.linalg.det(both)) < 0.1:
            return None
        corners.append(one + along * np.linalg.solve(both, other - one)[0])
    return ordered(np.array(corners))


def ordered(corners: Quad) -> Quad:
    """Four corners, clockwise from the upper left one."""
    around = corners - corners.mean(axis=0)
    corners = corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    return np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0)
