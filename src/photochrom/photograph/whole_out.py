"""Writing JPEG, WebP and JPEG 2000, whose encoders want the whole picture at once.

Sources: the WebP container (Google), JPEG 2000 (ISO 15444-1, annex I).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
from PIL import Image

from photochrom.photograph.container import Samples
from photochrom.photograph.metadata.boxes import box, boxes
from photochrom.photograph.metadata.writing import jp2_boxes, jpeg_segments, size_of, webp_chunks
from photochrom.photograph.profiles import srgb_profile
from photochrom.photograph.sheet import Sheet

_METER = 39.3700787402
_RESTRICTED_ICC = b"\x02\0\0"


def write_jpeg(file: BinaryIO, strips: Iterator[Samples], sheet: Sheet) -> None:
    """Write a JPEG of full color resolution (4:4:4)."""
    options: dict[str, Any] = {} if sheet.dpi is None else {"dpi": sheet.dpi}
    extra = jpeg_segments(sheet.embed, size_of(sheet.shape), sheet.dpi)
    _image(strips, sheet).save(
        file,
        "JPEG",
        quality=sheet.quality,
        icc_profile=sheet.icc,
        subsampling=0,
        optimize=True,
        extra=extra,
        **options,
    )


def write_webp(file: BinaryIO, strips: Iterator[Samples], sheet: Sheet) -> None:
    """Write a lossy WebP. It knows no gray, so its profile is an RGB one, and no IPTC-IIM."""
    exif, xmp = webp_chunks(sheet.embed, size_of(sheet.shape), sheet.dpi)
    _image(strips, sheet).save(
        file,
        "WEBP",
        quality=sheet.quality,
        method=4,
        icc_profile=srgb_profile(),
        exif=exif,
        xmp=xmp,
    )


def write_jp2(file: BinaryIO, strips: Iterator[Samples], sheet: Sheet) -> None:
    """Write a JPEG 2000 file without loss, of 8 or 16 bits."""
    pixels = np.empty(sheet.shape, sheet.dtype)
    top = 0
    for strip in strips:
        pixels[top : top + len(strip)] = strip
        top += len(strip)
    encoded = imagecodecs.jpeg2k_encode(
        pixels, level=0, codecformat="jp2", reversible=True, numthreads=1
    )
    del pixels
    # Whatever stands before the pixels is to be found without reading them.
    for kind, content in boxes(bytes(encoded)):
        if kind == b"jp2h":
            file.write(box(kind, _with_profile(content, sheet)))
            file.write(jp2_boxes(sheet.embed, size_of(sheet.shape), sheet.dpi))
        else:
            file.write(box(kind, content))


def _with_profile(header: bytes, sheet: Sheet) -> bytes:
    """The boxes of a header with our profile behind the color space, and the resolution.

    The color space is sRGB, or gray as sRGB encodes it, by its number; readers go by the first box,
    and some of them take a profile of gray for one of color.
    """
    parts = [
        box(kind, content) + (box(b"colr", _RESTRICTED_ICC + sheet.icc) if kind == b"colr" else b"")
        for kind, content in boxes(header)
    ]
    if sheet.dpi is not None:
        down, across = (round(one * _METER * 10) for one in sheet.dpi[::-1])
        # Fractions of at most 16 bits: tenths, or tens, of points a meter.
        small = max(down, across) < 2**16
        ratio = (down, 10, across, 10) if small else (down // 100, 1, across // 100, 1)
        exponents = (0, 0) if small else (1, 1)
        parts.append(box(b"res ", box(b"resc", struct.pack(">HHHHbb", *ratio, *exponents))))
    return b"".join(parts)


def _image(strips: Iterator[Samples], sheet: Sheet) -> Image.Image:
    image = Image.new("L" if len(sheet.shape) == 2 else "RGB", (sheet.shape[1], sheet.shape[0]))
    top = 0
    for strip in strips:
        image.paste(Image.fromarray(strip), (0, top))
        top += len(strip)
    return image
