"""Writing what is known into a derivative of ours, without touching its pixels.

Sources: as for writing each format.
"""

from __future__ import annotations

import hashlib
import shutil
import struct
from collections.abc import Callable, Collection
from pathlib import Path
from typing import BinaryIO

from photochrom.files import written_whole
from photochrom.photograph.boxes import boxes
from photochrom.photograph.derive import embedding
from photochrom.photograph.known import Known
from photochrom.photograph.metadata import exif, ifd
from photochrom.photograph.metadata.embedding import Embedding
from photochrom.photograph.metadata.writing import (
    Dpi,
    Size,
    jp2_boxes,
    jpeg_segments,
    png_chunks,
    tiff_directory,
    webp_chunks,
)
from photochrom.photograph.opening import look_into, reading, scan_info
from photochrom.photograph.tiff_out import PIXELS, header
from photochrom.source import Source

_CHUNKS_REPLACED = (b"eXIf", b"iTXt", b"zTXt", b"tEXt")
_SEGMENTS_REPLACED = (0xE1, 0xED, 0xFE)


def relabel(source: Path, target: Path, known: Known, *, strip: Collection[str] = ()) -> str:
    """Write a derivative again, with what is known of its photograph.

    The pixels are copied as they are encoded. The same arguments give the same bytes.

    Args:
        source: A file that `save_rows` has written.
        target: Where the new one goes; it appears whole or not at all.
        known: What is known; it counts before what the file says.
        strip: What is left out, as of `save_rows`.

    Returns:
        The SHA-256 of the new file, hexadecimal.

    Raises:
        PhotographError: The source cannot be read, or the target not be written.
    """
    container, size = look_into(Source(source))
    info = scan_info(source, container, size)
    embed = embedding(info, {}, known=known, same_grid=True, strip=strip)
    with (
        source.open("rb") as reader,
        written_whole(target, forbidden=source) as writer,
        reading(source),
    ):
        _COPIERS[info.format](reader, writer, embed, (info.width, info.height), info.dpi)
        writer.seek(0)
        return hashlib.file_digest(writer, "sha256").hexdigest()


def _copy(reader: BinaryIO, writer: BinaryIO, size: int) -> None:
    while size > 0 and (data := reader.read(min(size, 2**20))):
        writer.write(data)
        size -= len(data)


def _tiff(reader: BinaryIO, writer: BinaryIO, embed: Embedding, size: Size, dpi: Dpi) -> None:
    """The strips, then another directory in the place of the last."""
    start = reader.read(16)
    big = start[2] == 43
    (place,) = struct.unpack_from("<Q", start, 8) if big else struct.unpack_from("<I", start, 4)
    kept = {exif.ICC, *PIXELS}
    fields = {tag: one for tag, one in ifd.read(reader).fields.items() if tag in kept}
    reader.seek(0)
    _copy(reader, writer, place)
    said = tiff_directory(embed, size, dpi)
    writer.write(ifd.pack(ifd.Directory({**said.fields, **fields}, said.below), place, big=big))
    writer.seek(0)
    writer.write(header(place, big=big))


def _png(reader: BinaryIO, writer: BinaryIO, embed: Embedding, size: Size, dpi: Dpi) -> None:
    writer.write(reader.read(8))
    new = png_chunks(embed, size, dpi)
    while len(head := reader.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IDAT" and new:
            writer.write(new)
            new = b""
        if kind in _CHUNKS_REPLACED:
            reader.seek(length + 4, 1)
        else:
            writer.write(head)
            _copy(reader, writer, length + 4)


def _jpeg(reader: BinaryIO, writer: BinaryIO, embed: Embedding, size: Size, dpi: Dpi) -> None:
    writer.write(reader.read(2))
    new = jpeg_segments(embed, size, dpi)
    while len(head := reader.read(4)) == 4:
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if marker != 0xE0 and new:
            writer.write(new)
            new = b""
        if marker in _SEGMENTS_REPLACED:
            reader.seek(length - 2, 1)
            continue
        writer.write(head)
        if marker == 0xDA:
            shutil.copyfileobj(reader, writer)
            return
        _copy(reader, writer, length - 2)


def _webp(reader: BinaryIO, writer: BinaryIO, embed: Embedding, size: Size, dpi: Dpi) -> None:
    """Chunks of a file that has both metadata chunks, as ours have; they come last."""
    writer.write(reader.read(12))
    while len(head := reader.read(8)) == 8:
        length = int.from_bytes(head[4:], "little")
        padded = length + length % 2
        if head[:4] in (b"EXIF", b"XMP "):
            reader.seek(padded, 1)
            continue
        writer.write(head)
        _copy(reader, writer, padded)
    for kind, data in zip((b"EXIF", b"XMP "), webp_chunks(embed, size, dpi), strict=True):
        if data:
            writer.write(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2))
    length = writer.tell() - 8
    writer.seek(4)
    writer.write(struct.pack("<I", length))


def _jp2(reader: BinaryIO, writer: BinaryIO, embed: Embedding, size: Size, dpi: Dpi) -> None:
    for place in [*boxes(reader)]:
        if place.kind == b"uuid":
            continue
        reader.seek(place.head)
        _copy(reader, writer, place.end - place.head)
        if place.kind == b"jp2h":
            writer.write(jp2_boxes(embed, size, dpi))


_COPIERS: dict[str, Callable[[BinaryIO, BinaryIO, Embedding, Size, Dpi], None]] = {
    "tiff": _tiff,
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
    "jpeg2000": _jp2,
}
