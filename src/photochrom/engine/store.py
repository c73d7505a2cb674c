"""Results on disk, named by the digest of everything they depend on.

A result is a folder of files. It is written in a scratch folder, flushed to the disk and then moved
to its name in one step, so that whatever has a name is whole: a kill at any moment leaves scratch
behind and nothing else, and the next `sweep` removes it. Several builds may share a store. Two that
make the same result at once both succeed; the one that comes second throws its copy away.
"""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.engine.lock import Lock, try_lock

_SCRATCH = "scratch"
_RESULTS = "results"
# https://bford.info/cachedir/: tells backup programs that this can be made again.
_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n"


class Store:
    """A content-keyed store of results in a folder.

    Args:
        root: The folder; made with its parents when something is first written.
    """

    def __init__(self, root: Path):
        self.root = root

    def path(self, key: str) -> Path:
        """Where the result of a key lies, or would lie."""
        if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
            raise ValueError(f"not a SHA-256 digest in hex: {key!r}")
        return self.root / _RESULTS / key[:2] / key

    def get(self, key: str) -> Path | None:
        """The folder with the result of a key, or None if there is none yet."""
        path = self.path(key)
        return path if path.is_dir() else None

    @contextmanager
    def writing(self, key: str) -> Iterator[Path]:
        """An empty folder to fill; it becomes the result when the block ends without an error."""
        target = self.path(key)
        with self.scratch() as folder:
            yield folder
            _flush(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                folder.rename(target)
            except OSError as error:
                # Someone else made the same result in the meantime, and theirs is as good.
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
                    raise
                if not target.is_dir():
                    raise
            flush_folder(target.parent)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder that is gone, with whatever is in it, when the block ends."""
        scratch = self._scratch_root()
        name = uuid.uuid4().hex
        folder = scratch / name
        with Lock(scratch / f"{name}.lock"):
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def forget(self, key: str) -> None:
        """Removes a result; no error if there is none."""
        path = self.get(key)
        if path is None:
            return
        with self.scratch() as grave:
            # Moved first: a result that is half removed must not be found under its name.
            try:
                path.rename(grave / "result")
            except FileNotFoundError:
                return

    def sweep(self) -> int:
        """Removes what killed processes left half-written; returns how many folders that were.

        Folders that a living process is writing to are held by its lock and are left alone.
        """
        swept = 0
        scratch = self.root / _SCRATCH
        if not scratch.is_dir():
            return 0
        for lock in sorted(scratch.glob("*.lock")):
            with try_lock(lock) as held:
                if held:
                    folder = lock.with_suffix("")
                    swept += folder.exists()
                    shutil.rmtree(folder, ignore_errors=True)
        for folder in scratch.iterdir():
            # A folder has its lock before it exists and until it is gone; if it could not be
            # removed the first time, it is removed now.
            if folder.is_dir() and not folder.with_suffix(".lock").exists():
                swept += 1
                shutil.rmtree(folder, ignore_errors=True)
        return swept

    def _scratch_root(self) -> Path:
        scratch = self.root / _SCRATCH
        if not scratch.is_dir():
            scratch.mkdir(parents=True, exist_ok=True)
            (self.root / "CACHEDIR.TAG").write_text(_CACHE_TAG)
        return scratch


def flush_file(path: Path) -> None:
    """Waits until a file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Waits until a folder's entries are on the disk, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            flush_file(path)
        elif path.is_dir():
            flush_folder(path)
    flush_folder(folder)
