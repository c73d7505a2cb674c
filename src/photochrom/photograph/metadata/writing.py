"""Metadata as bytes for each kind of file: one function for each.

Sources: JPEG (ITU-T T.81, annex B), XMP part 3 (ISO 16684-3, 1.1.3: extended XMP), PNG third
edition (W3C 2025), the WebP container (Google), JPEG 2000 (ISO 15444-1, annex I), TIFF 6.0.
"""

from __future__ import annotations

import binascii
import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from photochrom.photograph.metadata import exif, iim
from photochrom.photograph.metadata.boxes import EXIF_UUID, IPTC_UUID, XMP_UUID, box
from photochrom.photograph.metadata.embedding import Embedding
from photochrom.photograph.metadata.ifd import Directory, Field, block, rational, shorts
from photochrom.photograph.metadata.reading import (
    EXIF_HEAD,
    EXTENSION_HEAD,
    PHOTOSHOP_HEAD,
    XMP_HEAD,
    XMP_KEYWORD,
)
from photochrom.photograph.metadata.xmp import Packet, serialized

Size = tuple[int, int]
"""Width and height."""
Dpi = tuple[float, float] | None

_SEGMENT = 65_533
_EXTENSION = 65_400
_COMMENT = "Comment"
_BYTE = 1


def size_of(shape: tuple[int, ...]) -> Size:
    """Width and height of (H, W) or (H, W, 3)."""
    return shape[1], shape[0]


def exif_block(embed: Embedding, size: Size, dpi: Dpi) -> bytes:
    """The EXIF block of a picture; nothing if there is nothing to say."""
    if not embed.exif and dpi is None:
        return b""
    return block(exif.made_anew(embed.exif, size, dpi))


def _photoshop(embed: Embedding) -> bytes:
    """Image resources, with the IPTC-IIM record among them."""
    iptc = iim.encode(embed.iptc)
    return (iim.resource(iim.IPTC_RESOURCE, iptc) if iptc else b"") + embed.resources


def tiff_directory(embed: Embedding, size: Size, dpi: Dpi) -> Directory:
    """The first directory of a TIFF, but for what says where and how its pixels are."""
    embed = embed.without_comments()
    said = exif.made_anew(embed.exif, None, dpi)
    blocks = {
        exif.XMP: Field(_BYTE, embed.packet.serialize()),
        exif.IPTC: Field(_BYTE, iim.encode(embed.iptc)),
        exif.PHOTOSHOP: Field(_BYTE, embed.resources),
    }
    # Every TIFF has a resolution; where none is known, one without a unit.
    unknown = {282: rational(1), 283: rational(1), 296: shorts(1)} if dpi is None else {}
    own = {tag: one for tag, one in blocks.items() if one.data}
    return Directory({**unknown, **said.fields, **own}, said.below)


def webp_chunks(embed: Embedding, size: Size, dpi: Dpi) -> tuple[bytes, bytes]:
    """What the EXIF and XMP chunks of a WebP hold; it has no place for IPTC-IIM."""
    embed = embed.without_iptc().without_comments()
    return exif_block(embed, size, dpi), embed.packet.serialize()


def jp2_boxes(embed: Embedding, size: Size, dpi: Dpi) -> bytes:
    """The boxes of a JPEG 2000 file that hold metadata."""
    embed = embed.without_comments()
    parts = (
        (EXIF_UUID, exif_block(embed, size, dpi)),
        (IPTC_UUID, iim.encode(embed.iptc)),
        (XMP_UUID, embed.packet.serialize()),
    )
    return b"".join(box(b"uuid", name + data) for name, data in parts if data)


def png_chunks(embed: Embedding, size: Size, dpi: Dpi) -> bytes:
    """The chunks of a PNG that hold metadata."""
    packet = embed.packet
    texts = {
        "Description": "".join(packet.texts("dc:description")),
        "Author": "; ".join(packet.texts("dc:creator")),
        "Copyright": "".join(packet.texts("dc:rights")),
        **dict(embed.comments),
    }
    found = b"".join(_international_text(key, text.encode()) for key, text in texts.items() if text)
    if data := exif_block(embed, size, dpi):
        found += png_chunk(b"eXIf", data)
    if data := _photoshop(embed):
        found += _raw_profile("iptc", data)
    if data := packet.serialize():
        found += _international_text(XMP_KEYWORD, data)
    return found


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    check = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def _international_text(keyword: str, text: bytes) -> bytes:
    return png_chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text)


def _raw_profile(name: str, data: bytes) -> bytes:
    """Data that PNG has no chunk for, as ImageMagick made customary: hexadecimal lines."""
    digits = binascii.hexlify(data)
    lines = b"\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    text = f"\n{name}\n{len(data):8}\n".encode() + lines + b"\n"
    keyword = f"Raw profile type {name}".encode()
    return png_chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(text, 9))


def jpeg_segments(embed: Embedding, size: Size, dpi: Dpi) -> bytes:
    """All metadata as segments of a JPEG."""
    embed = embed.without_comments(_COMMENT)
    found = b""
    for part in _parts(exif_block(embed, size, dpi), _SEGMENT - len(EXIF_HEAD)):
        found += _segment(0xE1, EXIF_HEAD + part)
    main, extension = _extended(embed.packet)
    if main:
        found += _segment(0xE1, XMP_HEAD + main)
    if extension:
        digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
        for number, part in enumerate(_parts(extension, _EXTENSION)):
            place = struct.pack(">II", len(extension), number * _EXTENSION)
            found += _segment(0xE1, EXTENSION_HEAD + digest + place + part)
    for part in _parts(_photoshop(embed), _SEGMENT - len(PHOTOSHOP_HEAD)):
        found += _segment(0xED, PHOTOSHOP_HEAD + part)
    for _, text in embed.comments:
        for part in _parts(text.encode(), _SEGMENT):
            found += _segment(0xFE, part)
    return found


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _parts(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def _extended(packet: Packet) -> tuple[bytes, bytes]:
    """A packet that fits into a segment, and what does not, which it names by its digest."""
    whole = packet.serialize()
    most = _SEGMENT - len(XMP_HEAD)
    if len(whole) <= most:
        return whole, b""
    # The largest properties go, until the rest fits with the name of what went.
    size = {one: len(serialized([one])) for one in packet}
    gone: set[Any] = set()
    for one in sorted(packet, key=lambda one: size[one], reverse=True):
        gone.add(one)
        main = Packet((one for one in packet if one not in gone), packet.about)
        main.set("xmpNote:HasExtendedXMP", "0" * 32)
        if len(main.serialize()) <= most:
            break
    extension = serialized((one for one in packet if one in gone), packet.about)
    digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    main.set("xmpNote:HasExtendedXMP", digest)
    return main.serialize(), extension
