"""Which of our readers a page of a TIFF needs; and which kinds none of them reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import tifffile
from tifffile import PHOTOMETRIC

from photochrom.photograph import lab, tiff_color, tiff_samples
from photochrom.photograph.container import unsupported
from photochrom.photograph.tiff_segments import JPEGS

_LARGEST_TILE = 2**24
"""Pixels of a tile that are no waste of memory, however small the picture is."""

_MOST_SAMPLES = 64

Kind = Literal["plain", "wide", "ycbcr", "lab", "log", "log24", "second"]


def kind_of(page: Any, path: Path) -> Kind:
    """How the samples of a page are to be read.

    Raises:
        PhotographError: Not at all.
    """
    photometric, jpeg = page.photometric, page.compression in JPEGS
    name = getattr(photometric, "name", f"photometric {photometric}")
    if photometric in tiff_color.LOG:
        packed = getattr(page.compression, "name", "")
        if packed == "SGILOG" and page.planarconfig == 1:
            return "log"
        if packed == "SGILOG24":
            return "log24"
        raise unsupported(path, f"{name} TIFFs of this kind cannot be read")
    if photometric not in tiff_samples.CHANNELS:
        raise unsupported(path, f"{name} TIFFs cannot be read")
    if photometric in lab.KINDS and page.dtype not in (np.uint8, np.uint16):
        raise unsupported(path, f"{name} TIFFs of {page.bitspersample} bits cannot be read")
    if page.dtype is None or np.dtype(page.dtype).kind not in "buif":
        kind = "complex" if page.dtype is not None else "unknown"
        raise unsupported(path, f"TIFFs of {page.bitspersample}-bit {kind} samples cannot be read")
    if page.is_tiled:
        area = page.tilewidth * page.tilelength
        if area > max(_LARGEST_TILE, 4 * page.imagewidth * page.imagelength):
            raise unsupported(
                path, "TIFFs with tiles so much larger than the picture cannot be read"
            )
    samples = page.samplesperpixel
    if not tiff_samples.stored_channels(page) <= samples <= _MOST_SAMPLES or page.imagedepth > 1:
        raise unsupported(path, f"TIFFs of {page.samplesperpixel} {name} samples cannot be read")
    if page.compression in tiff_color.SECOND and not _is_jpeg(page):
        return "second"
    if what := _undecodable(page):
        raise unsupported(path, f"TIFFs {what} cannot be read")
    if photometric == PHOTOMETRIC.YCBCR and not jpeg:
        if page.bitspersample != 8 or page.samplesperpixel != 3 or page.predictor != 1:
            raise unsupported(path, "YCbCr TIFFs of this kind cannot be read")
        return "ycbcr"
    if photometric in lab.KINDS:
        return "lab"
    return "wide" if tiff_samples.is_wide(page) else "plain"


def _undecodable(page: Any) -> str:
    """What of a page is beyond tifffile; empty if nothing is."""
    for number, known, what in (
        (page.compression, tifffile.TIFF.DECOMPRESSORS, "with compression"),
        (page.predictor, tifffile.TIFF.UNPREDICTORS, "with predictor"),
    ):
        try:
            known[number]
        except KeyError:
            return f"{what} {getattr(number, 'name', number)}"
    return ""


def _is_jpeg(page: Any) -> bool:
    """Whether a page of the old JPEG kind holds whole JPEG files after all."""
    if page.compression not in JPEGS or not page.dataoffsets:
        return False
    page.parent.filehandle.seek(page.dataoffsets[0])
    return bool(page.parent.filehandle.read(3) == b"\xff\xd8\xff")
