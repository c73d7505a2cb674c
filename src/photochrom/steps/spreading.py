"""From places to things: how far each documented color reaches.

A color is carried from its place to wherever a path leads that crosses no edge, and where the color
network takes the picture for the same thing: it sees that a sleeve and the wall behind it are two,
though they are equally light. How much an edge, and how much another opinion of the network, speak
against one color was fitted on photographs whose colors are known; `bench pins` measures what comes
of it. Where several colors reach a patch, they share it by how likely each is.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb
from photochrom.steps.answer import Answer
from photochrom.steps.patches import Patches
from photochrom.steps.pinning import Cover, covers
from photochrom.steps.plate import Paint, Pin, Plane

Floats = NDArray[np.float32]

# The logarithm of the odds that neighbors are of two colors: of the roots of the step of lightness
# between them and of its slope along their border, and of how far the network's opinions differ.
_STEP, _SLOPE, _OPINION, _NEIGHBORS = 4.91, 1.22, 3.89, -5.01
# Squared, the probabilities of many small steps weigh less than that of one edge.
_POWER: Final = 2
# The logarithm of the odds that a patch is of a pin's color: of the fourth root of the way there,
# and of how far the network's opinions differ. The fit gave 2.29 for the last; with less, a third
# as much is painted wrong, and nearly as much right.
_WAY, _ALIKE, _NEAR = -3.58, -4.08, 2.1
# How much more decided than that they are: halves of two colors are no color.
_DECIDED: Final = 6.0
# Patches farther than this are not reached.
_FARTHEST: Final = 5.0
# How often neighbors ask one another, how much more those do that are surely of one color, and how
# much more decided they are in the end.
_ROUNDS, _ASKED, _SHARPENED = 4, 12, 1.3
_NOTHING: Final = 1e-12
# Shares below this are nothing.
_FAINT: Final = 0.02
# Distance in a*b* that differs as much as opinions can, of networks that tell no more.
_COLORS: Final = np.float32(40)
# The color of a thing falls with the light on it; above its own lightness it rises so much at most.
_BLACK, _MOST_SHADING = np.float32(0.16), np.float32(1.25)
_EDGE: Final = np.float32(0.02**2)
# Pixels around a place in which its color is there in any case.
_DAB: Final = 1.5


@dataclass(frozen=True)
class Spread:
    """Documented colors, and how far each has come.

    Attributes:
        paint: All of them together.
        each: (p, n): the share of each pin in each patch.
    """

    paint: Paint
    each: Floats


def spread(pins: Sequence[Pin], cut: Patches, answer: Answer) -> Spread:
    """Spread documented colors over the things that they lie on.

    Args:
        pins: At least one.
        cut: The picture in patches.
        answer: What the network says of it.
    """
    places = [covers(pin, cut.labels.shape) for pin in pins]
    planes = _planes(pins, places, cut, answer)
    values = np.zeros((*cut.labels.shape, 3), np.float32)
    own = []
    for pin, place, plane in zip(pins, places, planes, strict=True):
        color = lab_from_srgb(np.array(pin.color, np.float32) / 255)[1:]
        level = place.level(cut)
        shading = np.minimum((cut.lightness + _BLACK) / (level + _BLACK), _MOST_SHADING)
        own.append(np.dstack([shading[..., None] * color, np.ones_like(shading)]))
        values += plane[..., None] * own[-1]
    joined = _along_edges(values, cut.lightness)
    for pin, place, value in zip(pins, places, own, strict=True):
        if not place.exact:
            _dab(joined, value * np.float32(pin.strength), place.at)
    paint = Paint(np.ascontiguousarray(joined[..., :2]), np.clip(joined[..., 2], 0, 1))
    return Spread(paint, np.stack([cut.mean(plane) for plane in planes]))


def _planes(pins: Sequence[Pin], places: Sequence[Cover], cut: Patches, answer: Answer) -> Floats:
    """The share of each pin at each pixel: (p, h, w)."""
    opinions = opinions_of(cut, answer)
    graph = _Graph(cut, _costs(cut, opinions))
    odds = np.full((len(pins), cut.count), -np.inf, np.float32)
    for row, place in zip(odds, places, strict=True):
        if not place.exact:
            starts = place.starts(cut)
            row[:] = graph.joined(_odds(graph.ways(starts), opinions, starts), starts)
    shares = graph.settled(_shared(odds))
    shares *= np.array([pin.strength for pin in pins], np.float32)[:, None]
    planes: Floats = shares[:, cut.labels]
    for plane, place in zip(planes, places, strict=True):
        if place.within is not None:
            plane *= place.within
    # What somebody has painted is of that color, whatever else comes there.
    for number, (pin, place) in enumerate(zip(pins, places, strict=True)):
        if place.exact and place.within is not None:
            painted = place.within * np.float32(pin.strength)
            planes *= 1 - painted
            planes[number] += painted
    return planes


def _dab(values: Floats, own: Floats, at: tuple[float, float]) -> None:
    """At its very place a color is there, however small the thing is."""
    height, width = values.shape[:2]
    row, column = min(int(at[1] * height), height - 1), min(int(at[0] * width), width - 1)
    reach = round(3 * _DAB)
    rows = slice(max(0, row - reach), row + reach + 1)
    columns = slice(max(0, column - reach), column + reach + 1)
    near = values[rows, columns]
    down = np.arange(near.shape[0])[:, None] + (rows.start - row)
    right = np.arange(near.shape[1])[None, :] + (columns.start - column)
    square = np.square(down) + np.square(right)
    weight = np.exp(-square / (2 * _DAB**2)).astype(np.float32)[..., None]
    values[rows, columns] = near * (1 - weight) + own[rows, columns] * weight


def opinions_of(cut: Patches, answer: Answer) -> Floats:
    """What the network thinks of each patch: roots of how likely colors are, (n, q), or a color."""
    if answer.likely is None:
        return cut.sampled(answer.ab)
    return np.sqrt(np.maximum(cut.sampled(answer.likely.shares.transpose(1, 2, 0)), 0))


def unlikeness(one: Floats, other: Floats) -> Floats:
    """How far opinions differ, 0..1."""
    if one.shape[-1] == 2:
        apart: Floats = np.minimum(np.linalg.norm(one - other, axis=-1) / _COLORS, 1)
    else:
        apart = np.sqrt(np.maximum(1 - (one * other).sum(axis=-1), 0))
    return apart


def _costs(cut: Patches, opinions: Floats) -> Floats:
    """What it costs to go from a patch to its neighbor, for each pair."""
    one, other = cut.pairs.T
    odds = (
        _STEP * np.sqrt(np.abs(cut.light[one] - cut.light[other]))
        + _SLOPE * np.sqrt(cut.change)
        + _OPINION * unlikeness(opinions[one], opinions[other])
        + _NEIGHBORS
    )
    costs: Floats = (1 / (1 + np.exp(-odds))) ** _POWER
    return costs


class _Graph:
    """Patches and the ways between them."""

    def __init__(self, cut: Patches, costs: Floats):
        source = np.concatenate([cut.pairs[:, 0], cut.pairs[:, 1]])
        target = np.concatenate([cut.pairs[:, 1], cut.pairs[:, 0]])
        order = np.argsort(source, kind="stable")
        self._first = np.searchsorted(source[order], np.arange(cut.count + 1)).tolist()
        self._target = target[order].tolist()
        self._cost = np.concatenate([costs, costs])[order].astype(float).tolist()
        self._count = cut.count
        self._pairs = cut.pairs
        # How surely neighbors are of one color; where they are not, they do not ask one another.
        self._alike = ((1 - costs ** np.float32(1 / _POWER)) ** _ASKED).astype(np.float64)

    def ways(self, starts: Sequence[int]) -> Floats:
        """The cheapest way to each patch from the nearest start (Dijkstra, 1959): (n,)."""
        ways = [float("inf")] * self._count
        for start in starts:
            ways[start] = 0.0
        waiting = [(0.0, start) for start in starts]
        while waiting:
            way, here = heapq.heappop(waiting)
            if way > ways[here]:
                continue
            if way > _FARTHEST:
                break
            for step in range(self._first[here], self._first[here + 1]):
                there, longer = self._target[step], way + self._cost[step]
                if longer < ways[there]:
                    ways[there] = longer
                    heapq.heappush(waiting, (longer, there))
        return np.array(ways, np.float32)

    def settled(self, shares: Floats) -> Floats:
        """Shares that neighbors of one color agree on: no seams along edges, no holes in things."""
        one, other = self._pairs.T
        total = np.bincount(one, self._alike, self._count) + np.bincount(
            other, self._alike, self._count
        )
        found = shares.astype(np.float64)
        for _ in range(_ROUNDS):
            for row in found:
                near = np.bincount(one, self._alike * row[other], self._count)
                near += np.bincount(other, self._alike * row[one], self._count)
                row[:] = (row + near) / (1 + total)
        # All colors together are as decided as they were before: there is no haze.
        whole = np.minimum(found.sum(axis=0), 1)
        sure = np.clip((whole - 0.5) * _SHARPENED + 0.5, 0, 1)
        found *= found
        found *= sure * sure * (3 - 2 * sure) / np.maximum(found.sum(axis=0), _NOTHING)
        return found.astype(np.float32)

    def joined(self, odds: Floats, starts: Sequence[int]) -> Floats:
        """The odds of what hangs together with the starts by likely patches; of all else none."""
        found = np.full_like(odds, -np.inf)
        likely = (odds > 0).tolist()
        waiting, seen = list(starts), set(starts)
        while waiting:
            here = waiting.pop()
            for step in range(self._first[here], self._first[here + 1]):
                there = self._target[step]
                if there not in seen:
                    seen.add(there)
                    if likely[there]:
                        waiting.append(there)
        reached = sorted(seen)
        found[reached] = odds[reached]
        return found


def _odds(ways: Floats, opinions: Floats, starts: Sequence[int]) -> Floats:
    """The logarithm of the odds that each patch is of the color at the starts."""
    own = opinions[list(starts)].mean(axis=0)
    odds = _NEAR + _WAY * np.sqrt(np.sqrt(ways)) + _ALIKE * unlikeness(opinions, own)
    odds[ways > _FARTHEST] = -np.inf
    odds[list(starts)] = np.float32(30)
    found: Floats = odds
    return found


def _shared(odds: Floats) -> Floats:
    """The share of each pin in each patch, (p, n); what is left is the network's."""
    decided = np.minimum(odds * np.float32(_DECIDED), 60)
    weights = np.exp(decided)
    # Pins of one thing agree, and are stronger together than each; of two, the likelier has more.
    shares: Floats = weights / (1 + weights.sum(axis=0))
    shares[shares < _FAINT] = 0
    return shares


def _along_edges(values: Floats, guide: Plane) -> Floats:
    """From patches to pixels: values follow the light where two patches meet."""

    def mean(plane: NDArray[Any]) -> Floats:
        averaged: Floats = cv2.blur(plane, (7, 7), borderType=cv2.BORDER_REFLECT)
        return averaged

    of_guide = mean(guide)
    variance = np.maximum(mean(guide * guide) - of_guide * of_guide, 0) + _EDGE
    joined = np.empty_like(values)
    for number in range(values.shape[2]):
        plane = np.ascontiguousarray(values[..., number])
        of_plane = mean(plane)
        slope = (mean(plane * guide) - of_plane * of_guide) / variance
        found = mean(slope) * guide + mean(of_plane - slope * of_guide)
        reach = np.ones((5, 5), np.uint8)
        joined[..., number] = np.clip(found, cv2.erode(plane, reach), cv2.dilate(plane, reach))
    return joined
