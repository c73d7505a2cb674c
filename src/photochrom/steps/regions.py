"""Connected regions of a large mask, a strip of rows at a time.

Labels of a whole scan would take four bytes a pixel. Here each strip is labelled alone, regions
that touch over the border of two strips are joined, and the labels are made again when they are
needed: the same strip always gets the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.planes import let_go
from photochrom.steps.strips import strips

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int32]

# Pixels of a strip that is labelled at once.
_PIXELS: Final = 2**23


@dataclass(frozen=True)
class Regions:
    """Regions, eight-connected, of a mask.

    Attributes:
        areas: (n,) pixels of each region; entry 0 is no region.
        peaks: (n,) the largest weight in each.
    """

    areas: NDArray[np.int64]
    peaks: Bytes
    _mask: Callable[[slice], Bytes]
    _shape: tuple[int, int]
    _tables: list[NDArray[np.intp]]

    def labels(self) -> Iterator[tuple[slice, NDArray[np.intp]]]:
        """Rows, and which region each of their pixels belongs to; 0 for none."""
        for rows, table in zip(_cut(*self._shape), self._tables, strict=True):
            yield rows, table[_labelled(self._mask(rows))[1]]


def regions(weights: Bytes, least: float) -> Regions:
    """Find the regions of what weighs something.

    Args:
        weights: (H, W).
        least: What weighs less belongs to no region.
    """
    height, width = weights.shape

    def mask(rows: slice) -> Bytes:
        return (weights[rows] >= least).astype(np.uint8)

    parents, areas, peaks, tables = [0], [np.zeros(1, np.int64)], [np.zeros(1, np.uint8)], []
    above: NDArray[np.intp] | None = None
    for rows in _cut(height, width):
        count, labels, stats = _labelled(mask(rows))
        # Labels of the whole, before joining; 0 stays no region.
        table = np.arange(count) + len(parents) - 1
        table[0] = 0
        parents.extend(range(len(parents), len(parents) + count - 1))
        areas.append(stats[1:, cv2.CC_STAT_AREA].astype(np.int64))
        peaks.append(_peaks(labels, weights[rows], count)[1:])
        first, last = table[labels[0]], table[labels[-1]]
        if above is not None:
            _join(parents, above, first)
        above = last
        tables.append(table)
        let_go(weights)
    roots = np.array([_root(parents, label) for label in range(len(parents))])
    chosen, numbers = np.unique(roots, return_inverse=True)
    area, peak = np.zeros(len(chosen), np.int64), np.zeros(len(chosen), np.uint8)
    np.add.at(area, numbers, np.concatenate(areas))
    np.maximum.at(peak, numbers, np.concatenate(peaks))
    joined = [numbers[table] for table in tables]
    return Regions(area, peak, mask, (height, width), joined)


def _cut(height: int, width: int) -> Iterator[slice]:
    return strips(height, width, rows=max(1, _PIXELS // width))


def _labelled(mask: Bytes) -> tuple[int, Labels, Labels]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return count, np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _peaks(labels: Labels, weights: Bytes, count: int) -> Bytes:
    peaks = np.zeros(count, np.uint8)
    inside = labels > 0
    np.maximum.at(peaks, labels[inside], weights[inside])
    return peaks


def _join(parents: list[int], above: NDArray[np.intp], below: NDArray[np.intp]) -> None:
    """Make one region of those that touch, straight or across a corner."""
    width = len(above)
    for shift in (-1, 0, 1):
        upper = above[max(0, -shift) : width - max(0, shift)]
        lower = below[max(0, shift) : width - max(0, -shift)]
        touching = (upper > 0) & (lower > 0)
        for one, other in np.unique(np.stack([upper[touching], lower[touching]]), axis=1).T:
            first, second = sorted((_root(parents, int(one)), _root(parents, int(other))))
            parents[second] = first


def _root(parents: list[int], label: int) -> int:
    while parents[label] != label:
        parents[label] = parents[parents[label]]
        label = parents[label]
    return label
