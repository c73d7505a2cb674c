"""Where the strips and tiles of a TIFF lie, and what to do when the file is wrong about it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import tifffile
from tifffile import COMPRESSION

from photochrom.errors import PhotographError

JPEGS = {COMPRESSION.OJPEG, COMPRESSION.JPEG, COMPRESSION.JPEG_LOSSY, COMPRESSION.ALT_JPEG}

# Decoders of these notice when data are missing; others fill up what is not there.
_STRICT = {
    COMPRESSION.LZW,
    COMPRESSION.DEFLATE,
    COMPRESSION.ADOBE_DEFLATE,
    COMPRESSION.PACKBITS,
    COMPRESSION.ZSTD,
    COMPRESSION.LZMA,
}
_END_OF_JPEG = b"\xff\xd9"


@dataclass(frozen=True)
class Segment:
    """A strip or tile.

    Attributes:
        top: Its first row in the picture.
        left: Its first column.
        height: Its rows; those of a tile may reach beyond the picture.
        width: Its columns.
    """

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True)
class Mended:
    """What had to be put right before the pixels of a page could be found.

    Attributes:
        notices: What to tell of it.
        changed: Byte counts were wrong.
        beyond: Some of them, because they led beyond the end of the file.
    """

    notices: tuple[str, ...] = ()
    changed: bool = False
    beyond: bool = False

    def error(self, path: Path, error: Exception) -> PhotographError:
        """What is told if the pixels cannot be read after all."""
        if self.beyond:
            return _truncated(path)
        reason = str(error).strip().rstrip(".") or type(error).__name__
        return PhotographError(
            f"its byte counts are wrong ({reason})",
            where=path,
            fix="open it in the program that wrote it and save it again",
        )


def segments_of(page: Any) -> Iterator[Segment]:
    """The strips or tiles of one plane, in the order in which the file counts them."""
    tall, wide = _steps(page)
    for top in range(0, page.imagelength, tall):
        for left in range(0, page.imagewidth, wide):
            height = tall if page.is_tiled else min(tall, page.imagelength - top)
            yield Segment(top, left, height, wide)


def _steps(page: Any) -> tuple[int, int]:
    """Rows and columns of a strip or tile."""
    if page.is_tiled:
        return int(page.tilelength), int(page.tilewidth)
    return int(page.rowsperstrip) or int(page.imagelength), int(page.imagewidth)


def _count(page: Any) -> int:
    """Strips or tiles of all planes. A header may speak of billions of which none is there."""
    tall, wide = _steps(page)
    planes = int(page.samplesperpixel) if page.planarconfig == 2 else 1
    return -(-int(page.imagelength) // tall) * -(-int(page.imagewidth) // wide) * planes


def plain_size(page: Any, segment: Segment) -> int:
    """Bytes that a strip or tile takes without compression."""
    bits = page.bitspersample
    samples = 1 if page.planarconfig == 2 else page.samplesperpixel
    total = sum(bits) if isinstance(bits, tuple) else bits * samples
    return segment.height * math.ceil(segment.width * total / 8)


def mend(page: Any, path: Path, size_of: Callable[[Any, Segment], int] = plain_size) -> Mended:
    """See to it that all strips or tiles can be found; put right what the file says of them.

    Sizes that are missing, zero, or beyond the file's end are derived: without compression from the
    picture's own size, else from where the next thing in the file begins.

    Args:
        page: Its `dataoffsets` and `databytecounts` are changed.
        path: The file.
        size_of: Bytes that a segment takes when it is not compressed.

    Raises:
        PhotographError: The file ends before its pixels, or does not say where they are.
    """
    needed = _count(page)
    offsets = [int(offset) for offset in page.dataoffsets[:needed]]
    counts = [int(count) for count in page.databytecounts[:needed]]
    counts += [0] * (len(offsets) - len(counts))
    if len(offsets) < needed or not any(offsets):
        raise PhotographError(
            "does not say where its pixels are", where=path, fix="copy or scan it again, in whole"
        )
    segments = islice(cycle(segments_of(page)), needed)
    end = path.stat().st_size
    starts = sorted({*offsets, *_directories(page), end})
    said = []
    changed = beyond = False
    for at, (segment, offset, count) in enumerate(zip(segments, offsets, counts, strict=True)):
        if offset == 0 and count == 0:
            continue
        if offset >= end:
            raise _truncated(path)
        least = size_of(page, segment) if page.compression == COMPRESSION.NONE else 1
        if count >= least and offset + count <= end:
            continue
        room = starts[bisect_right(starts, offset)] - offset
        if least > 1:
            room = least
        elif count > 0 and not _is_whole(page, path, offset, room):
            raise _truncated(path)
        if offset + room > end:
            raise _truncated(path)
        counts[at], changed = room, True
        beyond |= count > 0 and offset + count > end
    if changed:
        said.append("its byte counts are wrong; its pixels were found without them")
    empty = sum(offset == 0 and count == 0 for offset, count in zip(offsets, counts, strict=True))
    if empty:
        kind = "tiles" if page.is_tiled else "strips"
        said.append(f"{empty} of its {needed} {kind} are empty in the file, and taken as 0")
    page.dataoffsets, page.databytecounts = tuple(offsets), tuple(counts)
    return Mended(tuple(said), changed, beyond)


def raw_segments(
    page: Any, size_of: Callable[[Any, Segment], int]
) -> Iterator[tuple[Segment, bytes]]:
    """The bytes of each strip or tile, unpacked if a general method packed them; zeros if empty."""
    handle = page.parent.filehandle
    places = zip(segments_of(page), page.dataoffsets, page.databytecounts, strict=False)
    for segment, offset, count in places:
        size = size_of(page, segment)
        if not count:
            yield segment, bytes(size)
            continue
        handle.seek(offset)
        data = handle.read(count)
        if page.compression in (*_STRICT, COMPRESSION.PIXARLOG):
            data = tifffile.TIFF.DECOMPRESSORS[page.compression](data, out=size)
        yield segment, bytes(data)


def _truncated(path: Path) -> PhotographError:
    return PhotographError(
        "the file is truncated", where=path, fix="copy or scan it again, in whole"
    )


def _directories(page: Any) -> Iterator[int]:
    """Where directories begin that may follow pixels."""
    yield page.offset
    for other in page.parent.pages[:1]:
        yield other.offset


def _is_whole(page: Any, path: Path, offset: int, room: int) -> bool:
    """Whether it would be noticed if the data of a segment were cut off."""
    if page.compression in _STRICT:
        return True
    if page.compression not in JPEGS:
        return False
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(room).rstrip(b"\0").endswith(_END_OF_JPEG)
