"""From the strips and tiles of a TIFF to samples that mean what they say.

tifffile hands out raw samples: what their numbers mean (white is zero, palettes, planes, ranges) is
done here, for every kind that it decodes. Source: TIFF revision 6.0 and its supplements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from tifffile import PHOTOMETRIC

from photochrom.photograph.container import Alpha, Note, Samples, stretch
from photochrom.photograph.develop import STRIP_SAMPLES
from photochrom.photograph.ranges import Extent, Range, Wide, full_range, range_of

_BUFFER = 2**24
"""Bytes that are read ahead; tifffile would take sixteen times as many."""

CHANNELS = {
    PHOTOMETRIC.MINISWHITE: 1,
    PHOTOMETRIC.MINISBLACK: 1,
    PHOTOMETRIC.RGB: 3,
    PHOTOMETRIC.PALETTE: 3,
    PHOTOMETRIC.SEPARATED: 4,
    PHOTOMETRIC.YCBCR: 3,
    PHOTOMETRIC.CIELAB: 3,
    PHOTOMETRIC.ICCLAB: 3,
}


def stored_channels(page: Any) -> int:
    """Color samples of a pixel as they are in the file."""
    return 1 if page.photometric == PHOTOMETRIC.PALETTE else CHANNELS[page.photometric]


def bits_of(page: Any) -> int:
    """Bits of a sample; those of samples that differ (5, 6, 5) are scaled to 8 by tifffile."""
    bits = page.bitspersample
    return int(np.dtype(page.dtype).itemsize * 8) if isinstance(bits, tuple) else int(bits)


def is_wide(page: Any) -> bool:
    """Whether samples are something else than whole numbers of up to 16 bits."""
    return bool(np.dtype(page.dtype).kind in "if") or bits_of(page) > 16


def alpha_of(page: Any) -> Alpha:
    kinds = [int(kind) for kind in page.extrasamples or ()]
    if page.samplesperpixel <= stored_channels(page) or not kinds:
        return "none"
    # 0 is "unspecified": a mask or an infrared channel as often as not, so it hides nothing.
    return {1: "premultiplied", 2: "straight"}.get(kinds[0], "none")  # type: ignore[return-value]


def decode_plain(page: Any) -> Samples:
    """All samples of a page of up to 16 bits."""
    samples = page.asarray(maxworkers=1)
    if page.axes == "SYX":
        samples = np.moveaxis(samples, 0, -1)
    return _meaning(samples, page)


def strips_plain(page: Any) -> Iterator[Samples]:
    """The same, strip by strip."""
    for segment, _, (_, rows, columns, samples) in page.segments(maxworkers=1, buffersize=_BUFFER):
        if segment is None:
            strip = np.zeros((rows, columns, samples), page.dtype)
        else:  # A copy: what is not compressed comes as a view of the file.
            strip = segment[0, :rows, :columns].copy()
        yield _meaning(strip[..., 0] if strip.shape[-1] == 1 else strip, page)


def _meaning(samples: Samples, page: Any) -> Samples:
    """What the numbers of a file mean: full range, white is high, palettes applied."""
    photometric = page.photometric
    if samples.dtype.kind == "b":
        samples = samples.view(np.uint8)
    if not samples.dtype.isnative:
        samples = samples.byteswap(inplace=True).view(samples.dtype.newbyteorder())
    if photometric == PHOTOMETRIC.PALETTE:
        # A color map holds 16-bit values; most of them are 8-bit ones times 256 or 257.
        index = samples[..., 0] if samples.ndim == 3 else samples
        colors = np.asarray(page.colormap).T
        if (colors % 257 == 0).all() or (colors % 256 == 0).all():
            colors = (colors >> 8).astype(np.uint8)
        picture: Samples = colors[index]
        return picture
    samples = stretch(samples, bits_of(page))
    return _inverted(_chosen(samples, page), page)


def decode_wide(page: Any, stated: tuple[float, float] | None, note: Note) -> Samples:
    """All samples of a page of floats, signed numbers or more than 16 bits, as uint16."""
    ranges = _ranges(page, stated, note)
    channels = stored_channels(page) + (alpha_of(page) != "none")
    pixels = np.zeros((page.imagelength, page.imagewidth, channels), np.uint16)
    for plane, top, left, samples in _placed(page):
        place = pixels[top : top + len(samples), left : left + samples.shape[1]]
        if page.planarconfig != 2:
            place[:] = _scaled(samples[..., :channels], ranges)
        elif plane < channels:
            place[..., plane] = ranges[plane].scaled(samples[..., 0])
    return _inverted(pixels[..., 0] if channels == 1 else pixels, page)


def strips_wide(page: Any, stated: tuple[float, float] | None) -> Iterator[Samples]:
    """The same, strip by strip; all of it is looked at first, for its range."""
    ranges = _ranges(page, stated, lambda _: None)
    channels = len(ranges)
    for _, _, _, samples in _placed(page):
        strip = _scaled(samples[..., :channels], ranges)
        yield _inverted(strip[..., 0] if channels == 1 else strip, page)


def _scaled(samples: Wide, ranges: list[Range]) -> Samples:
    if len(set(ranges)) == 1:
        return ranges[0].scaled(samples)
    return np.stack([one.scaled(samples[..., at]) for at, one in enumerate(ranges)], axis=-1)


def _ranges(page: Any, stated: tuple[float, float] | None, note: Note) -> list[Range]:
    """The range of each channel: one for all colors, the type's own for alpha."""
    colors, dtype, bits = stored_channels(page), np.dtype(page.dtype), bits_of(page)
    nodata = page.nodata if page.tags.valueof(42113) is not None else None
    extent = Extent(nodata)
    for plane, _, _, samples in _placed(page):
        if page.planarconfig != 2:
            extent.add(samples[..., :colors])
        elif plane < colors:
            extent.add(samples)
    inverted = page.photometric == PHOTOMETRIC.MINISWHITE
    found = range_of(extent, dtype, bits, stated, nodata, inverted=inverted)
    if found.notice:
        note(found.notice)
    ranges = [found] * colors
    if alpha_of(page) != "none":
        ranges.append(Range(*full_range(dtype, bits)))
    return ranges


def _placed(page: Any) -> Iterator[tuple[int, int, int, Wide]]:
    """Plane, first row, first column and (h, w, c) samples of each strip or tile, in pieces.

    Pieces are of bounded size: a picture is often one strip, and what is done to it takes several
    times the memory of what is done at once.
    """
    for segment, (plane, _, top, left, _), (_, rows, columns, samples) in page.segments(
        maxworkers=1, buffersize=_BUFFER
    ):
        height, width = min(rows, page.imagelength - top), min(columns, page.imagewidth - left)
        step = max(1, STRIP_SAMPLES // (width * samples))
        for row in range(0, height, step):
            count = min(step, height - row)
            if segment is None:
                part = np.full((count, width, samples), page.nodata, page.dtype)
            else:
                part = segment[0, row : row + count, :width]
                part = part.astype(part.dtype.newbyteorder("="), copy=False)
            yield plane, top + row, left, part


def _chosen(samples: Samples, page: Any) -> Samples:
    """Colors and alpha; what else a pixel has is left out."""
    if samples.ndim == 3:
        wanted = stored_channels(page) + (alpha_of(page) != "none")
        samples = samples[..., 0] if wanted == 1 else samples[..., :wanted]
    return samples


def _inverted(samples: Samples, page: Any) -> Samples:
    if page.photometric == PHOTOMETRIC.MINISWHITE:
        color = samples[..., :1] if samples.ndim == 3 else samples
        np.subtract(np.iinfo(samples.dtype).max, color, out=color)
    return samples
