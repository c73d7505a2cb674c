"""Small pictures for a page, before and after of one size, within a limit of bytes."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import PhotochromError
from photochrom.geometry import Geometry
from photochrom.photograph import dimensions, open_reduced
from photochrom.source import Source
from photochrom.trimming.cutting import cut

Bytes = NDArray[np.uint8]

SIDES: Final = (1280, 960, 720, 540, 400, 280)
"""Longer sides that are tried in turn, in pixels."""

# Bytes that a pixel takes, as a rule, in the quality that is tried first; and the qualities.
_A_PIXEL: Final = 0.2
_QUALITIES: Final = (82, 70, 50, 30)
# How far shapes of two pictures may differ and still lie over one another.
_SAME_SHAPE: Final = 0.02
# What is shown of a scan, as a share of its side, for which it is read in more detail.
_LEAST_PART: Final = 0.25


@dataclass(frozen=True)
class Shown:
    """A small picture that is part of a page.

    Attributes:
        url: All of it, as a data URL.
        width: In pixels.
        height: In pixels.
    """

    url: str
    width: int
    height: int


def side_for(pictures: int, limit: int) -> int:
    """The longer side at which so many pictures stay below a limit of bytes, as a rule."""
    fitting = (side for side in SIDES if pictures * side * side * 0.75 * _A_PIXEL <= limit)
    return next(fitting, SIDES[-1])


def pair(
    before: Source[Path] | None,
    after: Path | None,
    side: int,
    limit: int,
    geometry: Geometry | None = None,
) -> tuple[Shown | None, Shown | None]:
    """Before and after, of one size where their shapes are alike.

    Args:
        before: The scan, or a page of it; None if it is not there.
        after: The derivative; None if it is not there.
        side: The longer side of both, at most.
        limit: Bytes that each may take.
        geometry: Where in the scan the derivative lies; None if it is all of it.

    Returns:
        Both; None for one that is not there or cannot be read.
    """
    # Of a scan of which only a part is shown, there must be pixels enough for that.
    near = side if geometry is None else round(side / max(_LEAST_PART, math.sqrt(geometry.share)))
    first = None if before is None else _small(before.on(before.file), near)
    second = None if after is None else _small(after, side)
    if first is not None and second is not None and geometry is not None:
        first = cut(first, geometry, (second.shape[1], second.shape[0]))
    if first is not None and second is not None and _alike(first, second):
        first = _resized(first, (second.shape[1], second.shape[0]))
    return (
        None if first is None else _encoded(first, limit),
        None if second is None else _encoded(second, limit),
    )


def _small(path: Path, side: int) -> Bytes | None:
    try:
        width, height = dimensions(path)
        longest = max(width, height)
        # Twice as large as needed, so that the last step is a good one.
        pixels: NDArray[Any] = open_reduced(path, max(1, longest // (2 * side)))
    except (PhotochromError, OSError):
        return None
    share = min(1.0, side / longest)
    small = _resized(pixels, (max(1, round(width * share)), max(1, round(height * share))))
    return small if small.dtype == np.uint8 else (small >> 8).astype(np.uint8)


def _resized(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    if pixels.shape[1::-1] == size:
        return pixels
    smaller = pixels.shape[1] > size[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how))


def _alike(one: Bytes, other: Bytes) -> bool:
    first, second = (picture.shape[1] / picture.shape[0] for picture in (one, other))
    return bool(abs(first / second - 1) <= _SAME_SHAPE)


def _encoded(pixels: Bytes, limit: int) -> Shown:
    """As JPEG, which PDFs take as it is, as good and as large as the limit allows."""
    while True:
        picture = Image.fromarray(pixels)
        for quality in _QUALITIES:
            target = io.BytesIO()
            picture.save(target, "JPEG", quality=quality, optimize=True)
            if target.tell() <= limit:
                return _shown(target.getvalue(), "jpeg", picture.size)
        if max(picture.size) <= 64:
            return _shown(target.getvalue(), "jpeg", picture.size)
        pixels = _resized(pixels, (picture.width * 3 // 4, picture.height * 3 // 4))


def _shown(content: bytes, kind: str, size: tuple[int, int]) -> Shown:
    return Shown(f"data:image/{kind};base64,{base64.b64encode(content).decode()}", *size)


def shown_as_png(picture: Image.Image) -> Shown:
    """A picture of few colors, without loss."""
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return _shown(target.getvalue(), "png", picture.size)
