"""Writing PNG files in strips. Source: PNG specification, third edition (W3C 2025)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from photochrom.photograph.container import Samples
from photochrom.photograph.metadata.embedding import Embedding
from photochrom.photograph.metadata.writing import png_chunk, png_chunks, size_of

_PAETH = 4
_INCH = 0.0254


def write_png(
    file: BinaryIO,
    strips: Iterator[Samples],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    *,
    icc: bytes,
    dpi: tuple[float, float] | None,
    embed: Embedding,
) -> None:
    """Write a gray or RGB PNG of 8 or 16 bits.

    Args:
        file: Open for writing.
        strips: Rows from top to bottom, of `dtype`.
        shape: (H, W) or (H, W, 3).
        dtype: uint8 or uint16.
        icc: The profile to embed.
        dpi: Resolution.
        embed: What else is written.
    """
    file.write(b"\x89PNG\r\n\x1a\n")
    color_type = 0 if len(shape) == 2 else 2
    header = struct.pack(">IIBBBBB", shape[1], shape[0], dtype.itemsize * 8, color_type, 0, 0, 0)
    file.write(png_chunk(b"IHDR", header))
    file.write(png_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc, 9)))
    if dpi is not None:
        x, y = (round(value / _INCH) for value in dpi)
        file.write(png_chunk(b"pHYs", struct.pack(">IIB", x, y, 1)))
    file.write(png_chunks(embed, size_of(shape), dpi))
    compressor = zlib.compressobj(level=6, strategy=zlib.Z_FILTERED)
    pixel = dtype.itemsize * (1 if len(shape) == 2 else 3)
    above = np.zeros(shape[1] * pixel, np.uint8)
    for strip in strips:
        raw = np.ascontiguousarray(strip.astype(dtype.newbyteorder(">"), copy=False))
        lines = raw.view(np.uint8).reshape(len(strip), -1)
        if data := compressor.compress(_filtered(lines, above, pixel).data):
            file.write(png_chunk(b"IDAT", data))
        above = lines[-1] if len(lines) else above
    file.write(png_chunk(b"IDAT", compressor.flush()))
    file.write(png_chunk(b"IEND", b""))


def _filtered(lines: NDArray[np.uint8], above: NDArray[np.uint8], pixel: int) -> NDArray[np.uint8]:
    """Put the Paeth filter, the best one for photographs, before every line."""
    up = np.vstack([above, lines[:-1]]).astype(np.int16)
    left, corner = np.zeros_like(up), np.zeros_like(up)
    left[:, pixel:] = lines[:, :-pixel]
    corner[:, pixel:] = up[:, :-pixel]
    to_left, to_up = np.abs(up - corner), np.abs(left - corner)
    to_corner = np.abs(left + up - 2 * corner)
    nearest = np.where(to_up <= to_corner, up, corner)
    nearest = np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest)
    out = np.full((len(lines), lines.shape[1] + 1), _PAETH, np.uint8)
    np.subtract(lines, nearest.astype(np.uint8), out=out[:, 1:])
    return out
