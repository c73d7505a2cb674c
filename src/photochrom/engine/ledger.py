"""Digests of files, remembered for as long as the files look the same.

Hashing three hundred scans takes minutes, asking the file system whether they changed takes
milliseconds. A file counts as unchanged if its size, its inode and its times of modification and of
status change are the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock

from photochrom.cachedir import cache_place
from photochrom.files import part_of, sha256_of

# A file modified this shortly before it was hashed may be modified again without its times
# changing, because file systems count in ticks; its digest is not remembered.
_TICK_NS = 50_000_000

_MOST = 32
"""Digests that are remembered of what was put at one path."""


@dataclass(frozen=True)
class _Look:
    size: int
    inode: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True)
class _Entry:
    path: str
    look: _Look | None = None
    sha256: str | None = None
    ours: tuple[str, ...] = ()
    owner: str = ""


class Ledger:
    """What is known of files outside the store; one small JSON file for each, written whole.

    Several builds may use one: an entry is read and written under a lock, so that none takes away
    what another has promised. Losing it costs time and nothing else, but for files of ours, which
    are then taken for somebody else's and left alone.

    Args:
        root: The folder to keep it in.
    """

    def __init__(self, root: Path):
        self._root = root / "ledger"
        self._lock = FileLock(self._root / "lock")  # one thread may hold it several times

    def digest(self, path: Path) -> str:
        """SHA-256 of a file's bytes, 64 lower-case hex digits.

        Raises:
            OSError: The file cannot be read.
        """
        entry = self._read(path)
        look = _look(path)
        if entry.sha256 is not None and entry.look == look:
            return entry.sha256
        sha256 = sha256_of(path)
        settled = time.time_ns() - look.mtime_ns > _TICK_NS
        if settled and _look(path) == look:
            # Whoever may read a cache and not write to it hashes once more the next time.
            with suppress(OSError):
                self._change(path, lambda entry: replace(entry, look=look, sha256=sha256))
        return sha256

    def ours(self, path: Path) -> Collection[str]:
        """Digests of what has been, or was about to be, put at a path by us."""
        return self._read(path).ours

    def owner(self, path: Path) -> str:
        """For which production something has been put at a path; empty: for none."""
        return self._read(path).owner

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps others from promising anything as long as the block lasts."""
        cache_place(self._root.parent, self._root.name)
        with self._lock:
            yield

    def promise(self, path: Path, sha256: str, owner: str = "") -> None:
        """Notes, before it is done, that a file with this digest is going to be put at a path."""
        self._change(
            path, lambda entry: replace(entry, ours=_with(entry.ours, sha256), owner=owner)
        )

    def keep_promise(self, path: Path, sha256: str) -> None:
        """Notes that it has been done.

        What was promised before stays ours: another build may just be about to keep it, and bytes
        that we have made can be made again.
        """
        look = _look(path)
        self._change(
            path,
            lambda entry: replace(entry, look=look, sha256=sha256, ours=_with(entry.ours, sha256)),
        )

    def claim(self, path: Path, sha256: str, owner: str) -> None:
        """Notes for which production a file of ours has been put at a path, where nobody did.

        Ledgers of earlier versions do not say, and a production may be gone.
        """
        entry = self._read(path)
        if sha256 not in entry.ours or entry.owner == owner or not _is_free(entry):
            return
        # Whoever cannot note it now does so the next time.
        with suppress(OSError):
            self._change(path, lambda one: replace(one, owner=owner) if _is_free(one) else one)

    def forget(self, path: Path) -> None:
        """Drops what is known of a file."""
        self._file(os.path.abspath(path)).unlink(missing_ok=True)  # noqa: PTH100 (as in _read)

    def prune(self, seconds: float) -> None:
        """Drops what is known of files that are gone, and was noted so long ago.

        What of ours lay in a folder that is not there stays known: its disk may come back.
        """
        now = time.time()
        for file in self._root.glob("*/*.json"):
            with suppress(OSError):  # Somebody else may be faster.
                if now - file.stat().st_mtime >= seconds and _is_of_nothing(_entry_in(file, "")):
                    with self.held():
                        if _is_of_nothing(_entry_in(file, "")):
                            file.unlink()

    def _file(self, absolute: str) -> Path:
        name = hashlib.sha256(absolute.encode(errors="surrogateescape")).hexdigest()
        return self._root / name[:2] / f"{name}.json"

    def _read(self, path: Path) -> _Entry:
        absolute = os.path.abspath(path)  # noqa: PTH100 (Path.absolute keeps "..")
        return _entry_in(self._file(absolute), absolute)

    def _change(self, path: Path, change: Callable[[_Entry], _Entry]) -> None:
        with self.held():
            self._write(change(self._read(path)))

    def _write(self, entry: _Entry) -> None:
        text = json.dumps(asdict(entry))
        with part_of(self._file(entry.path), flush=False) as part:
            part.write_text(text, encoding="utf-8", errors="surrogateescape")


def _entry_in(file: Path, absolute: str) -> _Entry:
    """What a file of the ledger says of a path, or of the one that it names; nothing if damaged."""
    try:
        fields = json.loads(file.read_bytes())
        look = fields["look"]
        return _Entry(
            absolute or str(fields["path"]),
            _Look(**look) if look else None,
            fields["sha256"],
            tuple(fields["ours"]),
            str(fields.get("owner", "")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return _Entry(absolute)


def _is_of_nothing(entry: _Entry) -> bool:
    """Whether an entry is of a file that is gone for good."""
    if os.path.lexists(entry.path):
        return False
    return not entry.ours or Path(entry.path).parent.is_dir()


def _with(ours: tuple[str, ...], sha256: str) -> tuple[str, ...]:
    """The digests and one more, the last of them the newest."""
    return (*(one for one in ours if one != sha256), sha256)[-_MOST:]


def _is_free(entry: _Entry) -> bool:
    """Whether it is for no production that exists."""
    return not entry.owner or not Path(entry.owner).is_file()


def _look(path: Path) -> _Look:
    status = path.stat()
    return _Look(status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
