"""Things: a picture's cells put together into what the color network takes for one.

Neighbors that are equally light, and of which it thinks alike, are one region (after Felzenszwalb
and Huttenlocher, 2004: two regions are one if what parts them is no more than what either has
within). Regions that are alike, wherever they lie, are one thing then, nearest first: the planks of
a wall between its windows, both sleeves of a coat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

# What two cells differ in: opinions, 0..1, and lightness, 0..1, by so much.
_STEP: Final = 0.8
# How much two small regions may differ to be one all the same, times their cells; and the least
# cells of a region.
_PREFERENCE, _LEAST = 0.8, 30
# How much regions of one thing differ at most, and how much lightness counts: a thing has folds.
_ALIKE, _LIGHT = 0.17, 0.5


@dataclass(frozen=True)
class Things:
    """The things of a picture.

    Attributes:
        labels: (h, w): to which of n each cell belongs.
        regions: (h, w): to which region of it, all of a piece.
        likely: (n, Q): how likely colors are to each, a sum of 1.
        areas: (n,) shares of the picture.
    """

    labels: Labels
    regions: Labels
    likely: NDArray[np.float64]
    areas: NDArray[np.float64]

    @property
    def borders(self) -> NDArray[np.float64]:
        """Which share of the border of each it has with each other: (n, n)."""
        count = len(self.areas)
        met = np.zeros(count * count)
        for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
            one, other = self.labels[here].ravel(), self.labels[there].ravel()
            met += np.bincount(one * count + other, minlength=count * count)
        borders = met.reshape(count, count)
        borders += borders.T
        np.fill_diagonal(borders, 0)
        shares: NDArray[np.float64] = borders / np.maximum(borders.sum(axis=1, keepdims=True), 1)
        return shares

    def mean(self, plane: NDArray[Any]) -> NDArray[np.float64]:
        """The mean of (h, w) values in each: (n,)."""
        return _mean(plane, self.labels)

    def mostly(self, places: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
        """All cells, (h, w), of regions of which more than a share lies in some places."""
        found: NDArray[np.bool_] = _mean(places, self.regions)[self.regions] > share
        return found


def things(likely: Floats, lightness: Plane) -> Things:
    """Find them.

    Args:
        likely: (Q, h, w) how likely colors are to each cell, a sum of 1; as `settling.shared` says.
        lightness: (h, w) 0..1.
    """
    regions = _regions(likely, lightness)
    count = int(regions.max()) + 1
    cells = np.bincount(regions.ravel(), minlength=count).astype(np.float64)
    pooled = [np.bincount(regions.ravel(), one.ravel(), count) / cells for one in likely]
    opinions = np.stack(pooled, axis=1)
    light = np.bincount(regions.ravel(), lightness.ravel(), count) / cells
    of_region, opinions, cells = _joined(opinions, light, cells)
    return Things(of_region[regions], regions, opinions, cells / cells.sum())


def _mean(plane: NDArray[Any], labels: Labels) -> NDArray[np.float64]:
    sums = np.bincount(labels.ravel(), plane.ravel())
    mean: NDArray[np.float64] = sums / np.bincount(labels.ravel())
    return mean


def unlike(likely: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far opinions, (n, Q), are from one another, 0..1 (Hellinger, 1909): (n, n)."""
    roots = np.sqrt(likely)
    apart: NDArray[np.float64] = np.sqrt(np.maximum(1 - roots @ roots.T, 0))
    return apart


def _regions(likely: Floats, lightness: Plane) -> Labels:
    smooth = cv2.bilateralFilter(lightness, d=5, sigmaColor=0.06, sigmaSpace=2)
    one, other, cost = _neighbors(np.sqrt(likely), smooth)
    forest = _Forest(lightness.size)
    order = np.argsort(cost, kind="stable")
    steps = list(zip(one[order].tolist(), other[order].tolist(), cost[order].tolist(), strict=True))
    for here, there, apart in steps:
        forest.join_if_alike(here, there, apart)
    for here, there, _ in steps:
        forest.join_if_small(here, there)
    return forest.labels().reshape(lightness.shape)


def _neighbors(roots: Floats, smooth: Plane) -> tuple[Labels, Labels, NDArray[np.float64]]:
    """Cells that touch, and how much they differ."""
    cells = np.arange(smooth.size).reshape(smooth.shape)
    found = []
    for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        alike = np.zeros(cells[here].shape, np.float32)
        for plane in roots:
            alike += plane[here] * plane[there]
        cost = np.sqrt(np.maximum(1 - alike, 0)) + _STEP * np.abs(smooth[here] - smooth[there])
        # Rounded, so that the last bits of a processor seldom decide.
        rounded = np.round(cost.astype(np.float64), 5)
        found.append((cells[here].ravel(), cells[there].ravel(), rounded.ravel()))
    one, other, apart = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, other, apart


class _Forest:
    """Cells joined into regions, each a tree."""

    def __init__(self, count: int):
        self._parent = list(range(count))
        self._size = [1] * count
        self._within = [0.0] * count

    def join_if_alike(self, one: int, other: int, apart: float) -> None:
        """Make one region of two if they differ no more than either does within."""
        one, other = self._root(one), self._root(other)
        if one == other:
            return
        if apart <= min(self._bound(one), self._bound(other)):
            self._within[self._join(one, other)] = apart

    def join_if_small(self, one: int, other: int) -> None:
        """Make one region of two if either has next to no cells."""
        one, other = self._root(one), self._root(other)
        if one != other and min(self._size[one], self._size[other]) < _LEAST:
            self._join(one, other)

    def labels(self) -> Labels:
        """The number of each cell's region."""
        roots = [self._root(cell) for cell in range(len(self._parent))]
        return np.unique(roots, return_inverse=True)[1].astype(np.int64)

    def _bound(self, root: int) -> float:
        return self._within[root] + _PREFERENCE / self._size[root]

    def _join(self, one: int, other: int) -> int:
        if self._size[one] < self._size[other]:
            one, other = other, one
        self._parent[other] = one
        self._size[one] += self._size[other]
        return one

    def _root(self, cell: int) -> int:
        parent = self._parent
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell


def _joined(
    opinions: NDArray[np.float64], light: NDArray[np.float64], cells: NDArray[np.float64]
) -> tuple[Labels, NDArray[np.float64], NDArray[np.float64]]:
    """Regions that are alike made one, the nearest two first, until none are.

    Returns:
        The thing of each region, and opinions and cells of each thing.
    """
    opinions, light, cells = opinions.copy(), light.copy(), cells.copy()
    of_region = np.arange(len(cells))
    apart = _apart(opinions, light, opinions, light)
    np.fill_diagonal(apart, np.inf)
    while len(cells) > 1 and apart.min() <= _ALIKE:
        one, other = divmod(int(apart.argmin()), len(cells))
        both = cells[one] + cells[other]
        for values in (opinions, light):
            values[one] = (values[one] * cells[one] + values[other] * cells[other]) / both
        cells[one] = both
        of_region[of_region == other] = one
        apart[other] = apart[:, other] = np.inf
        there = np.unique(of_region)
        near = _apart(opinions[[one]], light[[one]], opinions[there], light[there])[0]
        apart[one, there] = apart[there, one] = near
        apart[one, one] = np.inf
    there, numbers = np.unique(of_region, return_inverse=True)
    return numbers, opinions[there], cells[there]


def _apart(
    opinions: NDArray[np.float64],
    light: NDArray[np.float64],
    others: NDArray[np.float64],
    their_light: NDArray[np.float64],
) -> NDArray[np.float64]:
    unlike = np.sqrt(np.maximum(1 - np.sqrt(opinions) @ np.sqrt(others).T, 0))
    differ: NDArray[np.float64] = unlike + _LIGHT * np.abs(light[:, None] - their_light)
    return np.round(differ, 5)
