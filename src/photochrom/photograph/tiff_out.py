"""Writing TIFF files in strips. Source: TIFF revision 6.0 and technical note 2 (deflate)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
import tifffile

from photochrom.photograph.container import Samples

# Of one strip before compression: large enough to compress well, small enough to seek in.
_STRIP_BYTES = 2**20
_DEFLATE_LEVEL = 6
# Above this the offsets of a classic TIFF can run out.
_BIG = 2**32 - 2**25


def write_tiff(
    file: BinaryIO,
    strips: Iterator[Samples],
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    *,
    icc: bytes,
    dpi: tuple[float, float] | None,
    texts: Mapping[int, str | None],
    xmp: bytes,
) -> None:
    """Write a gray or RGB TIFF of 8 or 16 bits: deflate with horizontal predictor.

    Args:
        file: Open for reading and writing.
        strips: Rows from top to bottom, of `dtype`.
        shape: (H, W) or (H, W, 3).
        dtype: uint8 or uint16.
        icc: The profile to embed.
        dpi: Resolution.
        texts: Text by number of its tag; empty ones are left out.
        xmp: An XMP packet, or nothing.
    """
    row_bytes = int(np.prod(shape[1:])) * dtype.itemsize
    rows_per_strip = min(shape[0], max(1, _STRIP_BYTES // row_bytes))
    extra: list[tuple[int, int | str, int, object, bool]] = []
    for tag, text in texts.items():
        if text:
            encoded = text.replace("\0", " ").encode() + b"\0"
            extra.append((tag, 2, len(encoded), encoded, True))
    if xmp:
        extra.append((700, 1, len(xmp), xmp, True))
    tifffile.imwrite(
        file,
        (_deflated(strip) for strip in _regular(strips, rows_per_strip)),
        shape=shape,
        dtype=dtype.newbyteorder("<"),
        byteorder="<",
        bigtiff=shape[0] * row_bytes > _BIG,
        photometric="minisblack" if len(shape) == 2 else "rgb",
        compression="adobe_deflate",
        predictor=True,
        rowsperstrip=rows_per_strip,
        iccprofile=icc,
        resolution=dpi,
        resolutionunit=None if dpi is None else "inch",
        software="photochrom",
        metadata=None,
        extratags=extra,
    )


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
