"""Files that appear whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.errors import PhotographError


@contextmanager
def written_whole(path: Path, *, forbidden: Path | None = None) -> Iterator[io.BufferedRandom]:
    """Open a file for writing that takes the place of `path` only when it is complete.

    The bytes go to a hidden file in the same folder, reach the disk, and are then renamed. When the
    block raises, or the process is interrupted, whatever stood at `path` before still stands there.
    Missing parent folders are created.

    Args:
        path: Where the file shall be in the end.
        forbidden: A file that must not be replaced, by whatever name or link it is reached.

    Yields:
        The file, open for reading and writing bytes.

    Raises:
        PhotographError: The place is a folder, is the original, or cannot be written.
    """
    if path.is_dir():
        raise PhotographError("is a folder", where=path, fix="name a file to write")
    if forbidden is not None and _same_file(path, forbidden):
        raise PhotographError(
            "would replace the original photograph", where=path, fix="choose another output"
        )
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("x+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise PhotographError(
            f"cannot be written ({error.strerror or error})",
            where=path,
            fix="check the folder's permissions and the free space",
        ) from error


def write_text(path: Path, text: str, *, forbidden: Path | None = None) -> None:
    """Write a text file (UTF-8, line ends as they are) whole or not at all; see `written_whole`."""
    with written_whole(path, forbidden=forbidden) as file:
        file.write(text.encode())


def _same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
