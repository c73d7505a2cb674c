"""Kinds of TIFF that tifffile does not decode: YCbCr in blocks, LogLuv, and a few by libtiff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import TiffImagePlugin
from tifffile import COMPRESSION, PHOTOMETRIC

from photochrom.errors import PhotographError
from photochrom.photograph import logluv
from photochrom.photograph.container import Note, Samples
from photochrom.photograph.tiff_segments import Segment, plain_size, raw_segments
from photochrom.photograph.ycbcr import YCbCr

SECOND = {COMPRESSION.OJPEG, COMPRESSION.THUNDERSCAN}
"""What is left to the libtiff in Pillow: kinds of 8 bits and less."""

LOG = {PHOTOMETRIC.LOGL: 2, PHOTOMETRIC.LOGLUV: 4}
"""Bytes of a pixel."""

_SUBSAMPLING, _LUMA, _REFERENCE = 530, 529, 532


def ycbcr_of(page: Any) -> YCbCr:
    """How a page that is not a JPEG writes color."""
    tags = page.tags
    luma = _floats(tags.valueof(_LUMA), 3) or YCbCr.luma
    reference = _floats(tags.valueof(_REFERENCE), 6) or YCbCr.reference
    stated = tags.valueof(_SUBSAMPLING)
    if stated is not None:
        across, down = (int(number) for number in stated[:2])
    else:
        # The standard says 2, 2; writers that have never heard of it mean 1, 1. The size tells.
        across, down = 2, 2
        first, data = next(raw_segments(page, plain_size))
        if len(data) >= plain_size(page, first):
            across, down = 1, 1
    return YCbCr(across, down, luma, reference)


def ycbcr_size(page: Any) -> Callable[[Any, Segment], int]:
    """Says how many bytes a strip or tile takes without compression."""
    coding = ycbcr_of(page)
    return lambda _, segment: coding.size(segment.height, segment.width)


def strips_ycbcr(page: Any) -> Iterator[Samples]:
    """RGB strips of a page of 8-bit YCbCr, from the top."""
    coding = ycbcr_of(page)
    for segment, data in raw_segments(page, ycbcr_size(page)):
        yield coding.rgb(coding.unpacked(data, segment.height, segment.width))


def decode_ycbcr(page: Any) -> Samples:
    """All of it, from strips, tiles or planes."""
    coding = ycbcr_of(page)
    if page.planarconfig == 2:
        return coding.rgb(np.moveaxis(page.asarray(maxworkers=1), 0, -1))
    return _joined(
        page,
        ycbcr_size(page),
        lambda data, at: coding.rgb(coding.unpacked(data, at.height, at.width)),
    )


def decode_log(page: Any, note: Note) -> Samples:
    """LogL as gray, LogLuv as RGB."""
    planes = LOG[page.photometric]
    brighter = 0

    def unpacked(data: bytes, at: Segment) -> Samples:
        nonlocal brighter
        words = logluv.unpacked(data, at.height, at.width, planes)
        brighter += int(np.count_nonzero(logluv.light(words >> np.uint32(8 * planes - 16)) > 1))
        return logluv.gray(words) if planes == 2 else logluv.rgb(words)

    pixels = _joined(page, lambda page, at: at.height * at.width * planes, unpacked)
    note(
        _brighter(
            "LogL" if planes == 2 else "LogLuv", brighter / (pixels.shape[0] * pixels.shape[1])
        )
    )
    return pixels


def decode_log24(path: Path, number: int, note: Note) -> Samples:
    """LogLuv of 24 bits, whose table of colors OpenCV has: RGB."""
    read, pages = cv2.imdecodemulti(
        np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED, range=(number, number + 1)
    )
    if not read or pages[0].ndim != 3 or pages[0].dtype != np.float32:
        raise ValueError("its LogLuv data cannot be unpacked")
    xyz = logluv.xyz_of_bgr(pages[0])
    note(_brighter("LogLuv", float((xyz[..., 1] > 1).mean())))
    return logluv.shown(xyz)


def _brighter(name: str, share: float) -> str:
    return f"{name} samples: 1 is white; {share:.1%} of the pixels are brighter, and shown as white"


def _joined(
    page: Any,
    size_of: Callable[[Any, Segment], int],
    unpacked: Callable[[bytes, Segment], Samples],
) -> Samples:
    pixels: Samples | None = None
    height, width = page.imagelength, page.imagewidth
    for at, data in raw_segments(page, size_of):
        part = unpacked(data, at)[: height - at.top, : width - at.left]
        if pixels is None:
            pixels = np.zeros((height, width, *part.shape[2:]), part.dtype)
        pixels[at.top : at.top + len(part), at.left : at.left + part.shape[1]] = part
    assert pixels is not None
    return pixels


def decode_second(path: Path, number: int, note: Note) -> Samples:
    """A page of the file's chain, by Pillow: gray, or RGB.

    Raises:
        PhotographError: Pillow makes something else of it.
        Exception: Whatever Pillow raises on a broken file.
    """
    with path.open("rb") as file, TiffImagePlugin.TiffImageFile(file) as image:
        image.seek(number)
        image.load()
        if image.mode not in ("1", "L", "RGB"):
            raise PhotographError(f"TIFFs of kind {image.mode} cannot be read", where=path)
        return np.array(image.convert("L") if image.mode == "1" else image, dtype=np.uint8)


def _floats(value: object, count: int) -> Any:
    """So many numbers; tifffile gives rationals as numerators and denominators in turn."""
    if not isinstance(value, tuple):
        return None
    if len(value) == 2 * count:
        if not all(value[1::2]):
            return None
        value = tuple(a / b for a, b in zip(value[::2], value[1::2], strict=True))
    return tuple(float(one) for one in value) if len(value) == count else None
