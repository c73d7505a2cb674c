"""Metadata in files of boxes: JPEG 2000, AVIF and HEIC.

Sources: ISO 15444-1, annex I (JP2); ISO 14496-12, 8.11 (items); the identifiers are those that XMP
part 3, IPTC and JPEG's Exif-in-JP2 note give.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from photochrom.photograph.boxes import LARGEST
from photochrom.photograph.boxes import boxes as boxes_of
from photochrom.photograph.metadata.blocks import Blocks

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
IPTC_UUID = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
EXIF_UUID = b"JpgTiffExif->JP2"
_EXIF_UUID_2 = bytes.fromhex("0537cdab9d0c4431a72afa561f2a113e")


def boxes(data: bytes, at: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """The boxes that follow one another in some bytes: type and content of each."""
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1 and at + 16 <= len(data):
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        end = len(data) if size == 0 else at + size
        if end < at + head or end > len(data):
            return
        yield kind, data[at + head : end]
        at = end


def box(kind: bytes, content: bytes) -> bytes:
    """One box."""
    if len(content) + 8 < 2**32:
        return struct.pack(">I4s", len(content) + 8, kind) + content
    return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content


def blocks_of_boxes(file: BinaryIO) -> Blocks:
    """EXIF (of either byte order), IPTC-IIM and XMP of a file of boxes."""
    exif = iptc = xmp = b""
    for place in boxes_of(file):
        if place.kind == b"uuid":
            content = place.read(file)
            name, rest = content[:16], content[16:]
            if name == XMP_UUID:
                xmp = rest
            elif name == IPTC_UUID:
                iptc = rest
            elif name in (EXIF_UUID, _EXIF_UUID_2):
                exif = rest.removeprefix(b"Exif\0\0")
        elif place.kind == b"meta":
            items = dict(_items(file, place.read(file)[4:]))
            exif = exif or _after_offset(items.get(b"Exif", b""))
            xmp = xmp or items.get(b"mime", b"")
    return Blocks(exif=exif, iptc=iptc, xmp=xmp)


def _items(file: BinaryIO, meta: bytes) -> Iterator[tuple[bytes, bytes]]:
    """EXIF and XMP items of a meta box: "Exif", or "mime" for a packet, with their bytes."""
    parts = dict(boxes(meta))
    kinds = _kinds(parts.get(b"iinf", b""))
    for number, method, places in _places(parts.get(b"iloc", b"")):
        kind = kinds.get(number)
        if kind is None or sum(size for _, size in places) > LARGEST:
            continue
        data = b""
        for offset, size in places:
            if method == 1:
                data += parts.get(b"idat", b"")[offset : offset + size]
            else:
                file.seek(offset)
                data += file.read(size)
        yield kind, data


def _kinds(info: bytes) -> dict[int, bytes]:
    """Of the items in an iinf box those that hold metadata, by number."""
    found = {}
    for kind, entry in boxes(info, 8 if info[:1] and info[0] else 6):
        if kind != b"infe" or len(entry) < 12 or entry[0] < 2:
            continue
        long = entry[0] > 2
        number = int.from_bytes(entry[4 : 8 if long else 6], "big")
        rest = entry[10 if long else 8 :]
        if rest[:4] == b"Exif" or (rest[:4] == b"mime" and b"application/rdf+xml" in rest):
            found[number] = rest[:4]
    return found


def _places(iloc: bytes) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Where items are, of an iloc box: number, method (0 the file, 1 idat), offsets and sizes."""
    if len(iloc) < 8:
        return
    version, at = iloc[0], 6
    offset_size, length_size = iloc[4] >> 4, iloc[4] & 15
    base_size, index_size = iloc[5] >> 4, iloc[5] & 15 if version else 0

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(iloc[at - size : at], "big")

    for _ in range(number(4 if version == 2 else 2)):
        item = number(4 if version == 2 else 2)
        method = number(2) & 15 if version else 0
        number(2)  # Of what file; always this one.
        base = number(base_size)
        places = []
        for _ in range(number(2)):
            number(index_size)
            offset = number(offset_size)
            places.append((base + offset, number(length_size)))
        if at > len(iloc):
            return
        yield item, method, places


def _after_offset(item: bytes) -> bytes:
    """An EXIF item begins with how far its TIFF header is."""
    return item[4 + int.from_bytes(item[:4], "big") :]
