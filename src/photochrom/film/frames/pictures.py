"""Photographs as a film needs them: planar YUV, chroma at half size.

Sample values are *codes*: BT.709 limited range as 8-bit video counts it (16..235 for luma, 128 for
no color), but as float32, or as uint16 times 256 where they are stored. sRGB-encoded pixels are
taken for BT.709-encoded ones, as screens and encoders do.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.photograph import dimensions, open_reduced

Floats = NDArray[np.float32]

_STRIP = 256

_BLURRED = 48
"""Pixels of a picture's longer side when it is out of focus."""

KR, KB = 0.2126, 0.0722
"""Luma weights of red and blue (ITU-R BT.709, item 3.2)."""

LONGEST = 8192
"""No photograph is kept with a longer side than this; a 4K frame shows 3840 of it."""


@dataclass(frozen=True)
class Picture:
    """A photograph in planar YUV 4:2:0.

    Attributes:
        luma: (H, W) float32 codes.
        chroma: Cb and Cr, each (about H/2, about W/2) float32 codes; None for a gray picture.
    """

    luma: Floats
    chroma: tuple[Floats, Floats] | None

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.luma.shape[1] / self.luma.shape[0])


def open_picture(path: Path, wanted: int = LONGEST) -> Picture:
    """Read a photograph for filming.

    Args:
        path: Any file that `Photograph` reads.
        wanted: Pixels that the longer side is to have at least, if the file has as many. What has
            many times more is read at a whole fraction of its size.

    Raises:
        PhotographError: If it cannot be read.
    """
    longest = max(dimensions(path))
    factor = max(1, longest // wanted, math.ceil(longest / LONGEST))
    # What a film shows was made here, or has been opened before: it is not refused for its size.
    return picture_from_pixels(open_reduced(path, factor, max_pixels=sys.maxsize))


def picture_from_pixels(pixels: NDArray[np.unsignedinteger[Any]]) -> Picture:
    """Turn sRGB-encoded pixels into planes.

    Args:
        pixels: (H, W) gray or (H, W, 3) RGB, uint8 or uint16.
    """
    white = np.float32(np.iinfo(pixels.dtype).max)
    height, width = pixels.shape[:2]
    luma = np.empty((height, width), np.float32)
    if pixels.ndim == 2:
        np.multiply(pixels, 219 / white, out=luma)
        luma += 16
        return Picture(luma, None)
    blue, red = (np.empty(((height + 1) // 2, (width + 1) // 2), np.float32) for _ in range(2))
    # In strips of even height, so that what is kept is all that is ever there as a whole.
    for first in range(0, height, _STRIP):
        rows = slice(first, first + _STRIP)
        half = slice(first // 2, (first + _STRIP) // 2)
        luma[rows], cb, cr = yuv_from_rgb(pixels[rows].astype(np.float32) / white)
        blue[half], red[half] = _half(cb), _half(cr)
    return Picture(luma, (blue, red))


def out_of_focus(picture: Picture, size: tuple[int, int]) -> Floats:
    """A picture's light, blurred beyond recognition and cropped so that it fills a frame.

    Args:
        picture: The picture.
        size: Width and height of the frame.

    Returns:
        (height, width) codes.
    """
    height, width = picture.luma.shape
    share = _BLURRED / max(height, width)
    small = (max(4, round(width * share)), max(4, round(height * share)))
    blurred = cv2.GaussianBlur(
        cv2.resize(picture.luma, small, interpolation=cv2.INTER_AREA), (0, 0), _BLURRED / 16
    )
    zoom = max(size[0] / small[0], size[1] / small[1])
    # Centers of pixels lie at halves: the middle of one picture comes to the middle of the other.
    shift = [
        (whole - zoom * part) / 2 + (zoom - 1) / 2 for whole, part in zip(size, small, strict=True)
    ]
    matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
    spread = cv2.warpAffine(
        blurred, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(spread, np.float32)


def yuv_from_rgb(rgb: Floats) -> tuple[Floats, Floats, Floats]:
    """BT.709 limited-range codes of RGB in 0..1, (..., 3) to three (...) planes."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = KR * red + (1 - KR - KB) * green + KB * blue
    cb = 128 + 224 / (2 * (1 - KB)) * (blue - luma)
    cr = 128 + 224 / (2 * (1 - KR)) * (red - luma)
    return (
        (16 + 219 * luma).astype(np.float32, copy=False),
        cb.astype(np.float32, copy=False),
        cr.astype(np.float32, copy=False),
    )


def rgb_from_yuv(luma: Floats, cb: Floats, cr: Floats) -> Floats:
    """The inverse of `yuv_from_rgb`, unclipped; planes of one size to (..., 3)."""
    gray = (luma - 16) / 219
    red = gray + (cr - 128) * (2 * (1 - KR) / 224)
    blue = gray + (cb - 128) * (2 * (1 - KB) / 224)
    green = (gray - KR * red - KB * blue) / (1 - KR - KB)
    return np.stack([red, green, blue], axis=-1).astype(np.float32)


def codes_of(color: str) -> tuple[float, float, float]:
    """Y, Cb, Cr codes of "#rrggbb"."""
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)], dtype=np.float32)
    luma, cb, cr = yuv_from_rgb(rgb)
    return float(luma), float(cb), float(cr)


def _half(plane: Floats) -> Floats:
    height, width = plane.shape
    size = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
