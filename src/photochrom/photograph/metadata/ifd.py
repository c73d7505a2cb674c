"""TIFF directories: what EXIF blocks and TIFF files keep their tags in.

Sources: TIFF revision 6.0, section 2; the BigTIFF specification (AWare Systems); Exif 3.0
(CIPA DC-008), 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

EXIF, GPS, INTEROP = 0x8769, 0x8825, 0xA005
"""Tags that point to a directory below."""

ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7

# Bytes of one value, and of the words that change with the byte order, by type of field.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8, 129: 1}
_WORDS = _SIZES | {5: 4, 10: 4}
_IFD8 = 18

_MOST_FIELDS = 4096
_LONGEST = 32 * 2**20


class BrokenDirectoryError(ValueError):
    """There is no directory where one should be."""


@dataclass(frozen=True)
class Field:
    """The values of a tag.

    Attributes:
        type: Of its values, as TIFF numbers them.
        data: The values, little-endian.
    """

    type: int
    data: bytes

    @property
    def count(self) -> int:
        """How many values."""
        return len(self.data) // _SIZES[self.type]

    @property
    def integers(self) -> tuple[int, ...]:
        """The values of a field of bytes, shorts or longs; none of another."""
        kind = {1: "<u1", 7: "<u1", 3: "<u2", 4: "<u4", 13: "<u4", 16: "<u8", 18: "<u8"}
        if self.type not in kind:
            return ()
        return tuple(np.frombuffer(self.data, kind[self.type]).tolist())


@dataclass(frozen=True)
class Directory:
    """A directory: fields by tag, and the directories below by the tag that points to them."""

    fields: Mapping[int, Field] = field(default_factory=dict)
    below: Mapping[int, Directory] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether it holds anything."""
        return bool(self.fields) or any(self.below.values())


def shorts(*values: int) -> Field:
    """A field of 16-bit integers."""
    return Field(SHORT, struct.pack(f"<{len(values)}H", *values))


def longs(*values: int, big: bool = False) -> Field:
    """A field of 32-bit integers; of 64-bit ones for BigTIFF."""
    return Field(16 if big else LONG, struct.pack(f"<{len(values)}{'Q' if big else 'I'}", *values))


def ascii(text: str) -> Field:
    """A field of text: UTF-8, as everybody writes it, whatever the type is called."""
    return Field(ASCII, text.replace("\0", " ").encode() + b"\0")


def rational(value: float) -> Field:
    """A field of one fraction, of 1/10000."""
    return Field(RATIONAL, struct.pack("<II", round(value * 10_000), 10_000))


def read(file: BinaryIO, at: int | None = None, without: Collection[int] = ()) -> Directory:
    """Read a directory of a TIFF file or an EXIF block, with EXIF, GPS and Interop below it.

    Args:
        file: Open for reading.
        at: Where the directory is; None for the first.
        without: Tags that are not read.

    Raises:
        BrokenDirectoryError: There is none.
    """
    file.seek(0)
    start = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    if order is None or len(start) < 8:
        raise BrokenDirectoryError("no byte order")
    big = start[2:4] in (b"+\0", b"\0+")
    if at is None:
        (at,) = struct.unpack_from(order + "Q", start, 8) if big else _word(order, start[4:8])
    return _Reader(file, order, big, frozenset(without)).directory(at, (EXIF, GPS))


def _word(order: str, data: bytes) -> tuple[int, ...]:
    return struct.unpack(order + "I", data)


@dataclass(frozen=True)
class _Reader:
    file: BinaryIO
    order: str
    big: bool
    without: frozenset[int]

    def directory(self, at: int, pointers: tuple[int, ...]) -> Directory:
        width, form = (20, "HHQ") if self.big else (12, "HHI")
        head = 8 if self.big else 2
        self.file.seek(at)
        number = int.from_bytes(self.file.read(head), "little" if self.order == "<" else "big")
        table = self.file.read(number * width) if 0 < number <= _MOST_FIELDS else b""
        if not table:
            raise BrokenDirectoryError("no fields")
        fields, below = {}, {}
        for start in range(0, len(table) - width + 1, width):
            tag, type, count = struct.unpack_from(self.order + form, table, start)
            value = table[start + width - (8 if self.big else 4) : start + width]
            found = None if tag in self.without else self._field(type, count, value)
            if found is None:
                continue
            if tag in pointers:
                try:
                    below[tag] = self.directory(found.integers[0], (INTEROP,))
                except (BrokenDirectoryError, IndexError):
                    continue
            elif tag not in fields:
                fields[tag] = found
        return Directory(fields, below)

    def _field(self, type: int, count: int, value: bytes) -> Field | None:
        size = _SIZES.get(type, 0) * count
        if not 0 < size <= _LONGEST:
            return None
        if size > len(value):
            kind = self.order + ("Q" if self.big else "I")
            self.file.seek(struct.unpack(kind, value)[0])
            value = self.file.read(size)
        if len(value) < size:
            return None
        return Field(type, _little(value[:size], type, self.order))


def _little(data: bytes, type: int, order: str) -> bytes:
    word = _WORDS[type]
    return (
        data if order == "<" or word == 1 else np.frombuffer(data, f">u{word}").byteswap().tobytes()
    )


def block(directory: Directory) -> bytes:
    """An EXIF block: a TIFF file without a picture, little-endian; nothing for an empty one."""
    return b"II*\0" + struct.pack("<I", 8) + pack(directory, 8) if directory else b""


def pack(directory: Directory, at: int, *, big: bool = False) -> bytes:
    """A directory and all below it as bytes that belong at one place of a file.

    Args:
        directory: What to write.
        at: Where its bytes will stand; even.
        big: For BigTIFF.
    """
    word, width = (8, 20) if big else (4, 12)
    below = {tag: one for tag, one in directory.below.items() if one}
    tags = sorted({*directory.fields, *below})
    data_at = at + (8 if big else 2) + len(tags) * width + word
    table = struct.pack("<Q" if big else "<H", len(tags))
    data = bytearray()
    for tag in tags:
        if tag in below:
            place = data_at + len(data)
            data += pack(below[tag], place, big=big)
            one = Field(_IFD8, struct.pack("<Q", place)) if big else longs(place)
        else:
            one = directory.fields[tag]
        value = one.data
        if len(value) > word:
            value = struct.pack("<Q" if big else "<I", data_at + len(data))
            data += one.data + bytes(len(one.data) % 2)
        table += struct.pack("<HHQ" if big else "<HHI", tag, one.type, one.count)
        table += value.ljust(word, b"\0")
    return table + bytes(word) + bytes(data)
