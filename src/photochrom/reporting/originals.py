"""Where the scan lies that a picture was made from.

A record names it by its digest, not by its place: derivatives travel. So it is looked for where
`photochrom restore` finds and leaves things, and in folders that are named; what counts is its
bytes.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from photochrom.files import printable, sha256_of
from photochrom.photograph import SUFFIXES
from photochrom.scans import is_ours, is_system

_LOST = "\N{REPLACEMENT CHARACTER}"
"""What records write for bytes of a name that are no UTF-8."""

_NEIGHBORS = 256
"""Folders beside the one that is looked at, at most, in which originals are looked for unasked."""


@dataclass(frozen=True)
class Found:
    """What was found of an original.

    Attributes:
        state: "whole", "changed" (there is a file of its name, and only one, with other bytes), or
            "missing".
        file: Where it lies.
        namesakes: How many files have its name and other bytes.
    """

    state: Literal["whole", "changed", "missing"]
    file: Path | None = None
    namesakes: int = 0


class Originals:
    """Finds originals on this machine.

    Args:
        root: The folder whose pictures are looked at.
        folders: Where their originals lie, subfolders included. None: beside the pictures, in the
            folder above them, or in a folder beside theirs, under the same subfolder of it.
    """

    def __init__(self, root: Path, folders: Sequence[Path] = ()):
        self._root, self._folders = root, tuple(folders)
        self._digest = lru_cache(maxsize=4096)(sha256_of)
        self._index = _Index(self._folders) if folders else None
        self._beside = lru_cache(maxsize=1024)(_neighbors)

    def find(self, original: dict[str, Any], folder: Path) -> Found:
        """Looks for the original that a record describes.

        Args:
            original: What the record says of it.
            folder: Where the record lies.

        Raises:
            OSError: A file cannot be read.
        """
        name, sha256, size = (original.get(key) for key in ("file", "sha256", "bytes"))
        named = dict.fromkeys(self._named(str(name), folder))
        for path in named:
            if self._is(path, sha256, size):
                return Found("whole", path)
        for path in () if self._index is None else self._index.sized(size):
            if path not in named and self._is(path, sha256, size):
                return Found("whole", path)  # Under another name it is the same scan.
        others = [path for path in named if not is_ours(path)]
        if len(others) == 1:
            return Found("changed", others[0], 1)
        return Found("missing", namesakes=len(others))

    def _is(self, path: Path, sha256: object, size: object) -> bool:
        if isinstance(size, int) and path.stat().st_size != size:
            return False
        return self._digest(path) == sha256

    def _named(self, name: str, folder: Path) -> Iterator[Path]:
        if self._index is None:
            places = [folder, folder.parent, *self._beside_it(folder)]
        else:
            inside = folder.is_relative_to(self._root)
            below = folder.relative_to(self._root) if inside else Path()
            places = [one / below for one in self._folders]
        # A record is written by anybody: it names a file, and no way to one.
        plain = Path(name).name
        yield from (path for place in places if (path := place / plain).is_file())
        if _LOST in plain:
            yield from (path for place in places for path in _written_as(plain, place))
        if self._index is not None:
            yield from self._index.named(plain)

    def _beside_it(self, folder: Path) -> Iterator[Path]:
        """`scans/album/` and `scans/` are beside `restored/album/`, and so on up to the root."""
        top = self._root.absolute()
        place = folder.absolute()
        while place.is_relative_to(top):
            below = folder.absolute().relative_to(place)
            for one in self._beside(place):
                yield from dict.fromkeys((one / below, one))
            place = place.parent


def _written_as(name: str, folder: Path) -> list[Path]:
    """The files of a folder whose names records write as `name`."""
    try:
        return sorted(one for one in folder.iterdir() if printable(one.name) == name)
    except OSError:
        return []


def _neighbors(folder: Path) -> tuple[Path, ...]:
    """The folders beside a folder."""
    try:
        beside = sorted(folder.parent.iterdir())
    except OSError:
        return ()
    found = (one for one in beside if one != folder and not is_system(one.name) and one.is_dir())
    return tuple(islice(found, _NEIGHBORS))


class _Index:
    """The files in some folders, by name and by size; read when it is first asked."""

    def __init__(self, folders: Sequence[Path]):
        self._read: Callable[[], _Files] = lru_cache(maxsize=1)(lambda: _files_in(folders))

    def named(self, name: str) -> Sequence[Path]:
        return self._read()[0].get(name, ())

    def sized(self, size: object) -> Sequence[Path]:
        return self._read()[1].get(size, ()) if isinstance(size, int) else ()


_Files = tuple[dict[str, list[Path]], dict[int, list[Path]]]


def _files_in(folders: Sequence[Path]) -> _Files:
    by_name: defaultdict[str, list[Path]] = defaultdict(list)
    by_size: defaultdict[int, list[Path]] = defaultdict(list)
    for folder in folders:
        for place, inner, files in os.walk(folder):
            inner[:] = [name for name in inner if not is_system(name)]
            for name in files:
                path = Path(place, name)
                if path.suffix.lower() in SUFFIXES:
                    by_name[printable(name)].append(path)
                    with suppress(OSError):
                        by_size[path.stat().st_size].append(path)
    return by_name, by_size
