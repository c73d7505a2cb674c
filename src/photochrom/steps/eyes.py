"""What belongs to eyes and brows is not taken for damage.

A brow is a thin dark line, lashes are hairs, and the light that an eye reflects is a white speck:
to a network that looks for scratches, hairs and dust they are damage, more surely than many a
scratch. Where a face looks out of the picture, a find that lies wholly between its brows and its
cheeks is left, unless it is light and the network is sure. A scratch that comes from elsewhere and
crosses an eye is filled like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.faces import Box, frontal_faces, reduced
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane

Bytes = NDArray[np.uint8]

# Of the face that a cascade marks: where brows and eyes are, from its top and its left.
_TOP, _BOTTOM, _LEFT, _RIGHT = 0.18, 0.52, 0.08, 0.92
# Of a find: so much of it lies there.
_WITHIN: Final = 0.9
# From this probability on, a light find is damage all the same.
_SURE: Final = 0.85
# Pixels around a find that it is compared with.
_RIM: Final = 4


def faces_in(light: Plane) -> list[Box]:
    """Faces that look at the camera.

    Args:
        light: (H, W), 0..1.

    Returns:
        Their boxes in pixels of the picture.
    """
    small = reduced(light)
    let_go(light)
    down, across = (whole / part for whole, part in zip(light.shape, small.shape, strict=True))
    return [
        (round(left * across), round(top * down), round(width * across), round(height * down))
        for left, top, width, height in frontal_faces(small)
    ]


def spare(mask: Bytes, defects: Bytes, light: Plane, faces: Sequence[Box]) -> int:
    """Take out of a mask, in place, what may be of somebody's eyes.

    Args:
        mask: (H, W), above 0 where a defect is to be filled.
        defects: (H, W), the probability of one, 0..255.
        light: (H, W), 0..1.
        faces: Boxes, in pixels, as `faces_in` gives them.

    Returns:
        How many finds are left.
    """
    return sum(_spare(mask, defects, light, rows, columns) for rows, columns in _eyes(mask, faces))


def _eyes(mask: Bytes, faces: Sequence[Box]) -> Iterator[tuple[slice, slice]]:
    height, width = mask.shape
    for left, top, across, down in faces:
        rows = slice(max(0, top + round(_TOP * down)), min(height, top + round(_BOTTOM * down)))
        first, last = left + round(_LEFT * across), left + round(_RIGHT * across)
        yield rows, slice(max(0, first), min(width, last))


def _spare(mask: Bytes, defects: Bytes, light: Plane, rows: slice, columns: slice) -> int:
    # With so much around it that a find which has less than it should within is seen to go on.
    more = max(rows.stop - rows.start, columns.stop - columns.start, 2 * _RIM)
    wide = (
        slice(max(0, rows.start - more), rows.stop + more),
        slice(max(0, columns.start - more), columns.stop + more),
    )
    there = np.zeros(mask[wide].shape, np.bool_)
    there[
        rows.start - wide[0].start : rows.stop - wide[0].start,
        columns.start - wide[1].start : columns.stop - wide[1].start,
    ] = True
    found = (mask[wide] > 0).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    inside = np.bincount(labels[there], minlength=len(boxes))
    left = 0
    for number in np.flatnonzero(inside >= _WITHIN * boxes[:, cv2.CC_STAT_AREA]):
        if number == 0:
            continue
        x, y, across, down, _ = map(int, boxes[number])
        near = (
            slice(max(0, y - _RIM), y + down + _RIM),
            slice(max(0, x - _RIM), x + across + _RIM),
        )
        here = labels[near] == number
        if _may_be_theirs(
            here, found[near] > 0, defects[wide][near], np.asarray(light[wide][near])
        ):
            mask[wide][near][here] = 0
            left += 1
    return left


def _may_be_theirs(
    here: NDArray[np.bool_], found: NDArray[np.bool_], defects: Bytes, light: Plane
) -> bool:
    if defects[here].max() < _SURE * 255:
        return True
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _RIM + 1,) * 2)
    rim = (cv2.dilate(here.astype(np.uint8), around) > 0) & ~found
    return bool(rim.any() and light[here].mean() < light[rim].mean())
