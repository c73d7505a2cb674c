"""Writing TIFF files in strips. Source: TIFF revision 6.0 and technical note 2 (deflate)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import imagecodecs
import numpy as np

from photochrom.photograph.container import Samples
from photochrom.photograph.metadata import exif
from photochrom.photograph.metadata.embedding import Embedding
from photochrom.photograph.metadata.ifd import (
    UNDEFINED,
    Directory,
    Field,
    longs,
    pack,
    shorts,
)
from photochrom.photograph.metadata.writing import size_of, tiff_directory

# Of one strip before compression: large enough to compress well, small enough to seek in.
_STRIP_BYTES = 2**20
_DEFLATE_LEVEL = 6
# Above this the offsets of a classic TIFF can run out.
_BIG = 2**32 - 2**25
PIXELS = frozenset({256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317})
"""The tags that say where the pixels of a file of ours are, and how."""

_DEFLATE, _HORIZONTAL, _WHITE_IS_HIGH, _RGB = 8, 2, 1, 2


def write_tiff(
    file: BinaryIO,
    strips: Iterator[Samples],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    *,
    icc: bytes,
    dpi: tuple[float, float] | None,
    embed: Embedding,
) -> None:
    """Write a gray or RGB TIFF of 8 or 16 bits: deflate with horizontal predictor.

    Args:
        file: Open for writing, empty.
        strips: Rows from top to bottom, of `dtype`.
        shape: (H, W) or (H, W, 3).
        dtype: uint8 or uint16.
        icc: The profile to embed.
        dpi: Resolution.
        embed: What else is written.
    """
    row_bytes = int(np.prod(shape[1:])) * dtype.itemsize
    rows_per_strip = min(shape[0], max(1, _STRIP_BYTES // row_bytes))
    big = shape[0] * row_bytes > _BIG
    file.write(header(0, big=big))
    offsets, sizes = [], []
    for strip in _regular(strips, rows_per_strip):
        data = _deflated(strip)
        offsets.append(file.tell())
        sizes.append(len(data))
        file.write(data + bytes(len(data) % 2))
    place = file.tell()
    fields = {
        **_pixels(shape, dtype, rows_per_strip),
        273: longs(*offsets, big=big),
        279: longs(*sizes, big=big),
        exif.ICC: Field(UNDEFINED, icc),
    }
    said = tiff_directory(embed, size_of(shape), dpi)
    file.write(pack(Directory({**said.fields, **fields}, said.below), place, big=big))
    file.seek(0)
    file.write(header(place, big=big))


def header(place: int, *, big: bool) -> bytes:
    """The first bytes of a file whose first directory is at a place."""
    if big:
        return b"II+\0" + struct.pack("<HHQ", 8, 0, place)
    return b"II*\0" + struct.pack("<I", place)


def _pixels(shape: tuple[int, ...], dtype: np.dtype[Any], rows_per_strip: int) -> dict[int, Field]:
    channels = 1 if len(shape) == 2 else 3
    return {
        256: longs(shape[1]),
        257: longs(shape[0]),
        258: shorts(*[dtype.itemsize * 8] * channels),
        259: shorts(_DEFLATE),
        262: shorts(_WHITE_IS_HIGH if channels == 1 else _RGB),
        277: shorts(channels),
        278: longs(rows_per_strip),
        284: shorts(1),
        317: shorts(_HORIZONTAL),
    }


def _regular(strips: Iterator[Samples], height: int) -> Iterator[Samples]:
    """Cut strips of any heights into strips of the same height; the last may be lower."""
    pending: list[Samples] = []
    count = 0
    for strip in strips:
        pending.append(strip)
        count += len(strip)
        if count < height:
            continue
        joined = np.concatenate(pending) if len(pending) > 1 else pending[0]
        whole = count // height * height
        for top in range(0, whole, height):
            yield joined[top : top + height]
        pending, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(pending)


def _deflated(strip: Samples) -> bytes:
    difference = strip.astype(strip.dtype.newbyteorder("<"), copy=True)
    difference[:, 1:] -= strip[:, :-1]
    return bytes(imagecodecs.deflate_encode(difference.tobytes(), _DEFLATE_LEVEL))
