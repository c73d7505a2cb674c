"""Folders of a cache, and the tag that tells backup programs what they hold."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from pathlib import Path

from photochrom.files import short

# https://bford.info/cachedir/: tells backup programs that what is in a folder can be made again.
_TAG = "CACHEDIR.TAG"
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n"


def cache_place(root: Path, name: str = "") -> Path:
    """Makes a folder of a cache, and the cache itself, unless they are there; returns it.

    Backup programs are told of folders that are made here that they hold nothing but what can be
    made again; never of one that was there before, which may hold anything.

    Args:
        root: The cache.
        name: Of a folder in it; empty for the cache itself.

    Raises:
        OSError: It cannot be made.
    """
    place = root / name
    for folder in (root, place):
        if folder.is_dir():
            continue
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            Path(error.filename).stat()  # A link that leads nowhere says so.
            raise
        _make(folder, tagged=not is_tagged(folder.parent))
    return place


def _make(folder: Path, *, tagged: bool) -> None:
    """Makes a folder that has its tag from its first moment on, unless another was faster."""
    made = folder.with_name(f".{short(folder.name)}.{secrets.token_hex(8)}")
    made.mkdir()
    try:
        if tagged:
            (made / _TAG).write_text(_SIGNATURE)
        made.rename(folder)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():
            if error.errno in (errno.EEXIST, errno.ENOTDIR):
                Path(folder).stat()  # A link that leads nowhere says so.
            raise


def is_tagged(folder: Path) -> bool:
    """Whether a folder says that it holds nothing but what can be made again."""
    return os.path.isfile(folder / _TAG)  # noqa: PTH113 (minds no name that is too long)


def untag(root: Path, ours: re.Pattern[str]) -> None:
    """Takes the tag that earlier versions have put into a cache from one that holds other things.

    Args:
        root: The cache.
        ours: Names of what belongs there.
    """
    tag = root / _TAG
    try:
        if tag.read_text("utf-8", "replace") != _SIGNATURE:
            return
        if not all(ours.fullmatch(path.name) for path in root.iterdir() if path != tag):
            tag.unlink()
    except OSError:
        return  # There is none, or none that is ours to remove.
