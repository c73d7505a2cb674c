"""The boxes that JPEG 2000, HEIF and AVIF files are made of, and what of them Pillow does not read.

Sources: ISO/IEC 14496-12 (boxes), 15444-1 annex I (JP2), 23008-12 (HEIF).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

LARGEST = 2**26
"""Bytes of a box that is read as a whole."""

_MOST = 10_000
_METER = 0.0254  # In inches: dots per meter to dots per inch.
_ANY_PROFILE = (2, 3)
"""Methods of a color specification box that hold an ICC profile, restricted or not."""


@dataclass(frozen=True)
class Box:
    """A box: its four letters, and where in the file it begins, and its content begins and ends."""

    kind: bytes
    head: int
    start: int
    end: int

    def read(self, file: BinaryIO) -> bytes:
        """Its content, or nothing if that is absurdly large."""
        if self.end - self.start > LARGEST:
            return b""
        file.seek(self.start)
        return file.read(self.end - self.start)


def boxes(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes in a part of a file, one after another; it ends where they stop making sense."""
    if end is None:
        end = file.seek(0, 2)
    for _ in range(_MOST):
        file.seek(start)
        head = file.read(8)
        if len(head) < 8 or start >= end:
            return
        size, kind = struct.unpack(">I4s", head)
        content = start + 8
        if size == 1:
            long = file.read(8)
            if len(long) < 8 or not any(long):
                return
            size, content = struct.unpack(">Q", long)[0], start + 16
        stop = end if size == 0 else min(start + size, end)
        if stop < content:
            return
        yield Box(kind, start, content, stop)
        start = stop


def find(file: BinaryIO, *path: bytes) -> Box | None:
    """The first box of a kind inside another; `meta` boxes have four bytes before their first."""
    start, end, found = 0, None, None
    for kind in path:
        found = next((box for box in boxes(file, start, end) if box.kind == kind), None)
        if found is None:
            return None
        start, end = found.start + (4 if kind == b"meta" else 0), found.end
    return found


def jpeg2000_info(path: Path) -> dict[Any, Any]:
    """Profile and resolution of a JP2, by the names that Pillow uses."""
    info: dict[Any, Any] = {}
    with path.open("rb") as file:
        header = find(file, b"jp2h")
        for box in boxes(file, header.start, header.end) if header else ():
            if box.kind == b"colr" and "icc_profile" not in info:
                color = box.read(file)
                if color[:1] and color[0] in _ANY_PROFILE:
                    info["icc_profile"] = color[3:]
            elif box.kind == b"res " and (dpi := _resolution(file, box)):
                info["dpi"] = dpi
    return info


@dataclass(frozen=True)
class CodeStream:
    """What the code stream of a JPEG 2000 says of itself (SIZ; ISO 15444-1, A.5.1)."""

    width: int
    height: int
    bit_depth: int

    @classmethod
    def of(cls, path: Path) -> CodeStream:
        """Look into a JP2, or a bare code stream.

        Raises:
            ValueError: There is none.
        """
        with path.open("rb") as file:
            stream = find(file, b"jp2c")
            file.seek(stream.start if stream else 0)
            start = file.read(64)
        if len(start) < 43 or start[:4] != b"\xff\x4f\xff\x51":
            raise ValueError("it has no code stream")
        right, bottom, left, top = struct.unpack(">4I", start[8:24])
        return cls(right - left, bottom - top, (start[42] & 0x7F) + 1)


def bits_of_avif(path: Path) -> int:
    """Bits of a sample of the AV1 pictures in a file: the most that one has."""
    most = 8
    with path.open("rb") as file:
        properties = find(file, b"meta", b"iprp", b"ipco")
        for box in boxes(file, properties.start, properties.end) if properties else ():
            content = box.read(file)
            if box.kind == b"av1C" and len(content) > 2 and content[2] & 0x40:
                most = max(most, 12 if content[2] & 0x20 else 10)
    return most


def brands(start: bytes) -> list[bytes]:
    """What a HEIF file says it is, from its first bytes: its own brand, and those it fits."""
    if start[4:8] != b"ftyp":
        return []
    size = min(int.from_bytes(start[:4], "big"), len(start))
    return [start[8:12], *(start[at : at + 4] for at in range(16, size - 3, 4))]


def _resolution(file: BinaryIO, box: Box) -> tuple[float, float] | None:
    """Horizontal and vertical, in dots per inch; that of capture before that for display."""
    found = {one.kind: one.read(file) for one in boxes(file, box.start, box.end)}
    data = found.get(b"resc") or found.get(b"resd")
    if data is None or len(data) < 10:
        return None
    up, up_by, across, across_by, up_power, across_power = struct.unpack(">HHHHbb", data[:10])
    if not (up_by and across_by):
        return None
    return (
        across / across_by * 10.0**across_power * _METER,
        up / up_by * 10.0**up_power * _METER,
    )
