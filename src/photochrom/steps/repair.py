"""Repair: scratches, dust, creases, stains and tears, found and filled, and nothing else touched.

The network says where defects are and what the picture looks like without them. Only inside the
mask is anything changed, and the passage from old to new lies inside it as well: outside it the
light stays what it was to the bit. What is filled gets the grain of its surroundings.

A network sees only so far. Of a large scan it is shown a small version as well, so that a crease
of fifty pixels is found like one of five.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.nets import Network, sweep_network
from photochrom.steps.plate import Context, Expected, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import enlarged, strips, with_halo
from photochrom.steps.texture import Texture, TextureMeter, noise

# Tells this step's grain from that of other steps under the same seed.
_FIELD: Final = 0x5EED
# Probabilities that are tried in turn when too much of the picture is called a defect.
_STRICTER: Final = (0.7, 0.85, 0.95)
# Regions of few pixels need the threshold somewhere in them, regions of many need this.
_SURE: Final = 0.96
_FEW, _MANY = 16, 60
_UNIT: Final = np.float32(65535)
# Scans with a longer side than this are also shown small, with a longer side of the other.
_LARGE, _SMALL = 2400, 1600


class RepairParams(StepParams):
    """Parameters of repair.

    Attributes:
        threshold: Probability from which a place is a defect, 0..1.
        grow: By how many pixels the mask is widened: defects have soft edges.
        feather: Over how many pixels, inside the mask, old passes into new.
        smallest: Defects of fewer pixels are left to `clean`.
        largest_share: If more of the picture than this is called a defect, only what is surer is
            filled.
        grain: How much of the surrounding grain is put into what is filled, 0..1.
        network: Name of the network; by default the embedded one.
    """

    threshold: float = Field(default=0.5, gt=0, lt=1)
    grow: int = Field(default=1, ge=0, le=16)
    feather: int = Field(default=1, ge=0, le=32)
    smallest: int = Field(default=4, ge=1)
    largest_share: float = Field(default=0.25, gt=0, le=1)
    grain: float = Field(default=1.0, ge=0, le=1)
    network: str | None = None


@dataclass(frozen=True)
class _Seen:
    """What the network saw: defects (0..255) and the clean picture (0..65535), and the grain."""

    defects: NDArray[np.uint8]
    clean: NDArray[np.uint16]
    texture: Texture


def apply(plate: Plate, params: RepairParams, context: Context) -> tuple[Plate, Notes]:
    """Find defects and fill them; see the module."""
    network = context.registry.network("restore", name=params.network)
    seen = _look(network, plate.light, context)
    if max(plate.light.shape) > _LARGE:
        _add(seen, _look(network, _shrunk(plate.light), context))
    mask, regions, threshold = _masked(seen.defects, params)
    light = plate.light.copy()
    for strip in strips(*light.shape):
        if mask[strip].any():
            _fill(light, strip, mask, seen, params, context.seed ^ _FIELD)
    notes: Notes = {
        "share": round(float(np.count_nonzero(mask)) / mask.size, 6),
        "regions": regions,
        "threshold": threshold,
    }
    expected = Expected(seen.clean, network.card.name)
    return replace(plate, light=light, mask=mask, expected=expected), notes


def _look(network: Network, light: Plane, context: Context) -> _Seen:
    defects = np.empty(light.shape, dtype=np.uint8)
    clean = np.empty(light.shape, dtype=np.uint16)
    meter = TextureMeter()
    bands = sweep_network(
        network,
        light,
        memory=context.memory,
        outputs=("mask", "clean"),
        progress=lambda share: context.progress(STEP.name, 0.9 * share),
    )
    for band in bands:
        probability, picture = band.planes["mask"], np.clip(band.planes["clean"], 0, 1)
        defects[band.rows] = np.clip(probability, 0, 1) * 255 + np.float32(0.5)
        clean[band.rows] = picture * _UNIT + np.float32(0.5)
        meter.add(light[band.rows] - picture, picture, probability < 0.2)
    return _Seen(defects, clean, meter.texture())


def _shrunk(light: Plane) -> Plane:
    share = _SMALL / max(light.shape)
    size = (max(1, round(light.shape[1] * share)), max(1, round(light.shape[0] * share)))
    shrunk: Plane = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    return shrunk


def _add(seen: _Seen, small: _Seen) -> None:
    """Add, in place, what only the small version showed."""
    defects, clean = small.defects.astype(np.float32), small.clean.astype(np.float32)
    height, width = seen.defects.shape
    for strip in strips(height, width):
        probable = enlarged(defects, strip, height, width)
        news = probable > 2 * seen.defects[strip].astype(np.float32)
        seen.defects[strip][news] = probable[news]
        seen.clean[strip][news] = enlarged(clean, strip, height, width)[news]


def _masked(
    defects: NDArray[np.uint8], params: RepairParams
) -> tuple[NDArray[np.uint8], int, float | None]:
    """Decide what is filled: the mask, its number of regions, the probability that was asked."""
    stricter = (value for value in _STRICTER if value > params.threshold)
    for threshold in (params.threshold, *stricter):
        mask, regions = _regions(defects, threshold, params)
        if np.count_nonzero(mask) <= params.largest_share * mask.size:
            return mask, regions, threshold
    return np.zeros_like(defects), 0, None


def _regions(
    defects: NDArray[np.uint8], threshold: float, params: RepairParams
) -> tuple[NDArray[np.uint8], int]:
    """Whoever is surely a defect, with its less sure fringe; without specks; widened."""
    fringe = (defects >= threshold * 0.5 * 255).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(fringe, connectivity=8)
    peaks = np.zeros(count, dtype=np.uint8)
    for strip in strips(*defects.shape):
        seeds = defects[strip] >= threshold * 255
        np.maximum.at(peaks, labels[strip][seeds], defects[strip][seeds])
    areas = stats[:, cv2.CC_STAT_AREA]
    # A speck wrongly filled is nothing; a collar wrongly filled is a loss.
    wide = np.clip(np.log(areas / _FEW) / np.log(_MANY / _FEW), 0, 1)
    asked = threshold + (max(threshold, _SURE) - threshold) * wide
    sure = (peaks > 0) & (peaks >= asked * 255) & (areas >= params.smallest)
    sure[0] = False
    mask = fringe
    chosen = np.where(sure, np.uint8(255), np.uint8(0))
    for strip in strips(*defects.shape):
        mask[strip] = chosen[labels[strip]]
    if params.grow:
        mask = cv2.dilate(
            mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * params.grow + 1,) * 2)
        )
    return mask, int(np.count_nonzero(sure))


def _fill(
    light: Plane,
    strip: slice,
    mask: NDArray[np.uint8],
    seen: _Seen,
    params: RepairParams,
    seed: int,
) -> None:
    """Fill the defects of some rows, in place."""
    wide, inner = with_halo(strip, params.feather + 2, len(mask))
    depth = cv2.distanceTransform(mask[wide], cv2.DIST_L2, 5)[inner]
    share = np.clip(depth / np.float32(params.feather + 1), 0, 1)
    here = mask[strip] > 0
    columns = slice(0, light.shape[1])
    new = seen.clean[strip].astype(np.float32) / _UNIT
    if params.grain > 0:
        new += (
            noise(seed, strip, columns, seen.texture.blur)
            * seen.texture.at(new)
            * np.float32(params.grain)
        )
    old = light[strip]
    mixed = np.clip(old + (new - old) * share, 0, 1)
    old[here] = mixed[here]


STEP: Final = Step("repair", 1, RepairParams, apply, task="restore")
