"""Where the bytes of unfinished uploads lie.

On one machine each upload is a file that grows. Where blobs are in a bucket, what came goes there
in parts, so that another machine can go on; they are joined at the end.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from photochrom.files import flush_folder, is_full
from photochrom.service.context import Context
from photochrom.service.core.blobs import Blobs, FolderBlobs
from photochrom.service.core.problems import FullError, GoneError, UnavailableError
from photochrom.service.uploads.tables import Upload

FOLDER = "uploads"


@dataclass(frozen=True)
class Part:
    """Bytes that lie in a blob of their own."""

    start: int
    size: int
    name: str


class Writing(Protocol):
    """Bytes of an upload on their way to where they lie."""

    def write(self, data: bytes) -> None:
        """Takes some more.

        Raises:
            FullError: There is no room.
        """
        ...

    def flush(self) -> Sequence[Part]:
        """Waits until what came is safe; gives the parts that it has become, for their rows."""
        ...

    def close(self) -> None:
        """Lets go; what was not flushed is lost."""
        ...


class Parts(Protocol):
    """The bytes of unfinished uploads."""

    def writing(self, upload: Upload) -> Writing:
        """Goes on at the upload's offset; what was written after it and never counted is lost.

        Raises:
            GoneError: There is less than the offset says.
        """
        ...

    def joined(self, upload: Upload, parts: Sequence[Part]) -> AbstractContextManager[Path]:
        """All of the bytes in one file of this machine.

        Raises:
            GoneError: Some are missing.
        """
        ...

    def remove(self, upload: Upload) -> None:
        """Forgets them."""
        ...


def parts_of(context: Context) -> Parts:
    """Where a service keeps them."""
    folder = context.settings.data / FOLDER
    if isinstance(context.blobs, FolderBlobs):
        return FolderParts(folder)
    return BlobParts(folder, context.blobs)


def prefix_of(upload: Upload) -> str:
    """Below it lie the parts of an upload in the blobs."""
    return f"{upload.organization_id}/uploads/{upload.id}"


class FolderParts:
    """Uploads as files of a folder."""

    def __init__(self, folder: Path):
        self._folder = folder

    def writing(self, upload: Upload) -> Writing:
        with on_disk():
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / upload.id
            if upload.offset and not path.is_file():
                raise _lost()
            return _Growing(path, upload.offset)

    @contextmanager
    def joined(self, upload: Upload, parts: Sequence[Part]) -> Iterator[Path]:
        path = self._folder / upload.id
        if not path.is_file() or path.stat().st_size < upload.length:
            raise _lost()
        os.truncate(path, upload.length)
        yield path

    def remove(self, upload: Upload) -> None:
        (self._folder / upload.id).unlink(missing_ok=True)


class _Growing:
    def __init__(self, path: Path, offset: int):
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        if os.fstat(descriptor).st_size < offset:
            self._file.close()
            raise _lost()
        self._file.truncate(offset)
        self._file.seek(offset)
        if is_new:
            flush_folder(path.parent)

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        with on_disk():
            while left:
                left = left[self._file.write(left) :]

    def flush(self) -> Sequence[Part]:
        with on_disk():
            os.fsync(self._file.fileno())
        return ()

    def close(self) -> None:
        self._file.close()


class BlobParts:
    """Uploads as blobs, a few for each request.

    Args:
        folder: Of this machine, for what is on its way.
        blobs: Where they lie.
    """

    def __init__(self, folder: Path, blobs: Blobs):
        self._folder = folder
        self._blobs = blobs

    def writing(self, upload: Upload) -> Writing:
        with on_disk():
            self._folder.mkdir(parents=True, exist_ok=True)
            return _Sending(self._folder, self._blobs, prefix_of(upload), upload.offset)

    @contextmanager
    def joined(self, upload: Upload, parts: Sequence[Part]) -> Iterator[Path]:
        place = 0
        with on_disk():
            self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{upload.id}.", dir=self._folder) as folder:
            path = Path(folder) / "joined"
            with path.open("wb") as file:
                for part in sorted(parts, key=lambda one: one.start):
                    if part.start != place:
                        raise _lost()
                    for piece in self._blobs.read(part.name):
                        with on_disk():
                            file.write(piece)
                        place += len(piece)
            if place != upload.length:
                raise _lost()
            yield path

    def remove(self, upload: Upload) -> None:
        self._blobs.remove_all(prefix_of(upload))


class _Sending:
    def __init__(self, folder: Path, blobs: Blobs, prefix: str, offset: int):
        self._path = folder / f"{prefix.rpartition('/')[2]}.{secrets.token_hex(8)}"
        self._file = self._path.open("x+b")
        self._blobs, self._prefix = blobs, prefix
        self._start, self._size = offset, 0

    def write(self, data: bytes) -> None:
        with on_disk():
            self._file.write(data)
        self._size += len(data)

    def flush(self) -> Sequence[Part]:
        if not self._size:
            return ()
        with on_disk():
            self._file.flush()
        # Nobody else has the name: whoever was cut off may have sent the same place before.
        name = f"{self._prefix}/{self._start:016d}-{secrets.token_hex(8)}"
        self._blobs.put(name, self._path)
        part = Part(self._start, self._size, name)
        self._file.seek(0)
        self._file.truncate()
        self._start, self._size = self._start + self._size, 0
        return (part,)

    def close(self) -> None:
        with suppress(OSError):  # What it could not write is lost, and is to be.
            self._file.close()
        self._path.unlink(missing_ok=True)


def sweep_folder(folder: Path, known: Callable[[set[str]], set[str]]) -> int:
    """Removes files of uploads that are no more; returns how many.

    Args:
        folder: Of the uploads.
        known: Gives those of some ids that are still there. It is asked after the folder was looked
            at: whatever is there by then has had its row before.
    """
    files = list(folder.iterdir()) if folder.is_dir() else []
    ids = {path: path.name.partition(".")[0] for path in files}
    there = known(set(ids.values()))
    gone = [path for path, id in ids.items() if id not in there]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(gone)


@contextmanager
def on_disk() -> Iterator[None]:
    """Tells what a disk does not do, for whoever sends.

    Raises:
        FullError: It has no room left.
        UnavailableError: It fails otherwise.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise FullError from error
        raise UnavailableError("the disk does not take it now") from error


def _lost() -> GoneError:
    return GoneError("some of its bytes were lost here", fix="begin the upload anew")
