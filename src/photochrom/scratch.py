"""Folders for what is on its way: gone with their block, and swept when their maker was killed.

Each has a lock beside it, which the system lets go of when its holder dies, however it dies: so it
is known of every folder whether somebody still works in it.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

# People may name a folder that holds other things: what has another name than ours is not ours.
_NAME = re.compile(r"[0-9a-f]{32}")


@contextmanager
def scratch(place: Path) -> Iterator[Path]:
    """An empty folder that is gone, with whatever is in it, when the block ends.

    Args:
        place: Where it is made; there already.

    Raises:
        OSError: It cannot be made there.
    """
    name = uuid.uuid4().hex
    folder = place / name
    with _holding(place / f"{name}.lock"):
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch(place: Path) -> int:
    """Removes what killed processes left; returns how many folders that were.

    Folders that a living process works in are held by its lock and are left alone.

    Args:
        place: Where `scratch` makes them; it need not be there.
    """
    swept = 0
    if not place.is_dir():
        return 0
    for lock in sorted(place.glob("*.lock")):
        if not _NAME.fullmatch(lock.stem):
            continue
        with suppress(Timeout), _holding(lock, wait=False):
            folder = lock.with_suffix("")
            swept += folder.exists()
            shutil.rmtree(folder, ignore_errors=True)
    for folder in place.iterdir():
        # A folder has its lock before it exists and until it is gone; if it could not be
        # removed the first time, it is removed now.
        ours = _NAME.fullmatch(folder.name) and folder.is_dir()
        if ours and not folder.with_suffix(".lock").exists():
            swept += 1
            shutil.rmtree(folder, ignore_errors=True)
    return swept


@contextmanager
def _holding(lock: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds a lock file for the length of the block, and removes it at its end."""
    with FileLock(lock, blocking=wait):
        try:
            yield
        finally:
            # While it is held, where the system can remove an open file: nobody waits for these,
            # and so nobody is left holding what has no name any more.
            if os.name != "nt":
                lock.unlink(missing_ok=True)
