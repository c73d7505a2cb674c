"""Results on disk, named by the digest of everything they depend on.

A result is a folder of files. It is written in a scratch folder, flushed to the disk and then moved
to its name in one step, so that whatever has a name is whole: a kill at any moment leaves scratch
behind and nothing else, and the next `sweep` removes it. Several builds may share a store. Two that
make the same result at once both succeed; the one that comes second throws its copy away.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from photochrom.cachedir import cache_place, untag
from photochrom.engine.task import Input, Stored
from photochrom.files import flush_folder, flush_tree, sha256_of
from photochrom.scratch import scratch, sweep_scratch

_SCRATCH = "scratch"
_RESULTS = "results"
_HELD = "held"
_NOTE = ".about.json"
_OURS = re.compile(r"scratch|results|held|ledger|needed|builds|far|failures\.txt|\..*")
KEY = re.compile(r"[0-9a-f]{64}")
"""What every key looks like: a SHA-256 digest."""


@dataclass(frozen=True)
class Result:
    """What a store holds under a key.

    Attributes:
        key: The key.
        kind: What it is; empty where nobody has said so.
        bytes: Its size.
        made: When, in seconds since the epoch.
    """

    key: str
    kind: str
    bytes: int
    made: float


@dataclass(frozen=True)
class FolderStore:
    """A store in a folder.

    Attributes:
        root: The folder; made with its parents when something is first written.
    """

    root: Path

    def path(self, key: str) -> Path:
        """Where the result of a key lies, or would lie."""
        if not KEY.fullmatch(key):
            raise ValueError(f"not a SHA-256 digest in hex: {key!r}")
        return self.root / _RESULTS / key[:2] / key

    def has(self, key: str) -> bool:
        """Whether there is a result of a key."""
        return self.path(key).is_dir()

    def get(self, key: str) -> Path | None:
        """The folder with the result of a key, or None if there is none yet."""
        path = self.path(key)
        return path if path.is_dir() else None

    def at_home(self) -> FolderStore:
        """This: a folder that machines share has one name on all of them."""
        return self

    def named(self, path: Path) -> Stored | None:
        """How a file of a result is named on every machine; None if it is in no result."""
        try:
            _, key, *names = path.relative_to(self.root / _RESULTS).parts
        except ValueError:
            return None
        return Stored(key, "/".join(names)) if names else None

    def lent(self, file: Input) -> Input | Stored:
        """By its path: whoever shares this folder shares the others, too."""
        return dataclasses.replace(file, path=file.path.absolute())

    def key_lent(self, file: Input) -> None:
        """None: it stays where it is."""

    @contextmanager
    def writing(self, key: str, kind: str = "", *, replace: bool = False) -> Iterator[Path]:
        """An empty folder to fill; it becomes the result when the block ends without an error."""
        target = self.path(key)
        with self.scratch() as folder:
            yield folder
            files = {name: sha256_of(path) for name, path in files_in(folder)}
            note = json.dumps({"kind": kind, "files": files})
            (folder / _NOTE).write_text(note, encoding="utf-8")
            flush_tree(folder)
            cache_place(self.root, _RESULTS)
            target.parent.mkdir(exist_ok=True)
            with self.scratch() as grave:
                if replace:
                    with suppress(FileNotFoundError):
                        target.rename(grave / "result")
                _move(folder, target)
            flush_folder(target.parent)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder that is gone, with whatever is in it, when the block ends."""
        with scratch(cache_place(self.root, _SCRATCH)) as folder:
            yield folder

    def results(self) -> Iterator[Result]:
        """All that is there."""
        folders = (self.root / _RESULTS).glob("*/*")
        for folder in sorted(path for path in folders if _is_result(path)):
            # What somebody else removes meanwhile is not there.
            with suppress(FileNotFoundError, NotADirectoryError):
                made = folder.stat().st_mtime
                size = sum(path.stat().st_size for _, path in files_in(folder))
                yield Result(folder.name, str(note_of(folder).get("kind", "")), size, made)

    def is_whole(self, key: str) -> bool:
        """Whether a result has the very files, to the byte, that were put there."""
        folder = self.path(key)
        try:
            files = note_of(folder)["files"]
            return all(sha256_of(folder / name) == digest for name, digest in files.items())
        except (OSError, KeyError):
            return False

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Keeps others who do the same from the result of a key, until the block ends."""
        folder = cache_place(self.root, _HELD)
        # A few locks for all keys: removing one would leave whoever waits for it with another.
        with FileLock(folder / f"{key[:2]}.lock"):
            yield

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
        untag(self.root, _OURS)
        return sweep_scratch(self.root / _SCRATCH)


def _move(folder: Path, target: Path) -> None:
    while True:
        try:
            folder.rename(target)
        except OSError as error:
            # Someone else made the same result in the meantime, and theirs is as good.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
                raise
            if target.is_dir():
                return
            if error.errno == errno.EACCES:
                raise
            continue  # And somebody has just taken that away, to put another in its place.
        return


def _is_result(path: Path) -> bool:
    named = KEY.fullmatch(path.name) and path.parent.name == path.name[:2]
    return bool(named) and path.is_dir()


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """The files in a result, with their names in it."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*"))
    return sorted((name, path) for name, path in found if path.is_file())


def note_of(folder: Path) -> dict[str, Any]:
    """What a result says of itself; nothing if it cannot be read."""
    try:
        said = json.loads((folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
