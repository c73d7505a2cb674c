"""Small maps for the record: where defects were filled, how sure the colors are.

A map is a gray PNG in base64, of so few levels and pixels that a record stays some kilobytes. It
lies over the picture as a whole, whatever the size of either.
"""

from __future__ import annotations

import base64
import binascii
import io
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import PhotographError
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane

Bytes = NDArray[np.uint8]

LONGEST: Final = 256
"""Pixels of a map's longer side, at most."""

PLACE: Final = 768
"""The same of a map of where a documented color is."""

_LEVELS: Final = 32
# What is filled somewhere in a pixel of the map is seen in it, be it a hair.
_LEAST: Final = 80


def of_mask(mask: Bytes) -> str:
    """The map of what was filled; (H, W) uint8, 255 where it was."""
    small = _reduced(mask)
    let_go(mask)
    return _packed(np.where(small > 0, np.maximum(small, np.uint8(_LEAST)), small))


def of_certainty(certainty: Plane) -> str:
    """The map of how sure colors are; (h, w) float32, 0..1."""
    return _packed(_reduced((np.clip(certainty, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)))


def of_place(mask: Bytes) -> str:
    """The map of where a color is; (H, W) uint8, 255 where it is."""
    return _packed(_reduced(mask, PLACE))


def unpacked(text: object, longest: int = LONGEST) -> Plane:
    """A map as it was packed: (h, w) float32, 0..1.

    Args:
        text: The map.
        longest: Pixels that its longer side may have.

    Raises:
        PhotographError: It is none.
    """
    try:
        content = base64.b64decode(str(text), validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > longest:
                raise ValueError("it is too large")
            return np.asarray(picture.convert("L"), np.float32) / np.float32(255)
    except (binascii.Error, ValueError, OSError, SyntaxError) as error:
        raise PhotographError(f"has a map that cannot be read ({error})") from error


def _reduced(values: Bytes, longest: int = LONGEST) -> Bytes:
    height, width = values.shape
    share = min(1.0, longest / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.uint8)


def _packed(values: Bytes) -> str:
    most = _LEVELS - 1
    levels = np.round(np.round(values / 255 * most) * (255 / most)).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(levels).save(target, "PNG", optimize=True)
    return base64.b64encode(target.getvalue()).decode("ascii")
