"""Where a print is damaged: what a network suspects, and what of that is believed.

A network sees only so far. Of a large scan it is shown a small version as well, so that a crease
of fifty pixels is found like one of five.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.nets import Network, sweep_network
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Plane
from photochrom.steps.regions import regions
from photochrom.steps.strips import enlarged, strips, with_halo

Bytes = NDArray[np.uint8]

# Probabilities that are tried in turn when too much of the picture is called a defect.
_STRICTER: Final = (0.7, 0.85, 0.95)
# Regions of few pixels need the threshold somewhere in them, regions of many need this.
_SURE: Final = 0.96
_FEW, _MANY = 16, 60
# Scans with a longer side than this are also shown small, with a longer side of the other.
_LARGE, _SMALL = 2400, 1600


class Wanted(Protocol):
    """What decides of a suspicion whether it is believed; see `RepairParams`."""

    @property
    def threshold(self) -> float: ...
    @property
    def grow(self) -> int: ...
    @property
    def smallest(self) -> int: ...
    @property
    def largest_share(self) -> float: ...


@dataclass(frozen=True)
class Suspected:
    """What a network suspects.

    Attributes:
        defects: (H, W), the probability of a defect, 0..255.
        coarse: (H, W), whether it was seen in the small version only; None for scans that are not
            large.
    """

    defects: Bytes
    coarse: NDArray[np.bool_] | None = None


def suspect(
    network: Network, light: Plane, memory: int, progress: Callable[[float], None]
) -> Suspected:
    """Ask a network where the defects are.

    Args:
        network: Of the task "defects".
        light: (H, W), 0..1.
        memory: Bytes that one run may use.
        progress: Called with the share done, 0..1.
    """
    defects = _probabilities(network, light, memory, progress)
    if max(light.shape) <= _LARGE:
        return Suspected(defects)
    small = _probabilities(network, shrunk(light), memory, lambda _: None).astype(np.float32)
    coarse = plane(defects.shape, np.bool_)
    height, width = defects.shape
    for strip in strips(height, width, of=(defects, coarse)):
        probable = enlarged(small, strip, height, width)
        coarse[strip] = probable > 2 * defects[strip].astype(np.float32)
        defects[strip][coarse[strip]] = probable[coarse[strip]]
    return Suspected(defects, coarse)


def shrunk(light: Plane) -> Plane:
    """The small version of a large picture."""
    share = _SMALL / max(light.shape)
    size = (max(1, round(light.shape[1] * share)), max(1, round(light.shape[0] * share)))
    small: Plane = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    let_go(light)
    return small


def _probabilities(
    network: Network, light: Plane, memory: int, progress: Callable[[float], None]
) -> Bytes:
    defects: Bytes = plane(light.shape, np.uint8)
    bands = sweep_network(network, light, memory=memory, outputs=("mask",), progress=progress)
    for band in bands:
        defects[band.rows] = np.clip(band.planes["mask"], 0, 1) * 255 + np.float32(0.5)
        let_go(light, defects)
    return defects


def decide(defects: Bytes, wanted: Wanted) -> tuple[Bytes, int, float | None]:
    """Decide what is filled: the mask, its number of regions, the probability that was asked."""
    stricter = (value for value in _STRICTER if value > wanted.threshold)
    for threshold in (wanted.threshold, *stricter):
        mask, regions = _regions(defects, threshold, wanted)
        if count(mask) <= wanted.largest_share * mask.size:
            return mask, regions, threshold
    mask[:] = 0
    return mask, 0, None


def _regions(defects: Bytes, threshold: float, wanted: Wanted) -> tuple[Bytes, int]:
    """Whoever is surely a defect, with its less sure fringe; without specks; widened."""
    found = regions(defects, threshold * 0.5 * 255)
    # A speck wrongly filled is nothing; a collar wrongly filled is a loss.
    wide = np.clip(np.log(np.maximum(found.areas, 1) / _FEW) / np.log(_MANY / _FEW), 0, 1)
    asked = threshold + (max(threshold, _SURE) - threshold) * wide
    sure = (found.peaks >= threshold * 255) & (found.peaks >= asked * 255)
    sure &= found.areas >= wanted.smallest
    sure[0] = False
    chosen = np.where(sure, np.uint8(255), np.uint8(0))
    mask: Bytes = plane(defects.shape, np.uint8)
    for rows, labels in found.labels():
        mask[rows] = chosen[labels]
        let_go(defects, mask)
    return _grown(mask, wanted.grow), int(np.count_nonzero(sure))


def _grown(mask: Bytes, by: int) -> Bytes:
    if by == 0:
        return mask
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1,) * 2)
    grown: Bytes = plane(mask.shape, np.uint8)
    for strip in strips(*mask.shape, of=(mask, grown)):
        wide, inner = with_halo(strip, by, len(mask))
        grown[strip] = cv2.dilate(mask[wide], around)[inner]
    return grown


def count(mask: Bytes) -> int:
    """How many pixels are not 0."""
    return sum(int(np.count_nonzero(mask[rows])) for rows in strips(*mask.shape, of=(mask,)))
