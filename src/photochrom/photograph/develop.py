"""From raw samples to upright sRGB pixels, strip by strip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photochrom.photograph.container import Alpha, Samples
from photochrom.photograph.profiles import Conversion, conversion_to_srgb

STRIP_SAMPLES = 2**22
"""How many samples are worked on at once: a few megabytes beside the picture itself."""


def strip_height(samples: Samples) -> int:
    """Rows that make a strip of bounded size."""
    return max(1, STRIP_SAMPLES // max(1, int(np.prod(samples.shape[1:]))))


def develop(samples: Samples, *, alpha: Alpha, icc: bytes | None, orientation: int) -> Samples:
    """Turn decoded samples into pixels.

    The profile is converted to sRGB, alpha is composited on white in sRGB-encoded values, RGB with
    three identical channels becomes gray, the orientation is applied.

    Args:
        samples: (H, W) or (H, W, C) uint8 or uint16, alpha last.
        alpha: What the last channel is.
        icc: The embedded profile.
        orientation: EXIF, 1..8.

    Returns:
        (H, W) or (H, W, 3) uint8 or uint16, C-contiguous. Samples that are sRGB already keep their
        values and depth; converted ones are uint16.
    """
    if samples.ndim == 2:
        samples = samples[..., None]
    opacity = None if alpha == "none" else samples[..., -1]
    color = samples if alpha == "none" else samples[..., :-1]
    if color.shape[-1] == 1 or (color.shape[-1] == 3 and _is_gray(color)):
        color = color[..., :1]
    conversion = conversion_to_srgb(icc, color.shape[-1], color.dtype)
    if conversion is None and opacity is None:
        pixels = color
    else:
        pixels = _convert(color, opacity, conversion, premultiplied=alpha == "premultiplied")
    if pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    return np.ascontiguousarray(upright(pixels, orientation))


def upright(pixels: Samples, orientation: int) -> Samples:
    """Apply an EXIF orientation, 1..8, to (H, W) or (H, W, C); a view where that is possible."""
    turned = pixels.swapaxes(0, 1) if orientation >= 5 else pixels
    # After that, what is left is one of four mirrorings.
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    return turned


def _is_gray(color: Samples) -> bool:
    step = strip_height(color)
    for top in range(0, len(color), step):
        red, green, blue = np.moveaxis(color[top : top + step], -1, 0)
        if not (np.array_equal(red, green) and np.array_equal(red, blue)):
            return False
    return True


def _convert(
    color: Samples, opacity: Samples | None, conversion: Conversion | None, *, premultiplied: bool
) -> Samples:
    channels = 3 if color.shape[-1] == 4 else color.shape[-1]
    dtype = color.dtype if conversion is None else np.dtype(np.uint16)
    pixels = np.empty((*color.shape[:2], channels), dtype)
    step = strip_height(color)
    for top in range(0, len(color), step):
        rows = slice(top, top + step)
        strip = color[rows]
        cover = None
        if opacity is not None:
            full = np.float32(np.iinfo(opacity.dtype).max)
            cover = opacity[rows, :, None].astype(np.float32) / full
            if premultiplied:
                strip = _unmultiplied(strip, cover)
        if conversion is not None:
            strip = conversion(strip[..., 0])[..., None] if channels == 1 else conversion(strip)
        if cover is not None:
            white = np.float32(np.iinfo(dtype).max)
            strip = np.rint(white + (strip.astype(np.float32) - white) * cover).astype(dtype)
        pixels[rows] = strip
    return pixels


def _unmultiplied(strip: Samples, cover: NDArray[np.float32]) -> Samples:
    full = np.iinfo(strip.dtype).max
    straight = np.rint(np.minimum(strip / np.maximum(cover, 1 / full), full))
    return straight.astype(strip.dtype, copy=False)
