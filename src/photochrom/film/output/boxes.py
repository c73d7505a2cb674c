"""What FFmpeg's writer of MP4 and QuickTime files cannot be told, set in the finished file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_TRACK_ENABLED = 1


def switch_off(path: Path, number: int) -> None:
    """Clears a track's flag "enabled", which FFmpeg sets in the first track of text in any case.

    Args:
        path: An MP4 or QuickTime file.
        number: The track's, from 1.
    """
    with path.open("r+b") as file:
        start = _track(file, path, number, b"tkhd")
        file.seek(start + 1)
        cleared = int.from_bytes(file.read(3)) & ~_TRACK_ENABLED
        file.seek(start + 1)
        file.write(cleared.to_bytes(3))


def set_language(path: Path, number: int, code: str) -> None:
    """Says in which language a track is; FFmpeg knows only some of them in QuickTime files.

    Args:
        path: An MP4 or QuickTime file.
        number: The track's, from 1.
        code: ISO 639-2/T, three letters.
    """
    first, second, third = (ord(letter) - 0x60 for letter in code)
    with path.open("r+b") as file:
        start = _track(file, path, number, b"mdia", b"mdhd")
        file.seek(start)
        (version,) = file.read(1)
        # Times of creation and of change, the timescale and the length come before it.
        file.seek(start + (32 if version else 20))
        file.write(struct.pack(">H", first << 10 | second << 5 | third))


def _track(file: BinaryIO, path: Path, number: int, *inside: bytes) -> int:
    """Where the contents begin of a box that lies in a track."""
    size = path.stat().st_size
    tracks = _boxes(file, 0, size, b"moov", b"trak")
    for start, stop in tracks:
        header, _ = next(_boxes(file, start, stop, b"tkhd"))
        file.seek(header)
        (version,) = file.read(1)
        # Times of creation and of change come before the number.
        file.seek(header + (20 if version else 12))
        if struct.unpack(">I", file.read(4))[0] == number:
            return next(_boxes(file, start, stop, *inside))[0]
    raise LookupError(f"{path} has no track {number}")


def _boxes(file: BinaryIO, start: int, stop: int, *path: bytes) -> Iterator[tuple[int, int]]:
    """Where the contents begin and end of all boxes at a path (ISO/IEC 14496-12, 4.2)."""
    while start < stop:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        elif size == 0:  # to the end of the file
            size = stop - start
        if kind == path[0]:
            inside = (start + head, start + size)
            yield from _boxes(file, *inside, *path[1:]) if path[1:] else (inside,)
        start += size
