"""Making a backup while the service goes on.

Blobs are there before rows that name them: so blobs are copied, then rows as they are at one
moment, then those blobs that have come meanwhile. What is removed between the two is not missed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from photochrom._version import __version__
from photochrom.errors import PhotochromError
from photochrom.files import flush_file, flush_tree, is_part, part_of, sweep_parts, usable
from photochrom.service.backup.cells import lines_of, tables_in
from photochrom.service.backup.manifest import (
    BLOBS,
    INDEX,
    NAME,
    ROWS,
    Lines,
    Manifest,
    Originals,
    blob_path,
    is_original,
)
from photochrom.service.context import Context
from photochrom.service.core.problems import NotFoundError
from photochrom.service.migrations import revision_of

_KNOWN = "known.jsonl"
_LOCK = ".lock"


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    rows: int
    blobs: int
    copied: int


def back_up(
    context: Context,
    folder: Path,
    originals: Originals = "copied",
    say: Callable[[str], None] = lambda line: None,
) -> Made:
    """Makes a backup, or goes on with one, or brings one up to date.

    Args:
        context: The service; it may be at work.
        folder: Where to.
        originals: Whether photographs as they were sent in are copied, or stay where they are and
            are only named.
        say: Told what is done.

    Raises:
        PhotochromError: The folder holds something else or cannot be written, the database or the
            storage is away, or it has no tables yet.
    """
    with usable(folder), _ours(folder):
        copies = _Copies(context, folder, originals)
        say("copying originals and results")
        copies.copy()
        say("copying rows")
        rows = f"{ROWS}/{secrets.token_hex(8)}"
        with context.database.snapshot() as connection:
            revision = revision_of(connection)
            if revision is None:
                raise PhotochromError("the database has no tables yet", fix="start the service")
            tables = {
                table.name: _write(folder / rows / f"{table.name}.jsonl", lines)
                for table, lines in (
                    (one, lines_of(connection, one)) for one in tables_in(connection)
                )
            }
        say("copying what has come meanwhile")
        named = copies.copy()
        index = _write(folder / rows / INDEX, (json.dumps(one, sort_keys=True) for one in named))
        flush_tree(folder / rows)
        Manifest(
            photochrom=__version__,
            revision=revision,
            rows=rows,
            originals=originals,
            storage=_storage(context),
            tables=tables,
            index=index,
        ).write(folder)
        _tidy(folder, rows, {str(one["sha256"]) for one in named if one["sha256"]})
    return Made(sum(one.lines for one in tables.values()), len(named), copies.copied)


class _Copies:
    """Blobs in a folder, by digest, and what is known of them from runs before."""

    def __init__(self, context: Context, folder: Path, originals: Originals):
        self._blobs = context.blobs
        self._folder = folder
        self._originals = originals
        self._known = dict(_known(folder / _KNOWN))
        self.copied = 0

    def copy(self) -> list[dict[str, object]]:
        """Copies what is not there yet; returns all that is in the storage."""
        named: list[dict[str, object]] = []
        with (self._folder / _KNOWN).open("a", encoding="utf-8") as notes:
            for name, size, mark in self._blobs.names():
                sha256 = ""
                if self._originals == "copied" or not is_original(name):
                    found = self._known.get((name, mark))
                    if found is None or not self._is_there(found, size):
                        try:
                            found = self._copy(name)
                        except NotFoundError:
                            continue  # It was removed a moment ago.
                        self._known[name, mark] = found
                        print(json.dumps([name, mark, found]), file=notes, flush=True)
                    sha256 = found
                    size = blob_path(self._folder, found).stat().st_size
                named.append({"name": name, "bytes": size, "sha256": sha256})
        return sorted(named, key=lambda one: str(one["name"]))

    def _is_there(self, sha256: str, size: int) -> bool:
        path = blob_path(self._folder, sha256)
        return path.is_file() and path.stat().st_size == size

    def _copy(self, name: str) -> str:
        """Copies one; returns its digest."""
        with part_of(self._folder / BLOBS / "copy", flush=False) as part:
            digest = hashlib.sha256()
            with part.open("xb") as file:
                for piece in self._blobs.read(name):
                    digest.update(piece)
                    file.write(piece)
            path = blob_path(self._folder, digest.hexdigest())
            if not path.exists():
                flush_file(part)
                path.parent.mkdir(parents=True, exist_ok=True)
                part.rename(path)
            part.unlink(missing_ok=True)
        self.copied += 1
        return digest.hexdigest()


@contextmanager
def _ours(folder: Path) -> Iterator[None]:
    """The folder, for one backup at a time."""
    known = {NAME, ROWS, BLOBS, _KNOWN, _LOCK}
    folder.mkdir(parents=True, exist_ok=True)
    strange = sorted(
        one.name for one in folder.iterdir() if one.name not in known and not is_part(one)
    )
    if strange:
        raise PhotochromError(
            f"holds something else ({strange[0]})", where=folder, fix="name an empty folder"
        )
    try:
        with FileLock(folder / _LOCK, timeout=0):
            for one in (folder, folder / BLOBS):
                sweep_parts(one)
            yield
    except Timeout:
        raise PhotochromError(
            "another backup is at work there", where=folder, fix="wait until it has ended"
        ) from None


def _known(notes: Path) -> Iterator[tuple[tuple[str, str], str]]:
    if not notes.exists():
        return
    for line in notes.read_text("utf-8").splitlines():
        try:
            name, mark, sha256 = json.loads(line)
        except ValueError:
            continue  # Whoever wrote it was stopped in the middle.
        yield (name, mark), sha256


def _write(path: Path, lines: Iterable[str]) -> Lines:
    digest, count = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for line in lines:
            written = line.encode() + b"\n"
            digest.update(written)
            file.write(written)
            count += 1
    return Lines(lines=count, sha256=digest.hexdigest())


def _storage(context: Context) -> str:
    settings = context.settings
    return settings.storage or str((settings.data / "blobs").resolve())


def _tidy(folder: Path, rows: str, wanted: set[str]) -> None:
    """Removes what the backup that holds now does not need."""
    for one in (folder / ROWS).iterdir():
        if one.name != Path(rows).name:
            shutil.rmtree(one)
    for path in (folder / BLOBS).glob("*/*"):
        if path.name not in wanted:
            path.unlink()
