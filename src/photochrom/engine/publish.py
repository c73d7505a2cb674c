"""Putting results where people look for them, whole or not at all, and only ours over ours."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from photochrom.engine.gone import GoneError
from photochrom.engine.ledger import Ledger
from photochrom.errors import PhotochromError, RetouchedError
from photochrom.files import flush_file, flush_folder, part_of


def publish(
    source: Path,
    target: Path,
    ledger: Ledger,
    *,
    force: bool = False,
    owner: str = "",
) -> bool:
    """Makes `target` a copy of a file of the store, unless it is one already.

    It is a copy, not a hard link, so that whoever retouches a published picture does not change
    the stored one; file systems that can share blocks between copies do so.

    Args:
        source: A file of a result.
        target: Where it is to appear; folders above it are made.
        ledger: Knows which digest lies where.
        force: Replace even what somebody else has put or changed there.
        owner: The production file that it is for; what is another's, and differs, is not even by
            force replaced as long as that file exists.

    Returns:
        True if it was put there, False if it lay there already.

    Raises:
        GoneError: The file of the store is not there any more, or has just been replaced.
        RetouchedError: What we have put there was changed by somebody.
        PhotochromError: Something that is not ours lies there, or it cannot be written.
    """
    try:
        reader = source.open("rb")
    except FileNotFoundError as error:
        raise _gone(source) from error
    with reader:
        wanted = _digest(reader, source, ledger)
        try:
            return _put(reader, wanted, target, ledger, force, owner)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PhotochromError(
                f"cannot be written ({reason})",
                where=target,
                fix="free some space or choose another output folder",
            ) from error


def _put(
    reader: BinaryIO, wanted: str, target: Path, ledger: Ledger, force: bool, owner: str
) -> bool:
    if target.is_dir():
        raise PhotochromError(
            "a folder has the name that a result is to get", where=target, fix="move it away"
        )
    if _lies_there(target, wanted, ledger, force, owner):
        return False
    with part_of(target) as part:
        # Before anybody is kept waiting: a film that goes to another disk takes minutes.
        _copy(reader, part)
        # Looked at again: whoever publishes there, too, may have been faster.
        with ledger.held():
            if _lies_there(target, wanted, ledger, force, owner):
                part.unlink()
                return False
            ledger.promise(target, wanted, owner)
            part.replace(target)
            flush_folder(target.parent)
            ledger.keep_promise(target, wanted)
    return True


def _digest(reader: BinaryIO, source: Path, ledger: Ledger) -> str:
    """The digest of an open file of the store, which is known by its name."""
    try:
        sha256 = ledger.digest(source)
        if os.path.samestat(os.fstat(reader.fileno()), source.stat()):
            return sha256
    except FileNotFoundError as error:
        raise _gone(source) from error
    raise _gone(source)


def _gone(source: Path) -> GoneError:
    return GoneError("a result is gone", where=source, fix="run it again")


def _lies_there(target: Path, wanted: str, ledger: Ledger, force: bool, owner: str) -> bool:
    """Whether the wanted bytes lie there; an error if something does that is to stay."""
    if not target.exists():
        return False
    present = ledger.digest(target)
    if present == wanted:
        ledger.claim(target, wanted, owner)
        return True
    spare(target, present, ledger, force=force, owner=owner)
    return False


def spare(target: Path, present: str, ledger: Ledger, *, force: bool, owner: str) -> None:
    """Raises an error if what lies at a place, other than what is wanted there, is to stay.

    Args:
        target: Where a result is to appear.
        present: Digest of what lies there.
        ledger: As for `publish`, like `force` and `owner`.

    Raises:
        RetouchedError: It was ours, and somebody has changed it.
        PhotochromError: It is not ours.
    """
    if theirs := other_owner(target, ledger, owner):
        raise PhotochromError(
            f"belongs to another production, {theirs}",
            where=target,
            fix="choose another folder or another film name in [output]",
        )
    ours = ledger.ours(target)
    if force or present in ours:
        return
    fix = "rename it to keep it, or run again with --force to replace it"
    if ours:
        what = "was changed by somebody, and is left as it is"
        raise RetouchedError(what, where=target, fix=fix)
    # We may have put it there and lost what we knew of it.
    what = "was changed, or put there, by somebody else and is left as it is"
    raise PhotochromError(what, where=target, fix=fix)


def other_owner(target: Path, ledger: Ledger, owner: str) -> str:
    """The production that a file was put there for, if that is another one and still exists; else
    empty.

    Args:
        target: The file.
        ledger: As for `publish`, like `owner`.
    """
    theirs = ledger.owner(target)
    return theirs if theirs not in ("", owner) and Path(theirs).is_file() else ""


def _copy(reader: BinaryIO, target: Path) -> None:
    with target.open("wb") as writer:
        if hasattr(os, "copy_file_range"):
            try:
                while os.copy_file_range(reader.fileno(), writer.fileno(), 1 << 30):
                    pass
            except OSError:  # not on this file system
                reader.seek(0)
                writer.seek(0)
                writer.truncate()
                shutil.copyfileobj(reader, writer, 1 << 20)
        else:
            shutil.copyfileobj(reader, writer, 1 << 20)
    flush_file(target)
