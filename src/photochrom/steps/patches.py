"""Patches: a picture cut into small pieces along its edges, and which of them touch.

Thousands of patches stand for hundreds of thousands of pixels, so that paths from one place to all
others are found in a moment. They are the basins of a watershed (Beucher and Lantuejoul, 1979)
from seeds on a grid, each moved to where light changes least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lightness_from_gray
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_LONGEST: Final = 768
_COUNT: Final = 9000
_LEAST_STEP: Final = 3.0


@dataclass(frozen=True)
class Patches:
    """The pieces of a picture.

    Attributes:
        labels: (h, w) int32: to which patch each pixel of a small copy belongs, 0..n - 1.
        lightness: (h, w) float32, 0..1, of that copy, without grain.
        light: (n,) float32, 0..1, mean lightness of each patch.
        areas: (n,) pixels of each patch.
        centers: (n, 2) x and y of each, in shares of width and height.
        pairs: (m, 2) int32: patches that touch, the lower number first.
        change: (m,) float32: how steeply light changes along the border of each pair.
    """

    labels: Labels
    lightness: Plane
    light: Floats
    areas: NDArray[np.int64]
    centers: Floats
    pairs: Labels
    change: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.areas)

    def at(self, x: float, y: float) -> int:
        """The patch at a place in shares of width and height."""
        height, width = self.labels.shape
        row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
        return int(self.labels[row, column])

    def mean(self, plane: NDArray[Any]) -> Floats:
        """The mean in each patch of (h, w) values: (n,)."""
        sums = np.bincount(self.labels.ravel(), plane.ravel(), self.count)
        return (sums / self.areas).astype(np.float32)

    def sampled(self, cells: Floats) -> Floats:
        """What a small map, (h, w) or (h, w, c), says at the center of each patch."""
        height, width = cells.shape[:2]
        columns = np.minimum((self.centers[:, 0] * width).astype(int), width - 1)
        rows = np.minimum((self.centers[:, 1] * height).astype(int), height - 1)
        sampled: Floats = cells[rows, columns]
        return sampled


def patches(light: Plane) -> Patches:
    """Cut a picture into patches.

    Args:
        light: (H, W) float32, 0..1, sRGB-encoded gray.
    """
    height, width = light.shape
    share = min(1.0, _LONGEST / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    let_go(light)
    lightness = lightness_from_gray(np.clip(small, 0, 1)) / np.float32(100)
    smooth: Plane = cv2.bilateralFilter(lightness, d=5, sigmaColor=0.06, sigmaSpace=2)
    slope: Plane = np.hypot(
        cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    )
    labels = _basins(smooth, _seeds(slope))
    areas = np.bincount(labels.ravel())
    rows, columns = np.mgrid[: size[1], : size[0]].astype(np.float32) + np.float32(0.5)
    sums = [np.bincount(labels.ravel(), of.ravel()) / areas for of in (columns, rows, smooth)]
    centers = np.stack([sums[0] / size[0], sums[1] / size[1]], axis=1).astype(np.float32)
    pairs, change = _borders(labels, slope, len(areas))
    return Patches(labels, smooth, sums[2].astype(np.float32), areas, centers, pairs, change)


def _seeds(slope: Plane) -> Labels:
    """Seeds on a grid, each moved a little to where light changes least: (h, w), 0 for none."""
    height, width = slope.shape
    step = max(_LEAST_STEP, float(np.sqrt(height * width / _COUNT)))
    reach = max(1, int(step // 3))
    rows, columns = (
        np.maximum(np.minimum(np.arange(step / 2, side + step / 2, step).astype(int), side - 1), 0)
        for side in slope.shape
    )
    side = 2 * reach + 1
    # Beyond the picture nothing is even.
    ringed = np.pad(slope, ((0, side), (0, side)), constant_values=np.inf)
    tops, lefts = np.maximum(rows - reach, 0), np.maximum(columns - reach, 0)
    near = np.lib.stride_tricks.sliding_window_view(ringed, (side, side))[np.ix_(tops, lefts)]
    down, right = np.divmod(near.reshape(len(tops), len(lefts), -1).argmin(axis=-1), side)
    places = ((tops[:, None] + down) * width + lefts + right).ravel()
    # Two of a narrow picture may meet.
    _, first = np.unique(places, return_index=True)
    places = places[np.sort(first)]
    seeds = np.zeros(slope.size, np.int32)
    seeds[places] = np.arange(1, len(places) + 1)
    return seeds.reshape(slope.shape)


def _basins(smooth: Plane, seeds: Labels) -> Labels:
    """Which seed each pixel belongs to, 0..n - 1."""
    codes = np.clip(smooth * 255 + np.float32(0.5), 0, 255).astype(np.uint8)
    if min(codes.shape) < 3:  # The watershed has no inside there.
        return np.zeros(codes.shape, np.int32)
    labels = np.maximum(cv2.watershed(np.dstack([codes] * 3), seeds), 0)
    if not labels.any():  # Nor where all seeds lie at the picture's edge.
        return np.zeros(codes.shape, np.int32)
    while not labels.all():
        # What lies on a border belongs to one of its neighbors.
        near = cv2.dilate(labels.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int32)
        labels = np.where(labels == 0, near, labels)
    there = np.bincount(labels.ravel()) > 0
    numbers = (np.cumsum(there) - 1).astype(np.int32)
    return np.asarray(numbers[labels])


def _borders(labels: Labels, slope: Plane, count: int) -> tuple[Labels, Floats]:
    """Patches that touch, and the mean slope of light along their borders."""
    keys, slopes = [], []
    for here, there in (
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[:-1], np.s_[1:]),
    ):
        one, other = labels[here], labels[there]
        apart = one != other
        low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        keys.append(low.astype(np.int64) * count + high)
        slopes.append(np.maximum(slope[here], slope[there])[apart])
    found, which = np.unique(np.concatenate(keys), return_inverse=True)
    change = np.bincount(which, np.concatenate(slopes), len(found)) / np.bincount(
        which, minlength=len(found)
    )
    pairs = np.stack([found // count, found % count], axis=1).astype(np.int32)
    return pairs, change.astype(np.float32)
