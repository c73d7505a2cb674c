"""Files: digests, flushing, and writing that leaves the old file or the new one, never half of one.

Every room that writes or hashes a file does it through here.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from photochrom.errors import PhotochromError, PhotographError

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What systems say when there is no room left."""

# ".STEM.HOST-PID-NONCE.part.ENDING": who writes it can be asked for; the ending stays last, because
# encoders go by it.
_PART = re.compile(r"\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part(\.\w+)?")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 lower-case hex digits.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def flush_tree(folder: Path) -> None:
    """Waits until all that is in a folder, and the folder itself, is on the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            flush_file(path)
        elif path.is_dir():
            flush_folder(path)
    flush_folder(folder)


@contextmanager
def part_of(path: Path, *, flush: bool = True) -> Iterator[Path]:
    """A place beside `path` for its unfinished bytes; what the block puts there takes its name.

    The bytes reach the disk before they get their name. When the block raises, or puts nothing
    there, whatever stood at `path` before still stands there. Missing parent folders are created.

    Args:
        path: Where the file shall be in the end.
        flush: Whether to wait for the disk; without, a power cut may leave an empty file.

    Yields:
        A hidden name in the same folder, with the same ending; nothing is there yet.

    Raises:
        OSError: The place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = f"{_host()}-{os.getpid()}-{secrets.token_hex(4)}"
    part = path.with_name(f".{short(path.stem)}.{writer}.part{path.suffix}")
    try:
        yield part
        if part.exists():
            if flush:
                flush_file(part)
            part.replace(path)
            if flush:
                flush_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def linked(file: Path, other: Path) -> None:
    """Gives a file another name: by a link, or as a copy where there are none.

    Raises:
        OSError: It cannot be read, or there is something of that name.
    """
    try:
        other.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:  # Another disk, or one that has no links.
        shutil.copyfile(file, other)


@contextmanager
def written_whole(
    path: Path,
    *,
    forbidden: Path | None = None,
    error: type[PhotochromError] = PhotographError,
) -> Iterator[io.BufferedRandom]:
    """Open a file for writing that takes the place of `path` only when it is complete.

    Args:
        path: Where the file shall be in the end.
        forbidden: A file that must not be replaced, by whatever name or link it is reached.
        error: What is raised when it cannot be written.

    Yields:
        The file, open for reading and writing bytes.

    Raises:
        PhotochromError: Of the class `error`: the place is a folder, is the forbidden file, or
            cannot be written.
    """
    if path.is_dir():
        raise error("is a folder", where=path, fix="name a file to write")
    if forbidden is not None and same_file(path, forbidden):
        raise error(
            "would replace the original photograph", where=path, fix="choose another output"
        )
    try:
        with part_of(path) as part, part.open("x+b") as file:
            yield file
    except OSError as cause:
        raise error(
            f"cannot be written ({cause.strerror or cause})",
            where=path,
            fix="check the folder's permissions and the free space",
        ) from cause


def write_text(
    path: Path,
    text: str,
    *,
    forbidden: Path | None = None,
    error: type[PhotochromError] = PhotographError,
) -> None:
    """Write a text file (UTF-8, line ends as they are) whole or not at all; see `written_whole`."""
    with written_whole(path, forbidden=forbidden, error=error) as file:
        file.write(text.encode())


@contextmanager
def usable(folder: Path, error: type[PhotochromError] = PhotochromError) -> Iterator[None]:
    """Says in one line which file or folder cannot be used.

    Args:
        folder: The one that is meant where the system does not say which.
        error: What is raised.

    Raises:
        PhotochromError: Of the class `error`: something within could not be read or written.
    """
    try:
        yield
    except OSError as cause:
        raise error(
            f"cannot be used ({cause.strerror or type(cause).__name__})",
            where=cause.filename or folder,
            fix="check its permissions and the free space",
        ) from cause


def expanded(named: str | Path, error: type[PhotochromError] = PhotochromError) -> Path:
    """A path as people write it, with the home folder in the place of "~" or "~name".

    Args:
        named: The path.
        error: What is raised.

    Raises:
        PhotochromError: Of the class `error`: nobody is called so, or has a home.
    """
    try:
        return Path(named).expanduser()
    except RuntimeError as cause:
        raise error(
            "begins with a home folder that is not known",
            where=named,
            fix='write the whole path, or "./~" for a name that begins so',
        ) from cause


def resolved(path: Path, error: type[PhotochromError] = PhotochromError) -> Path:
    """A path that is absolute and goes over no link.

    Args:
        path: It need not exist.
        error: What is raised.

    Raises:
        PhotochromError: Of the class `error`: its links lead nowhere but to one another, or it is
            no name of a file.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as cause:
        raise error("leads in a circle of links", where=path, fix="name another") from cause
    except ValueError as cause:
        raise error("is no name of a file", where=repr(str(path)), fix="name another") from cause


def is_full(error: BaseException | None) -> bool:
    """Whether the reason of an error is that a disk, or a share of it, has no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
    return False


def printable(name: str) -> str:
    """A file's name as text that can be written down; bytes that are not UTF-8 are lost."""
    return os.fsencode(name).decode("utf-8", "replace")


def same_file(path: Path, other: Path) -> bool:
    """Whether two names lead to one file that exists."""
    try:
        return path.samefile(other)
    except OSError:  # nothing is there, or it cannot be reached: whoever opens it will say why
        return False


def is_part(path: Path) -> bool:
    """Whether a file is an unfinished one of whoever writes, or wrote, beside its name."""
    return _PART.fullmatch(path.name) is not None


def sweep_parts(folder: Path) -> int:
    """Removes unfinished files whose writers are dead from a folder; returns how many.

    Those of another machine, which cannot be asked, stay.
    """
    swept = 0
    if not folder.is_dir():
        return 0
    for path in folder.glob(".*.part*"):
        named = _PART.fullmatch(path.name)
        if named and named[1] == _host() and not psutil.pid_exists(int(named[2])):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _host() -> str:
    """A few digits for this machine, so that a shared folder's writers are not mixed up."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def short(stem: str) -> str:
    """So much of a name that what is added to it finds room: names end at 255 bytes."""
    while len(os.fsencode(stem)) > 180:
        stem = stem[:-1]
    return stem
