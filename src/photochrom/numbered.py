"""The regions of a picture, numbered: for people who know no coordinates.

Patches that touch are joined, those that are most alike first, until some dozens are left. The same
scan has the same regions and numbers, as long as the color network is the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion
from photochrom.nets import Registry
from photochrom.photograph import Photograph, positive
from photochrom.recipe import Recipe
from photochrom.restoration import choose_emulsion, restore
from photochrom.steps import color
from photochrom.steps.looks import averaged
from photochrom.steps.patches import Patches, patches
from photochrom.steps.spreading import opinions_of, unlikeness

MOST: Final = 40
"""Regions of a picture, at most."""

# Regions smaller than this share are joined to others first.
_LEAST: Final = 0.0015
_SMALL: Final = 0.006
_BLUE: Final = (24, 92, 214)


@dataclass(frozen=True)
class Numbered:
    """The regions of a picture.

    Attributes:
        labels: (h, w) int32: the number of each pixel of a small copy, from 1, by reading order.
        light: (h, w) float32, 0..1, sRGB-encoded gray, of that copy.
    """

    labels: NDArray[np.int32]
    light: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.labels.max())

    def mask(self, numbers: Sequence[int]) -> NDArray[np.uint8]:
        """(h, w): 255 where one of some regions is.

        Raises:
            ValueError: There is no such region.
        """
        for number in numbers:
            if not 1 <= number <= self.count:
                raise ValueError(f"there is no region {number}: the picture has {self.count}")
        return np.where(np.isin(self.labels, numbers), np.uint8(255), np.uint8(0))

    def sheet(self, longest: int = 1600) -> NDArray[np.uint8]:
        """(H, W, 3) RGB: the picture with the borders and numbers of its regions."""
        height, width = self.labels.shape
        share = longest / max(height, width)
        size = max(1, round(width * share)), max(1, round(height * share))
        gray = cv2.resize(self.light, size, interpolation=cv2.INTER_CUBIC)
        # Paler than the picture, so that numbers are read on all of it.
        codes = np.clip((0.35 + 0.65 * gray) * 255, 0, 255).astype(np.uint8)
        sheet = np.dstack([codes] * 3)
        labels = cv2.resize(self.labels.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
        edges = cv2.morphologyEx(labels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        sheet[edges] = _BLUE
        for number in range(1, self.count + 1):
            _write(sheet, number, np.asarray(labels == number, np.uint8))
        return sheet


def numbered(
    photograph: Photograph,
    *,
    emulsion: Emulsion | None = None,
    year: int | None = None,
    negative: bool = False,
    registry: Registry | None = None,
) -> Numbered:
    """Number the regions of a photograph.

    Args:
        photograph: The scan.
        emulsion: How the plate saw color; by default the date decides.
        year: When it was taken; by default what the scan says.
        negative: Whether the scan is of a negative.
        registry: Where the color network comes from; the default one unless given.
    """
    registry = registry or Registry.default()
    scan, _ = positive(photograph) if negative else (photograph, None)
    chosen, _ = choose_emulsion(photograph.info, emulsion, year)
    plate = restore(scan, Recipe(name="tones", steps=("tone",)), registry=registry).plate
    cut = patches(plate.light)
    answer = averaged(color.looked(plate.light, color.ColorParams(), registry, chosen))
    labels = _in_order(_joined(cut, opinions_of(cut, answer))[cut.labels])
    light = cv2.resize(plate.light, labels.shape[::-1], interpolation=cv2.INTER_AREA)
    return Numbered(labels, np.clip(light, 0, 1))


def _joined(cut: Patches, opinions: NDArray[np.float32]) -> NDArray[np.int64]:
    """To which region each patch belongs, (n,): the most alike neighbors are joined first."""
    sums = np.column_stack([opinions, cut.light[:, None]]).astype(np.float64)
    areas = cut.areas.astype(np.float64)
    whole = areas.sum()
    sums *= areas[:, None]
    parents = list(range(cut.count))
    around: list[dict[int, float]] = [{} for _ in parents]
    for (one, other), change in zip(cut.pairs.tolist(), cut.change.tolist(), strict=True):
        around[one][other] = around[other][one] = change

    def cost(one: int, other: int) -> float:
        first, second = sums[one] / areas[one], sums[other] / areas[other]
        apart = unlikeness(first[:-1], second[:-1]) + 1.5 * abs(first[-1] - second[-1])
        size = min(areas[one], areas[other]) / whole
        return float(apart + around[one][other]) * float(np.sqrt(size)) * (size > _LEAST or 0.01)

    ages = [0] * cut.count
    waiting = [(cost(a, b), a, b, 0, 0) for a, b in cut.pairs.tolist()]
    heapq.heapify(waiting)
    left = cut.count
    while waiting and left > 1:
        _, one, other, age, other_age = heapq.heappop(waiting)
        if ages[one] != age or ages[other] != other_age:
            continue
        smallest = min(areas[one], areas[other]) / whole
        if left <= MOST and smallest > _SMALL:
            break
        left -= 1
        parents[other] = one
        sums[one] += sums[other]
        areas[one] += areas[other]
        ages[one] += 1
        ages[other] = -1
        for near, change in around[other].items():
            if near != one:
                around[one][near] = around[near][one] = max(change, around[one].get(near, 0.0))
            around[near].pop(other, None)
        around[other].clear()
        for near in sorted(around[one]):
            heapq.heappush(waiting, (cost(one, near), one, near, ages[one], ages[near]))
    return np.array([_root(parents, one) for one in range(cut.count)])


def _root(parents: list[int], one: int) -> int:
    while parents[one] != one:
        one = parents[one]
    return one


def _in_order(labels: NDArray[Any]) -> NDArray[np.int32]:
    """The same regions with numbers from 1, as their first pixels come in reading order."""
    found, first, numbers = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(found), np.int32)
    ranks[np.argsort(first)] = np.arange(1, len(found) + 1)
    return ranks[numbers].reshape(labels.shape)


def _write(sheet: NDArray[np.uint8], number: int, inside: NDArray[np.uint8]) -> None:
    """Write a number where its region is widest."""
    depth = cv2.distanceTransform(np.pad(inside, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = divmod(int(depth.argmax()), inside.shape[1])
    text, font = str(number), cv2.FONT_HERSHEY_DUPLEX
    scale = max(sheet.shape[:2]) / 1600 * 0.9
    (width, height), _ = cv2.getTextSize(text, font, scale, 1)
    x = min(max(0, column - width // 2), sheet.shape[1] - width)
    y = min(max(height, row + height // 2), sheet.shape[0] - 2)
    for thickness, shade in (
        (max(2, round(5 * scale)), (255, 255, 255)),
        (max(1, round(1.6 * scale)), _BLUE),
    ):
        cv2.putText(sheet, text, (x, y), font, scale, shade, thickness, cv2.LINE_AA)
