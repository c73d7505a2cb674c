"""Layers: what lies over a frame (type, scrims, rules), ready to be blended in YUV.

A layer is painted once, as RGBA, and converted once; each frame then costs one multiply-add over
the layer's own rectangle, scaled by the strength of its fade.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import skia

from photochrom.film.frames.pictures import Floats, codes_of, yuv_from_rgb
from photochrom.film.frames.planes import Codes, Planes


@dataclass(frozen=True)
class Layer:
    """Premultiplied YUV codes with their alpha, over a part of the frame.

    Attributes:
        x: Left edge in the frame, even.
        y: Upper edge, even.
        luma: (h, w) float32 codes times alpha, h and w even.
        chroma: Two (h/2, w/2) planes of codes times alpha.
        alpha: (h, w) float32, 0..1.
        alpha_half: (h/2, w/2): alpha where chroma is sited.
    """

    x: int
    y: int
    luma: Floats
    chroma: tuple[Floats, Floats]
    alpha: Floats
    alpha_half: Floats

    @classmethod
    def from_rgba(cls, rgba: Floats, x: int = 0, y: int = 0) -> Layer:
        """Convert premultiplied RGBA.

        Args:
            rgba: (h, w, 4) float32 in 0..1, h and w even.
            x: Where its left edge lies in the frame, even.
            y: Where its upper edge lies, even.
        """
        alpha = np.ascontiguousarray(rgba[..., 3])
        luma, cb, cr = yuv_from_rgb(rgba[..., :3])
        # The conversion adds 16 and 128 once; premultiplied, they count only as much as alpha.
        luma = luma - 16 * (1 - alpha)
        chroma = (_sited(cb - 128 * (1 - alpha)), _sited(cr - 128 * (1 - alpha)))
        return cls(x, y, luma.astype(np.float32), chroma, alpha, _sited(alpha))

    @classmethod
    def paint(cls, size: tuple[int, int], draw: Callable[[skia.Canvas], None]) -> Layer | None:
        """A layer of the size of the frame, cut to what was painted; None if nothing was."""
        rgba = painted(size, draw)
        rows = np.flatnonzero(rgba[..., 3].any(axis=1))
        columns = np.flatnonzero(rgba[..., 3].any(axis=0))
        if rows.size == 0:
            return None
        # A margin of two, so that the filter of chroma siting ends at nothing.
        down = even_span(int(rows[0]) - 2, int(rows[-1]) + 3, size[1])
        across = even_span(int(columns[0]) - 2, int(columns[-1]) + 3, size[0])
        return cls.from_rgba(rgba[down, across], across.start, down.start)

    def over(self, planes: Planes, strength: float = 1.0) -> Planes:
        """The frame with this layer on it; the frame itself stays as it is.

        Args:
            planes: A frame.
            strength: 0 (not there) .. 1.
        """
        if strength <= 0:
            return planes
        height, width = self.luma.shape
        whole = (slice(self.y, self.y + height), slice(self.x, self.x + width))
        half = tuple(slice(part.start // 2, part.stop // 2) for part in whole)
        return Planes(
            _blended(planes.luma, whole, self.luma, self.alpha, strength),
            _blended(planes.cb, half, self.chroma[0], self.alpha_half, strength),
            _blended(planes.cr, half, self.chroma[1], self.alpha_half, strength),
        )

    def above(self, other: Layer) -> Layer:
        """This layer and another of the same place and size beneath it, as one."""
        through, through_half = 1 - self.alpha, 1 - self.alpha_half
        return Layer(
            self.x,
            self.y,
            self.luma + through * other.luma,
            (
                self.chroma[0] + through_half * other.chroma[0],
                self.chroma[1] + through_half * other.chroma[1],
            ),
            self.alpha + through * other.alpha,
            self.alpha_half + through_half * other.alpha_half,
        )

    def shifted(self, rows: int, height: int) -> Layer | None:
        """The layer moved up by an even number of rows and cut to a frame of `height`."""
        top, bottom = self.y - rows, self.y - rows + self.luma.shape[0]
        first, last = max(0, -top), self.luma.shape[0] - max(0, bottom - height)
        if first >= last:
            return None
        rows_full, rows_half = slice(first, last), slice(first // 2, last // 2)
        return Layer(
            self.x,
            top + first,
            self.luma[rows_full],
            (self.chroma[0][rows_half], self.chroma[1][rows_half]),
            self.alpha[rows_full],
            self.alpha_half[rows_half],
        )


def painted(size: tuple[int, int], draw: Callable[[skia.Canvas], None]) -> Floats:
    """What `draw` paints on nothing: premultiplied RGBA, (H, W, 4) float32 in 0..1."""
    width, height = size
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = skia.Surface.MakeRasterDirect(
        skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType),
        pixels,
    )
    draw(surface.getCanvas())
    surface.flushAndSubmit()
    return np.asarray(pixels / np.float32(255), np.float32)


def shade(size: tuple[int, int], alpha: Floats, color: str, y: int = 0, x: int = 0) -> Layer:
    """A layer of one color whose alpha varies: scrims, vignettes, bars.

    Args:
        size: Width and height of the part of the frame that it covers, even numbers.
        alpha: Broadcasts to (height, width), 0..1.
        color: "#rrggbb".
        y: Its first row in the frame, even.
        x: Its first column, even.
    """
    width, height = size
    whole = np.ascontiguousarray(np.broadcast_to(alpha, (height, width)), dtype=np.float32)
    half = _sited(whole)
    luma, cb, cr = codes_of(color)
    return Layer(x, y, whole * np.float32(luma), (half * cb, half * cr), whole, half)


def _blended(
    base: Codes, part: tuple[slice, ...], color: Floats, alpha: Floats, strength: float
) -> Codes:
    out = base.copy()
    mixed = cv2.multiply(out[part], 1 - np.float32(strength) * alpha, dtype=cv2.CV_32F)
    cv2.scaleAdd(color, 256 * strength, mixed, mixed)
    np.clip(mixed, 0, 254 * 256, out=mixed)
    # Rounds to the nearest.
    cv2.add(mixed, 0, dst=out[part], dtype=cv2.CV_16U)
    return out


def _sited(plane: Floats) -> Floats:
    """Halve a plane to where 4:2:0 chroma lies: on even columns, between two rows."""
    rows = (plane[0::2] + plane[1::2]) / 2
    padded = cv2.copyMakeBorder(rows, 0, 0, 1, 1, cv2.BORDER_REPLICATE)
    smooth = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return np.ascontiguousarray(smooth[:, 0::2], dtype=np.float32)


def even_span(first: float, last: float, limit: int) -> slice:
    """From one place to another, widened to even numbers and cut to 0..`limit`, which is even."""
    low, high = max(math.floor(first), 0), min(math.ceil(last), limit)
    return slice(low - low % 2, high + high % 2)
