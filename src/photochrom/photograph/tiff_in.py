"""Looking into TIFF files: which page, of what kind, with what metadata.

Source: TIFF revision 6.0, and its Photoshop and PageMaker supplements.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from tifffile import PHOTOMETRIC

from photochrom.photograph import lab, tiff_color, tiff_pages, tiff_samples
from photochrom.photograph.container import (
    Container,
    Note,
    Samples,
    no_such_page,
    several,
    unsupported,
    valid_dpi,
    valid_orientation,
)
from photochrom.photograph.tiff_kinds import Kind, kind_of
from photochrom.photograph.tiff_segments import JPEGS, Mended, mend, plain_size, segments_of

# tifffile reports odd tags of good files through logging; nobody asked to see that on stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_RESOLUTION_UNITS = {2: 1.0, 3: 2.54}  # Inch and centimeter; 1 is "no absolute unit".
_LARGEST_STRIP = 2**28
"""Bytes; a page of larger strips is not read strip by strip, but as a whole and within limits."""


def look_into_tiff(path: Path, number: int | None = None) -> Container:
    """Read the header of a page.

    Args:
        path: The file.
        number: Which page, from 1; None for the first.

    Raises:
        PhotographError: Samples of a kind that is not a photograph's (complex numbers), a
            camera raw file without a preview, or fewer pages.
        Exception: Whatever tifffile raises on a broken file.
    """
    with tifffile.TiffFile(path) as tiff:
        pages = tiff_pages.pages_of(tiff, path)
        count = len(pages.all)
        if number is not None and number > count:
            raise no_such_page(path, number, count)
        address = pages.all[(number or 1) - 1].address
        page = tiff_pages.at(tiff, address)
        kind = kind_of(page, path)
        tags = {tag.name: tag.value for tag in page.tags}
        log_gray = page.photometric == PHOTOMETRIC.LOGL
        channels = 3 if kind in ("log", "log24") else tiff_samples.CHANNELS[page.photometric]
        streamed = kind in ("plain", "wide", "ycbcr") and _in_strips(page)
        return Container(
            format="tiff",
            width=page.imagewidth,
            height=page.imagelength,
            bit_depth=tiff_samples.bits_of(page),
            channels=1 if log_gray else channels,
            alpha=tiff_samples.alpha_of(page) if kind in ("plain", "wide") else "none",
            orientation=valid_orientation(_integer(tags.get("Orientation", 1))),
            icc=None if kind == "lab" else _bytes(tags.get("InterColorProfile")),
            dpi=_dpi(tags),
            directory=page.offset,
            page=number or 1,
            pages=count,
            notices=(*pages.notices, *several(count, number), *_mended(page, path, kind).notices),
            decode=lambda note: _decode(path, address, kind, note),
            strips=(lambda: _strips(path, address, kind)) if streamed else None,
        )


def _mended(page: Any, path: Path, kind: Kind) -> Mended:
    """See to it that the pixels can be found; see `mend`."""
    if kind in ("second", "log24"):
        return Mended()
    return mend(page, path, tiff_color.ycbcr_size(page) if kind == "ycbcr" else plain_size)


def _decode(path: Path, address: tiff_pages.Address, kind: Kind, note: Note) -> Samples:
    if kind in ("second", "log24"):
        if len(address) > 1:
            raise unsupported(path, "old kinds of TIFF in SubIFDs cannot be read")
        decode = tiff_color.decode_second if kind == "second" else tiff_color.decode_log24
        return decode(path, address[0], note)
    with tifffile.TiffFile(path) as tiff:
        page = tiff_pages.at(tiff, address)
        mended = _mended(page, path, kind)
        try:
            return _decoders(page, note)[kind]()
        except Exception as error:
            if not mended.changed:
                raise
            raise mended.error(path, error) from error


def _decoders(page: Any, note: Note) -> dict[Kind, Callable[[], Samples]]:
    return {
        "plain": lambda: tiff_samples.decode_plain(page),
        "lab": lambda: lab.rgb_of_lab(tiff_samples.decode_plain(page), page.photometric),
        "wide": lambda: tiff_samples.decode_wide(page, _stated(page), note),
        "ycbcr": lambda: tiff_color.decode_ycbcr(page),
        "log": lambda: tiff_color.decode_log(page, note),
    }


def _strips(path: Path, address: tiff_pages.Address, kind: Kind) -> Iterator[Samples]:
    with tifffile.TiffFile(path) as tiff:
        page = tiff_pages.at(tiff, address)
        mended = _mended(page, path, kind)
        try:
            if kind == "wide":
                yield from tiff_samples.strips_wide(page, _stated(page))
            elif kind == "ycbcr":
                yield from tiff_color.strips_ycbcr(page)
            else:
                yield from tiff_samples.strips_plain(page)
        except Exception as error:
            if not mended.changed:
                raise
            raise mended.error(path, error) from error


def _in_strips(page: Any) -> bool:
    """Whether the file has its rows one after another, with all samples of a pixel together."""
    if page.is_tiled or page.planarconfig == 2 or page.compression in tiff_color.SECOND | JPEGS:
        return False
    return (
        page.axes in ("YX", "YXS") and plain_size(page, next(segments_of(page))) <= _LARGEST_STRIP
    )


def _stated(page: Any) -> tuple[float, float] | None:
    """Black and white as the tags SMinSampleValue and SMaxSampleValue have them."""
    limits = []
    for tag, choose in ((340, min), (341, max)):
        value = page.tags.valueof(tag)
        numbers = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(number, int | float) for number in numbers):
            return None
        limits.append(float(choose(numbers)))
    return limits[0], limits[1]


def _integer(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 1


def _dpi(tags: dict[str, Any]) -> tuple[float, float] | None:
    unit = _RESOLUTION_UNITS.get(int(tags.get("ResolutionUnit", 2)))
    x, y = tags.get("XResolution"), tags.get("YResolution")
    if unit is None or not isinstance(x, tuple) or not isinstance(y, tuple) or not x[1] * y[1]:
        return None
    return valid_dpi(x[0] / x[1], y[0] / y[1], unit)


def _bytes(value: object) -> bytes | None:
    """Tags of opaque data come as bytes, or, when a writer declared them so, as integers."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, tuple) and value and all(isinstance(item, int) for item in value):
        # Declared as 32-bit words: the bytes, in the order of this machine.
        return np.asarray(value, dtype="<u4" if max(value) > 255 else "u1").tobytes()
    return None
