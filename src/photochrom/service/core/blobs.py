"""Where bytes are: originals as they were sent in, and results, each by a name that says whose.

A folder on one machine, a bucket for several. Files appear whole or not at all.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from photochrom.errors import PhotochromError, PlaceError
from photochrom.files import is_full, is_part, linked, part_of, usable
from photochrom.places import (
    Place,
    Url,
    fetch,
    find,
    listed,
    place_of,
    put,
    remove,
    remove_all,
    stretch,
)
from photochrom.service.core.problems import FullError, NotFoundError
from photochrom.service.core.scratch import on_the_way

PIECE = 1 << 20
"""Bytes read at a time."""


class Blobs(Protocol):
    """Bytes by name ("ORGANIZATION/photographs/PHOTOGRAPH/original/FILE")."""

    def put(self, name: str, file: Path) -> None:
        """Keeps a copy of a file; replaces what had the name.

        Raises:
            PhotochromError: It cannot be kept: no room, the bucket is away.
        """
        ...

    def adopt(self, name: str, file: Path) -> None:
        """Keeps a file that nobody changes any more, without a copy where that can be.

        Raises:
            PhotochromError: As `put`.
        """
        ...

    def free(self) -> int | None:
        """How many bytes there is room for; None where nobody can tell."""
        ...

    def place(self, name: str) -> Place:
        """Where it lies, for tasks that read it wherever they run."""
        ...

    def near(self, name: str) -> AbstractContextManager[Path]:
        """A file of this machine with its bytes, for as long as the block lasts; it is only read.

        Raises:
            NotFoundError: It is not there.
        """
        ...

    def size(self, name: str) -> int | None:
        """How many bytes it has; None if it is not there."""
        ...

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes from `start` to before `end`, in pieces.

        Raises:
            NotFoundError: It is not there.
        """
        ...

    def names(self) -> Iterator[tuple[str, int, str]]:
        """All names, each with its bytes and a mark that changes when they do; in no order."""
        ...

    def check(self) -> None:
        """Looks whether it can be used now.

        Raises:
            PhotochromError: It cannot.
        """
        ...

    def remove(self, name: str) -> None:
        """Forgets it; what is not there stays so."""
        ...

    def remove_all(self, prefix: str) -> None:
        """Forgets all that lies below a name."""
        ...


def blobs_at(storage: str | None, data: Path) -> Blobs:
    """The blobs of a service.

    Args:
        storage: The setting.
        data: The service's folder.

    Raises:
        PhotochromError: The setting names no bucket.
    """
    if storage is None:
        return FolderBlobs(data / "blobs")
    place = place_of(storage)
    if isinstance(place, Path):
        return FolderBlobs(place)
    if place.is_web:
        raise PhotochromError(
            "the web takes no files", where="setting storage", fix="name a bucket: s3://BUCKET"
        )
    return BucketBlobs(place.folder, data)


class FolderBlobs:
    """Blobs in a folder."""

    def __init__(self, root: Path):
        self._root = root

    def put(self, name: str, file: Path) -> None:
        self._keep(name, partial(shutil.copyfile, file))

    def adopt(self, name: str, file: Path) -> None:
        self._keep(name, partial(linked, file))

    def free(self) -> int | None:
        there = self._root
        while not there.exists():
            there = there.parent
        return shutil.disk_usage(there).free

    def place(self, name: str) -> Place:
        return self._at(name)

    @contextmanager
    def near(self, name: str) -> Iterator[Path]:
        path = self._at(name)
        if not path.is_file():
            raise _missing()
        yield path

    def size(self, name: str) -> int | None:
        try:
            return self._at(name).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        try:
            file = self._at(name).open("rb")
        except FileNotFoundError:
            raise _missing() from None
        with file:
            file.seek(start)
            left = None if end is None else end - start
            while left is None or left > 0:
                piece = file.read(PIECE if left is None else min(PIECE, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    def names(self) -> Iterator[tuple[str, int, str]]:
        for folder, _, files in os.walk(self._root):
            for file in files:
                path = Path(folder, file)
                if is_part(path):
                    continue
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue  # It was forgotten meanwhile.
                name = path.relative_to(self._root).as_posix()
                yield name, found.st_size, f"{found.st_size}-{found.st_mtime_ns}"

    def check(self) -> None:
        with usable(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self._root))

    def remove(self, name: str) -> None:
        self._at(name).unlink(missing_ok=True)

    def remove_all(self, prefix: str) -> None:
        folder = self._at(prefix)
        if folder.is_dir():
            with usable(folder):
                shutil.rmtree(folder)

    def _keep(self, name: str, fill: Callable[[Path], object]) -> None:
        try:
            with part_of(self._at(name)) as part:
                fill(part)
        except OSError as error:
            if is_full(error):
                raise FullError from error
            raise PlaceError(
                f"cannot be written ({error.strerror or type(error).__name__})",
                where=name,
                fix="check the data folder's permissions",
            ) from error

    def _at(self, name: str) -> Path:
        path = self._root / name
        # Names are made by us; one that leaves the folder is a mistake of ours.
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise ValueError(f"{name!r} is outside of the blobs")
        return path


class BucketBlobs:
    """Blobs in a bucket.

    Args:
        root: Where they lie in it.
        data: The service's folder, for what is brought near.
    """

    def __init__(self, root: Url, data: Path):
        self._root = root
        self._data = data

    def put(self, name: str, file: Path) -> None:
        put(file, self._root / name, mode="replace")

    def adopt(self, name: str, file: Path) -> None:
        self.put(name, file)

    def free(self) -> int | None:
        return None

    def place(self, name: str) -> Place:
        return self._root / name

    @contextmanager
    def near(self, name: str) -> Iterator[Path]:
        with on_the_way(self._data) as folder:
            path = folder / Path(name).name
            with _told():
                fetch(self._root / name, path)
            yield path

    def size(self, name: str) -> int | None:
        found = find(self._root / name)
        return None if found is None else found.size

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        with _told():
            yield from stretch(self._root / name, start, end)

    def names(self) -> Iterator[tuple[str, int, str]]:
        for one in listed(self._root):
            if one.size or not one.url.is_folder:
                yield one.url.key.removeprefix(self._root.key), one.size, one.etag or ""

    def check(self) -> None:
        next(listed(self._root), None)

    def remove(self, name: str) -> None:
        remove(self._root / name)

    def remove_all(self, prefix: str) -> None:
        remove_all((self._root / prefix).folder)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except PlaceError as error:
        if error.kind == "missing":
            raise _missing() from error
        raise


def _missing() -> NotFoundError:
    return NotFoundError("its file is not there any more")
