"""Locks that the system itself lets go of when their holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _acquire(descriptor: int, wait: bool) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _acquire(descriptor: int, wait: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


class Lock:
    """A lock file held for the length of a `with` block, and removed at its end.

    Args:
        path: The file to make and hold.
    """

    def __init__(self, path: Path):
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Lock:
        while True:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            _acquire(self._descriptor, wait=True)
            if _same(self._path, self._descriptor):
                return self
            # A sweeper removed the file between our opening and locking it.
            os.close(self._descriptor)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _remove(self._path, self._descriptor)


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Takes over a lock file whose holder is dead, and removes it at the end of the block.

    Yields:
        Whether it was taken; False if somebody living holds it or if it is gone.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield False
        return
    try:
        _acquire(descriptor, wait=False)
    except OSError:
        os.close(descriptor)
        yield False
        return
    if not _same(path, descriptor):
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        _remove(path, descriptor)


def _same(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove(path: Path, descriptor: int) -> None:
    # On POSIX the name has to go while the lock is held, or a second holder could lock the old
    # file and a third one a new file of the same name. Windows cannot remove an open file, and
    # for the same reason does not have that problem.
    if os.name == "nt":
        os.close(descriptor)
        path.unlink(missing_ok=True)
    else:
        path.unlink(missing_ok=True)
        os.close(descriptor)
