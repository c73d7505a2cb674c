"""Finding the metadata in files of every kind.

Sources: JPEG (ITU-T T.81, annex B), XMP part 3 (ISO 16684-3), PNG third edition (W3C 2025), the
WebP container (Google), TIFF revision 6.0.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from photochrom.photograph.metadata import exif, ifd, iim
from photochrom.photograph.metadata.blocks import Blocks
from photochrom.photograph.metadata.boxes import blocks_of_boxes
from photochrom.photograph.metadata.letters import decoded
from photochrom.photograph.metadata.xmp import LONGEST, Packet

EXIF_HEAD = b"Exif\0\0"
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION_HEAD = b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP_HEAD = b"Photoshop 3.0\0"
XMP_KEYWORD = "XML:com.adobe.xmp"
_RAW_PROFILE = "Raw profile type "
# PNG texts that programs write for themselves; those of people are kept.
_OF_PROGRAMS = ("Software", "date:create", "date:modify", "date:timestamp", "exif:", "icc:")


def blocks_of(path: Path, format: str, directory: int | None = None) -> Blocks:
    """Read the metadata of a file; what is broken counts as none.

    Args:
        path: The file.
        format: What it is, as ScanInfo has it.
        directory: Of a TIFF: where the directory of the picture is; None for the first.
    """
    with path.open("rb") as file:
        try:
            if format in ("jpeg2000", "avif", "heic", "heif"):
                return blocks_of_boxes(file)
            return _READERS[format](file, directory) if format in _READERS else Blocks()
        except (struct.error, ValueError, IndexError, OverflowError):
            return Blocks(broken=True)


def _of_jpeg(file: BinaryIO, _: int | None) -> Blocks:
    block, packet, photoshop, comments = b"", b"", b"", []
    extensions: dict[bytes, dict[int, bytes]] = {}
    for marker, data in _segments(file):
        if marker == 0xE1 and data.startswith(EXIF_HEAD):
            block += data[len(EXIF_HEAD) :]
        elif marker == 0xE1 and data.startswith(XMP_HEAD):
            packet = packet or data[len(XMP_HEAD) :]
        elif marker == 0xE1 and data.startswith(EXTENSION_HEAD):
            rest = data[len(EXTENSION_HEAD) :]
            _, offset = struct.unpack_from(">II", rest, 32)
            extensions.setdefault(rest[:32], {})[offset] = rest[40:]
        elif marker == 0xED and data.startswith(PHOTOSHOP_HEAD):
            photoshop += data[len(PHOTOSHOP_HEAD) :]
        elif marker == 0xFE:
            comments.append(("Comment", decoded(data.rstrip(b"\0"))))
    return Blocks(
        exif=block,
        iptc=iim.iptc_of_photoshop(photoshop) or b"",
        xmp=_joined(packet, extensions),
        resources=iim.kept_resources(photoshop),
        comments=tuple(one for one in comments if one[1].strip()),
    )


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Markers of a JPEG before its pixels, with their data."""
    file.seek(2)
    while len(head := file.read(2)) == 2 and head[0] == 0xFF:
        marker = head[1]
        if marker == 0xFF:  # Padding.
            file.seek(-1, 1)
            continue
        if marker in (0xDA, 0xD9):
            return
        size = int.from_bytes(file.read(2), "big")
        if size < 2:
            return
        yield marker, file.read(size - 2)


def _joined(packet: bytes, extensions: dict[bytes, dict[int, bytes]]) -> bytes:
    """A packet with the extension that it names by its digest; else with the only one."""
    main = Packet.parse(packet) if extensions else None
    named = main.texts("xmpNote:HasExtendedXMP") if main else []
    parts = extensions.get(named[0].encode()) if named else None
    if parts is None and len(extensions) == 1:
        (parts,) = extensions.values()
    if main is None or not parts:
        return packet
    extended = Packet.parse(b"".join(parts[offset] for offset in sorted(parts)))
    if extended is not None:
        for one in extended:
            main.add(one)
    return main.serialize()


def _of_png(file: BinaryIO, _: int | None) -> Blocks:
    block, packet, iptc, photoshop, comments = b"", b"", b"", b"", []
    for kind, data in _chunks(file):
        if kind == b"eXIf":
            block = data.removeprefix(EXIF_HEAD)
            continue
        keyword, text = _png_text(kind, data)
        if keyword == XMP_KEYWORD:
            packet = text
        elif keyword.startswith(_RAW_PROFILE):
            raw = _raw_profile(text)
            name = keyword.removeprefix(_RAW_PROFILE).lower()
            if name in ("iptc", "8bim"):
                photoshop += raw if raw.startswith(b"8BIM") else b""
                iptc = iptc or (b"" if raw.startswith(b"8BIM") else raw)
            elif name in ("exif", "app1") and raw.startswith(EXIF_HEAD):
                block = block or raw.removeprefix(EXIF_HEAD)
            elif name in ("xmp", "app1"):
                packet = packet or raw.removeprefix(XMP_HEAD)
        elif keyword and not keyword.startswith(_OF_PROGRAMS):
            comments.append((keyword, decoded(text)))
    return Blocks(
        exif=block,
        iptc=iim.iptc_of_photoshop(photoshop) or iptc,
        xmp=packet,
        resources=iim.kept_resources(photoshop),
        comments=tuple(one for one in comments if one[1].strip()),
    )


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Chunks of a PNG that can hold metadata, wherever they are."""
    file.seek(8)
    while len(head := file.read(8)) == 8 and head[4:] != b"IEND":
        size = int.from_bytes(head[:4], "big")
        after = file.tell() + size + 4
        if head[4:] in (b"eXIf", b"iTXt", b"tEXt", b"zTXt") and size <= LONGEST:
            yield head[4:], file.read(size)
        file.seek(after)


def _png_text(kind: bytes, data: bytes) -> tuple[str, bytes]:
    """Keyword and text of a chunk; nothing for a broken one. UTF-8 in iTXt, else Latin-1."""
    keyword, _, rest = data.partition(b"\0")
    compressed = kind == b"zTXt"
    if kind == b"iTXt":
        compressed = rest[:1] == b"\1"
        # Language and translated keyword come before the text.
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    elif kind == b"zTXt":
        rest = rest[1:]
    if compressed:
        try:
            rest = zlib.decompressobj().decompress(rest, LONGEST)
        except zlib.error:
            return "", b""
    return keyword.decode("latin-1"), rest


def _raw_profile(text: bytes) -> bytes:
    """A profile as ImageMagick and exiftool write it: name, length, hexadecimal lines."""
    lines = text.strip().split(b"\n")
    try:
        return binascii.unhexlify(b"".join(b"".join(lines[2:]).split()))
    except (binascii.Error, IndexError):
        return b""


def _of_webp(file: BinaryIO, _: int | None) -> Blocks:
    found: dict[bytes, bytes] = {}
    file.seek(12)
    while len(head := file.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        after = file.tell() + size + size % 2
        if head[:4] in (b"EXIF", b"XMP ") and size <= LONGEST:
            found[head[:4]] = file.read(size)
        file.seek(after)
    return Blocks(exif=found.get(b"EXIF", b"").removeprefix(EXIF_HEAD), xmp=found.get(b"XMP ", b""))


def _of_tiff(file: BinaryIO, at: int | None) -> Blocks:
    special = (exif.XMP, exif.IPTC, exif.PHOTOSHOP)
    try:
        found = ifd.read(file, at, exif.NOT_READ - {*special, 254})
        first = found if at is None else ifd.read(file, None, exif.NOT_READ - {*special, 254})
    except ifd.BrokenDirectoryError:
        return Blocks(broken=True)
    reduced = first.fields.get(254)
    if reduced is not None and reduced.integers[:1] and reduced.integers[0] & 1:
        # A thumbnail in front: what is said of the photograph may be said there.
        found = ifd.Directory({**first.fields, **found.fields}, {**first.below, **found.below})
    data = {tag: found.fields[tag].data for tag in special if tag in found.fields}
    photoshop = data.get(exif.PHOTOSHOP, b"")
    rest = {tag: one for tag, one in found.fields.items() if tag not in (*special, 254)}
    file.seek(0)
    own = exif.byte_order_mended(ifd.Directory(rest, found.below), file.read(2))
    return Blocks(
        exif=ifd.block(own),
        iptc=_iptc_of_tiff(found.fields.get(exif.IPTC)) or iim.iptc_of_photoshop(photoshop) or b"",
        xmp=data.get(exif.XMP, b""),
        resources=iim.kept_resources(photoshop),
    )


def _iptc_of_tiff(field: ifd.Field | None) -> bytes:
    """A record; often declared as 32-bit words, and then its bytes are as they stand in the file.

    Words of a big-endian file were turned around when they were read.
    """
    if field is None:
        return b""
    if field.type == ifd.LONG and field.data[:1] != b"\x1c":
        number = len(field.data) // 4
        return struct.pack(f">{number}I", *struct.unpack(f"<{number}I", field.data))
    return field.data


_READERS = {"jpeg": _of_jpeg, "png": _of_png, "webp": _of_webp, "tiff": _of_tiff}
