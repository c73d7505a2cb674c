"""IPTC-IIM data sets, and the Photoshop image resources that carry them.

Sources: IPTC-NAA Information Interchange Model 4.2; Adobe Photoshop file formats specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from photochrom.photograph.metadata.letters import decoded

IPTC_RESOURCE = 0x0404
COPYRIGHT_FLAG, URL = 0x040A, 0x040B
_RESOURCES_KEPT = frozenset({COPYRIGHT_FLAG, URL})

_CHARACTERS = (1, 90)
_UTF_8 = b"\x1b%G"
# What ISO 2022 escape sequences announce; who says Latin-1 means Windows-1252 where they differ.
_SETS = {b"\x1b%G": "utf-8", b"\x1b%/G": "utf-8", b"\x1b%/H": "utf-8", b"\x1b%/I": "utf-8"}
_SETS |= {b"\x1b" + side + b"B": "iso8859-2" for side in (b"-", b".")}
_SETS |= {b"\x1b" + side + b"L": "iso8859-5" for side in (b"-", b".")}
_SETS |= {b"\x1b" + side + b"F": "iso8859-7" for side in (b"-", b".")}
_SETS |= {b"\x1b" + side + b"M": "iso8859-9" for side in (b"-", b".")}

# Numbers and pictures, not text.
_BINARY = frozenset({(2, 0), (2, 125), (2, 200), (2, 201), (2, 202)})
# A preview of the pixels; its kind and version.
_PREVIEW = frozenset({(2, 200), (2, 201), (2, 202)})
_PICTURE_NUMBER = (3, 10)


@dataclass(frozen=True)
class DataSet:
    """One data set: the number of its record, its own, and its bytes."""

    record: int
    number: int
    data: bytes


def read(record: bytes | None) -> list[DataSet]:
    """The data sets of an IIM record, as far as it is whole."""
    found = []
    data = record or b""
    at = data.find(b"\x1c")
    while 0 <= at and at + 5 <= len(data) and data[at] == 0x1C:
        part, number, size = struct.unpack(">BBH", data[at + 1 : at + 5])
        at += 5
        if size & 0x8000:  # The length of the length, then the length.
            after = at + (size & 0x7FFF)
            size = int.from_bytes(data[at:after], "big")
            at = after
        if at + size > len(data):
            break
        found.append(DataSet(part, number, data[at : at + size]))
        at += size
    return found


def in_utf8(sets: Iterable[DataSet]) -> list[DataSet]:
    """The same with texts in UTF-8, as the data set 1:90 then says.

    Without 1:90, texts that are no UTF-8 are taken for Windows-1252.
    """
    sets = list(sets)
    told = next((one.data for one in sets if (one.record, one.number) == _CHARACTERS), b"")
    encoding = _SETS.get(told.rstrip(b" \0"))
    turned = []
    for one in sets:
        text = 2 <= one.record <= 6 or one.record == 240
        if (one.record, one.number) == _CHARACTERS:
            continue
        if text and (one.record, one.number) not in _BINARY and not one.data.isascii():
            one = DataSet(one.record, one.number, decoded(one.data, encoding).encode())
        turned.append(one)
    return turned


def kept(sets: Iterable[DataSet]) -> list[DataSet]:
    """What a derivative keeps: all but previews and what is said of the scan's pixels."""
    return [
        one
        for one in sets
        if (one.record, one.number) not in _PREVIEW
        and (one.record not in (3, 7, 8, 9) or (one.record, one.number) == _PICTURE_NUMBER)
    ]


def encode(sets: Sequence[DataSet]) -> bytes:
    """An IIM record of texts in UTF-8; nothing for no data sets."""
    if not sets:
        return b""
    ordered = sorted([*sets, DataSet(*_CHARACTERS, _UTF_8)], key=lambda one: one.record)
    return b"".join(map(_encoded, ordered))


def _encoded(one: DataSet) -> bytes:
    size = len(one.data)
    long = size >= 0x8000
    length = struct.pack(">HI", 0x8004, size) if long else struct.pack(">H", size)
    return bytes((0x1C, one.record, one.number)) + length + one.data


def texts(sets: Iterable[DataSet]) -> dict[int, list[str]]:
    """The texts of the application record (2) by number; `sets` are in UTF-8."""
    found: dict[int, list[str]] = {}
    for one in sets:
        if one.record == 2 and (2, one.number) not in _BINARY:
            found.setdefault(one.number, []).append(one.data.decode("utf-8", "replace"))
    return found


def replaced(sets: Sequence[DataSet], values: Mapping[int, Sequence[str]]) -> list[DataSet]:
    """Data sets of the application record with other texts, where the first of each kind was."""
    waiting = dict(values)
    found = []
    for one in sets:
        if one.record != 2 or one.number not in values:
            found.append(one)
        elif one.number in waiting:
            found += [DataSet(2, one.number, text.encode()) for text in waiting.pop(one.number)]
    return found + [
        DataSet(2, number, text.encode()) for number in waiting for text in waiting[number]
    ]


def resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The Photoshop image resources of a block: number and bytes of each."""
    at = 0
    while data[at : at + 4] in (b"8BIM", b"PHUT", b"AgHg", b"DCSR", b"MeSa") and at + 12 <= len(
        data
    ):
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        name_end = at + 6 + (data[at + 6] + 2) // 2 * 2
        size = int.from_bytes(data[name_end : name_end + 4], "big")
        yield number, data[name_end + 4 : name_end + 4 + size]
        at = name_end + 4 + (size + 1) // 2 * 2


def kept_resources(data: bytes) -> bytes:
    """Of image resources those that somebody wrote: the copyright flag and the address."""
    return b"".join(
        resource(number, one) for number, one in resources(data) if number in _RESOURCES_KEPT
    )


def resource(number: int, data: bytes) -> bytes:
    """One image resource."""
    head = b"8BIM" + struct.pack(">H", number) + bytes(2) + struct.pack(">I", len(data))
    return head + data + bytes(len(data) % 2)


def iptc_of_photoshop(data: bytes) -> bytes | None:
    """Find the IPTC-IIM record among Photoshop image resources."""
    return next((one for number, one in resources(data) if number == IPTC_RESOURCE), None)
