"""Writing pictures row by row, so that a large one never lies in memory as a whole.

TIFF and PNG are written strip by strip; JPEG and WebP need the whole picture, at 8 bits, and
JPEG 2000 at its own depth. All formats carry a profile and all metadata of the scan, and the same
input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np

from photochrom.errors import PhotographError
from photochrom.files import written_whole
from photochrom.photograph.container import Samples
from photochrom.photograph.derive import embedding
from photochrom.photograph.known import Known
from photochrom.photograph.png_out import write_png
from photochrom.photograph.profiles import gray_profile, srgb_profile
from photochrom.photograph.scan_info import ScanInfo
from photochrom.photograph.sheet import Sheet
from photochrom.photograph.tiff_out import write_tiff
from photochrom.photograph.whole_out import write_jp2, write_jpeg, write_webp

ENDINGS: Mapping[str, str] = MappingProxyType(
    {"tiff": ".tif", "jpeg": ".jpg", "png": ".png", "webp": ".webp", "jp2": ".jp2"}
)
"""What can be written: formats, and the file name ending that each gets from us."""

_SUFFIXES = {".tif": "tiff", ".tiff": "tiff", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
_SUFFIXES |= {".jpe": "jpeg", ".webp": "webp", ".jp2": "jp2"}
_LONGEST_SIDE = {"jpeg": 65_500, "webp": 16_383}


def save_rows(
    path: str | os.PathLike[str],
    *,
    shape: tuple[int, ...],
    rows: Iterable[Samples],
    format: str | None = None,
    bit_depth: int | None = None,
    quality: int = 92,
    info: ScanInfo | None = None,
    provenance: Mapping[str, str] | None = None,
    known: Known | None = None,
    strip: Collection[str] = (),
    forbidden: str | os.PathLike[str] | None = None,
) -> str:
    """Write a picture that comes in strips of rows; it appears whole or not at all.

    Args:
        path: The file to write. Missing parent folders are created.
        shape: (H, W) or (H, W, 3) of the whole picture.
        rows: Strips (h, W) or (h, W, 3) of any heights that add up to H: uint8 or uint16, the same
            in all of them, sRGB-encoded.
        format: "tiff" (deflate), "png", "jpeg" (4:4:4), "webp" or "jp2" (JPEG 2000, lossless); None
            goes by the suffix.
        bit_depth: 8 or 16; None keeps that of the rows. JPEG and WebP always have 8.
        quality: Of JPEG and WebP, 1..100.
        info: Of the scan that the picture comes from; all of its metadata but what speaks of its
            pixels, and the size of the print go into the file.
        provenance: Our own fields by name, for the XMP packet. "digital_source_type" becomes the
            IPTC property of that name: a URI that says how the picture came to be.
        known: What is known of the photograph besides; it counts before what the scan says.
        strip: "location" leaves out where on earth it was taken, in coordinates.
        forbidden: A file that must not be replaced, by whatever name or link it is reached.

    Returns:
        The SHA-256 of the file written, hexadecimal.

    Raises:
        PhotographError: The format is unknown, or cannot hold the picture; the place is a folder,
            is the original, or cannot be written.
        ValueError: The strips do not make up the shape.
    """
    path = Path(path)
    format = _format(path, format, shape)
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None or first.dtype not in (np.uint8, np.uint16):
        raise ValueError("rows must be strips of uint8 or uint16")
    sheet = Sheet(
        shape=tuple(shape),
        dtype=_DEPTHS[8] if format in ("jpeg", "webp") else _DEPTHS.get(bit_depth, first.dtype),
        icc=gray_profile() if len(shape) == 2 else srgb_profile(),
        embed=embedding(
            info,
            provenance or {},
            known=known,
            same_grid=_same_grid(tuple(shape), info),
            strip=strip,
        ),
        dpi=_resolution(shape, info),
        quality=quality,
    )
    strips = _checked(chain([first], remaining), sheet, first.dtype)
    del first  # The first strip must not stay in memory for as long as the rest is written.
    with written_whole(path, forbidden=None if forbidden is None else Path(forbidden)) as file:
        _WRITERS[format](file, strips, sheet)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


_DEPTHS: dict[int | None, np.dtype[Any]] = {8: np.dtype(np.uint8), 16: np.dtype(np.uint16)}


def _format(path: Path, named: str | None, shape: tuple[int, ...]) -> str:
    """What a picture is written as; an error if there is no such format, or it cannot hold it."""
    format = named or _SUFFIXES.get(path.suffix.lower())
    if format is None or format not in ENDINGS:
        raise PhotographError(
            f"cannot write the format {format or path.suffix or 'of a file without suffix'}",
            where=path,
            fix=f"use one of {', '.join(ENDINGS)}",
        )
    if max(shape[:2]) > _LONGEST_SIDE.get(format, 2**31 - 1):
        raise PhotographError(
            f"{format} cannot hold {shape[1]} x {shape[0]} pixels", where=path, fix="use tiff"
        )
    return format


def _resolution(shape: tuple[int, ...], info: ScanInfo | None) -> tuple[float, float] | None:
    """The resolution of a picture that may be enlarged: the print's size stays."""
    if info is None or info.dpi is None:
        return None
    return info.dpi[0] * shape[1] / info.width, info.dpi[1] * shape[0] / info.height


def _same_grid(shape: tuple[int, ...], info: ScanInfo | None) -> bool:
    """Whether a pixel of the picture is the pixel of the scan that has the same place."""
    return info is not None and info.orientation == 1 and shape[:2] == (info.height, info.width)


def _checked(rows: Iterable[Samples], sheet: Sheet, source: np.dtype[Any]) -> Iterator[Samples]:
    height = 0
    for strip in rows:
        if strip.shape[1:] != sheet.shape[1:] or strip.dtype != source:
            raise ValueError(
                f"a strip of {strip.shape} {strip.dtype} in a picture of {sheet.shape} {source}"
            )
        height += len(strip)
        yield to_depth(strip, sheet.dtype)
    if height != sheet.shape[0]:
        raise ValueError(f"{height} rows for a picture of {sheet.shape}")


def to_depth(samples: Samples, dtype: np.dtype[Any]) -> Samples:
    """Convert between uint8 and uint16, both of full range, by rounding."""
    if samples.dtype == dtype:
        return samples
    if dtype == np.uint16:
        return samples.astype(np.uint16) * np.uint16(257)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _write_tiff(file: BinaryIO, strips: Iterator[Samples], sheet: Sheet) -> None:
    one = sheet
    write_tiff(file, strips, one.shape, one.dtype, icc=one.icc, dpi=one.dpi, embed=one.embed)


def _write_png(file: BinaryIO, strips: Iterator[Samples], sheet: Sheet) -> None:
    one = sheet
    write_png(file, strips, one.shape, one.dtype, icc=one.icc, dpi=one.dpi, embed=one.embed)


_WRITERS: dict[str, Callable[[BinaryIO, Iterator[Samples], Sheet], None]] = {
    "tiff": _write_tiff,
    "png": _write_png,
    "jpeg": write_jpeg,
    "webp": write_webp,
    "jp2": write_jp2,
}
