"""Looking into TIFF files.

tifffile hands out raw samples: what their numbers mean (white is zero, palettes, planes) is done
here. Source: TIFF revision 6.0, and its Photoshop and PageMaker supplements.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from tifffile import COMPRESSION, PHOTOMETRIC

from photochrom.errors import PhotographError
from photochrom.photograph.container import (
    Alpha,
    Container,
    Samples,
    stretch,
    unsupported,
    valid_dpi,
    valid_orientation,
)

# tifffile reports odd tags of good files through logging; nobody asked to see that on stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_RESOLUTION_UNITS = {2: 1.0, 3: 2.54}  # Inch and centimeter; 1 is "no absolute unit".
_JPEG = {COMPRESSION.OJPEG, COMPRESSION.JPEG, COMPRESSION.JPEG_LOSSY, COMPRESSION.ALT_JPEG}
_BUFFER = 2**24
"""Bytes that are read ahead; tifffile would take sixteen times as many."""

_CHANNELS = {
    PHOTOMETRIC.MINISWHITE: 1,
    PHOTOMETRIC.MINISBLACK: 1,
    PHOTOMETRIC.RGB: 3,
    PHOTOMETRIC.PALETTE: 3,
    PHOTOMETRIC.SEPARATED: 4,
    PHOTOMETRIC.YCBCR: 3,
}


def look_into_tiff(path: Path) -> Container:
    """Read the header of the first full-resolution page.

    Raises:
        PhotographError: Samples of a kind that is not a photograph's (float, Lab, camera raw).
        Exception: Whatever tifffile raises on a broken file.
    """
    with tifffile.TiffFile(path) as tiff:
        number, page = _first_full_page(tiff)
        photometric = PHOTOMETRIC(page.photometric)
        compressed_color = photometric == PHOTOMETRIC.YCBCR and page.compression not in _JPEG
        if photometric not in _CHANNELS or compressed_color:
            raise unsupported(path, f"{photometric.name} TIFFs cannot be read")
        if page.sampleformat != 1 or not 1 <= page.bitspersample <= 16:
            raise unsupported(
                path, f"TIFFs of {page.bitspersample}-bit {page.dtype} samples cannot be read"
            )
        stored = 1 if photometric == PHOTOMETRIC.PALETTE else _CHANNELS[photometric]
        if page.samplesperpixel < stored or page.imagedepth > 1:
            raise unsupported(
                path, f"TIFFs of {page.samplesperpixel} {photometric.name} samples cannot be read"
            )
        tags = {tag.name: tag.value for tag in page.tags}
        return Container(
            format="tiff",
            width=page.imagewidth,
            height=page.imagelength,
            bit_depth=page.bitspersample,
            channels=_CHANNELS[photometric],
            alpha=_alpha(page, stored),
            orientation=valid_orientation(int(tags.get("Orientation", 1))),
            icc=_bytes(tags.get("InterColorProfile")),
            dpi=_dpi(tags),
            directory=page.offset,
            decode=lambda: _decode(path, number),
            strips=(lambda: _strips(path, number)) if _in_strips(page) else None,
        )


def _first_full_page(tiff: Any) -> tuple[int, Any]:
    """Skip the thumbnails (NewSubfileType bit 0) that some scanners put in front."""
    for number in range(len(tiff.pages)):
        page = tiff.pages[number]
        if not int(getattr(page, "subfiletype", 0)) & 1:
            return number, page
    return 0, tiff.pages[0]


def _alpha(page: Any, stored: int) -> Alpha:
    kinds = [int(kind) for kind in page.extrasamples or ()]
    if page.samplesperpixel <= stored or not kinds:
        return "none"
    # 0 is "unspecified": a mask or an infrared channel as often as not, so it hides nothing.
    return {1: "premultiplied", 2: "straight"}.get(kinds[0], "none")  # type: ignore[return-value]


def _decode(path: Path, number: int) -> Samples:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[number]
        _check_segments(page, path)
        samples = page.asarray(maxworkers=1)
        if page.axes == "SYX":
            samples = np.moveaxis(samples, 0, -1)
        return _meaning(samples, page)


def _strips(path: Path, number: int) -> Iterator[Samples]:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[number]
        _check_segments(page, path)
        for segment, _, (_, rows, columns, _) in page.segments(maxworkers=1, buffersize=_BUFFER):
            # A copy: what is not compressed comes as a view of the file.
            strip = segment[0, :rows, :columns].copy()
            yield _meaning(strip[..., 0] if strip.shape[-1] == 1 else strip, page)


def _in_strips(page: Any) -> bool:
    """Whether the file has its rows one after another, with all samples of a pixel together."""
    return not page.is_tiled and page.axes in ("YX", "YXS") and page.compression not in _JPEG


def _meaning(samples: Samples, page: Any) -> Samples:
    """What the numbers of a file mean: full range, white is high, palettes applied."""
    photometric = page.photometric
    if samples.dtype.kind == "b":
        samples = samples.view(np.uint8)
    if not samples.dtype.isnative:
        samples = samples.byteswap(inplace=True).view(samples.dtype.newbyteorder())
    alpha = _alpha(page, 1 if photometric == PHOTOMETRIC.PALETTE else _CHANNELS[photometric])
    if photometric == PHOTOMETRIC.PALETTE:
        # A color map holds 16-bit values; most of them are 8-bit ones times 256 or 257.
        index = samples[..., 0] if samples.ndim == 3 else samples
        colors = np.asarray(page.colormap).T
        if (colors % 257 == 0).all() or (colors % 256 == 0).all():
            colors = (colors >> 8).astype(np.uint8)
        picture: Samples = colors[index]
        return picture
    samples = stretch(samples, page.bitspersample)
    if photometric == PHOTOMETRIC.MINISWHITE:
        color = samples[..., :1] if samples.ndim == 3 else samples
        np.subtract(np.iinfo(samples.dtype).max, color, out=color)
    if samples.ndim == 3:
        wanted = _CHANNELS[photometric] + (alpha != "none")
        samples = samples[..., 0] if wanted == 1 else samples[..., :wanted]
    return samples


def _check_segments(page: Any, path: Path) -> None:
    """Fail when strips or tiles lie beyond the end: tifffile would fill them with zeros."""
    size = path.stat().st_size
    segments = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    complete = bool(segments) and all(
        count > 0 and offset + count <= size for offset, count in segments
    )
    if not complete:
        raise PhotographError(
            "the file is truncated", where=path, fix="copy or scan it again, in whole"
        )


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
