"""Results in a bucket, for many machines at once, with a folder on each as its cache.

    ROOT/results/ab/abcdef.../about.json     the marker: which folder holds, and what is in it
    ROOT/results/ab/abcdef.../FOLDER/file    the files of a result
    ROOT/writing/abcdef...-FOLDER            a folder that may have to be removed

Files go first, into a folder with a name that nobody else uses; the marker goes last, and only if
there is none: so what has a marker is whole, and of two who make the same result the second throws
its copy away. Whoever replaces a result puts another folder and then, in one step, another marker.
A note under `writing` is there as long as a folder may belong to no marker; what killed machines
left is found by it, without looking at all results.

Keys are digests of what a result is made of, so whoever has the same scan can work out the key of
what others made of it. Keys do not tell what others have because everybody asks under a root of
their own: a prefix for each user or organization, which their credentials do not leave. Nothing
here ever looks outside its root.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from photochrom.engine.folder import FolderStore, Result, files_in, note_of
from photochrom.engine.keys import key_of
from photochrom.engine.machine import folder_store
from photochrom.engine.marker import Marker, Markers
from photochrom.engine.task import Input, Stored
from photochrom.errors import PlaceError
from photochrom.files import sha256_of
from photochrom.places import (
    Url,
    fetch,
    find,
    listed,
    put,
    remove,
)

_INPUT = 1
_MARKED = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})/about\.json")
_WRITING = re.compile(r"([0-9a-f]{64})-([0-9a-f]{32})")
_ABANDONED_AFTER = 24 * 60 * 60
_AT_ONCE = 16


@dataclass(frozen=True)
class BucketStore:
    """A store in a bucket; see `Store`.

    It travels to workers without credentials: each finds its own.

    Attributes:
        root: A folder in a bucket.
        cache: Where results lie on this machine once they are asked for or made.
    """

    root: Url
    cache: FolderStore

    @property
    def _markers(self) -> Markers:
        return Markers(self.root)

    def path(self, key: str) -> Path:
        """Where the result of a key lies on this machine once it was asked for."""
        return self.cache.path(key)

    def has(self, key: str) -> bool:
        """Whether there is a result of a key; nothing is brought here.

        Raises:
            PlaceError: The bucket cannot be asked.
        """
        return find(self._markers.url(key)) is not None

    def get(self, key: str) -> Path | None:
        """A folder on this machine with the result of a key, or None if there is none yet.

        Raises:
            PlaceError: The bucket cannot be read, or what lies there is damaged.
        """
        before = None
        while (marker := self._markers.marker(key)) is not None:
            cached = self.cache.get(key)
            if cached is not None and note_of(cached).get("files") == marker.files:
                return cached
            try:
                return self._bring(key, marker)
            except PlaceError as error:
                # Somebody replaces or removes it meanwhile: then the marker is another.
                if error.kind != "missing":
                    raise
                if marker == before:
                    raise self._damaged(error.where) from None
                before = marker
        return None

    @contextmanager
    def writing(self, key: str, kind: str = "", *, replace: bool = False) -> Iterator[Path]:
        """An empty folder to fill; it becomes the result when the block ends without an error.

        Raises:
            PlaceError: The bucket cannot be written; then there is no result, or the old one.
        """
        with self.cache.scratch() as folder:
            yield folder
            if not replace and self.has(key):
                return
            marker = self._send(key, kind, folder)
            if self._mark(key, marker, replace):
                self._keep(key, marker, folder)
            else:
                self._markers.clear(key, marker.folder)

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder that is gone, with whatever is in it, when the block ends."""
        return self.cache.scratch()

    def held(self, key: str) -> AbstractContextManager[None]:
        """Keeps others on this machine who do the same from the result of a key."""
        return self.cache.held(key)

    def at_home(self) -> BucketStore:
        """The same on another machine, with the user's cache folder there."""
        return BucketStore(self.root, folder_store())

    def named(self, path: Path) -> Stored | None:
        """How a file of a result is named on every machine; None if it is in no result."""
        return self.cache.named(path)

    def lent(self, file: Input) -> Stored:
        """Puts a file of this machine into the bucket, as a result, unless it is there."""
        key = self.key_lent(file)
        if not self.has(key):
            with self.writing(key, "input") as folder:
                shutil.copyfile(file.path, folder / file.path.name)
        return Stored(key, file.path.name)

    def key_lent(self, file: Input) -> str:
        """Under which key a file lies here once it is lent."""
        return key_of("input", _INPUT, {"name": file.path.name}, inputs={"file": file.sha256})

    def results(self) -> Iterator[Result]:
        """All that is in the bucket, in the order of the keys.

        Raises:
            PlaceError: The bucket cannot be read.
        """
        results = self.root / "results/"
        found = (_MARKED.fullmatch(str(one.url.relative_to(results))) for one in listed(results))
        keys = (one[1] for one in found if one)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            # Not more at once than somebody asks for: there may be a million.
            for some in _batches(keys, 16 * _AT_ONCE):
                for result in pool.map(self._result, some):
                    if result is not None:
                        yield result

    def is_whole(self, key: str) -> bool:
        """Whether a result in the bucket has the very files, to the byte, that were put there.

        All of it is read.

        Raises:
            PlaceError: The bucket cannot be read.
        """
        marker = self._markers.marker(key)
        if marker is None:
            return False
        with self.cache.scratch() as folder:
            try:
                self._fetch(key, marker, folder)
            except PlaceError as error:
                if error.kind in ("missing", "damaged"):
                    return False
                raise
        return True

    def forget(self, key: str) -> None:
        """Removes a result from the bucket and from here; no error if there is none.

        Raises:
            PlaceError: It cannot be removed.
        """
        marker = self._markers.marker(key)
        if marker is not None:
            self._markers.intend(key, marker.folder)
            # What has no marker is not found, and so may be removed one by one.
            remove(self._markers.url(key))
            self._markers.clear(key, marker.folder)
        self.cache.forget(key)

    def sweep(self) -> int:
        """Removes what killed processes left half-written; returns how many folders that were.

        In the bucket that is what somebody began more than a day ago.

        Raises:
            PlaceError: The bucket cannot be swept.
        """
        swept = self.cache.sweep()
        for one in listed(self.root / "writing/"):
            named = _WRITING.fullmatch(one.url.name)
            # Clocks that differ by more than minutes are refused by the services.
            if named and time.time() - one.modified > _ABANDONED_AFTER:
                swept += self._markers.clear(named[1], named[2])
        return swept

    # -- the marker ---------------------------------------------------------------------------

    def _mark(self, key: str, marker: Marker, replace: bool) -> bool:
        """Makes what was sent the result; False if somebody else was faster."""
        while True:
            old = self._markers.marker(key) if replace else None
            try:
                if old is None:
                    put(marker.written(), self._markers.url(key))
                else:
                    self._markers.intend(key, old.folder)
                    etag = old.object.etag if old.object else None
                    put(marker.written(), self._markers.url(key), mode="replace", etag=etag)
                break
            except PlaceError as error:
                if error.kind not in ("taken", "changed"):
                    raise
                if not replace:
                    return False
        remove(self._markers.writing(key, marker.folder))
        if old is not None:
            self._markers.clear(key, old.folder)
        return True

    def _result(self, key: str) -> Result | None:
        marker = self._markers.marker(key)
        if marker is None or marker.object is None:
            return None
        size = sum(marker.sizes.values()) + marker.object.size
        return Result(key, marker.kind, size, marker.object.modified)

    # -- the files ----------------------------------------------------------------------------

    def _send(self, key: str, kind: str, folder: Path) -> Marker:
        files = files_in(folder)
        marker = Marker(
            kind,
            uuid.uuid4().hex,
            {name: sha256_of(path) for name, path in files},
            {name: path.stat().st_size for name, path in files},
        )
        self._markers.intend(key, marker.folder)
        for name, path in files:
            put(path, self._markers.below(key) / marker.folder / name)
        return marker

    def _bring(self, key: str, marker: Marker) -> Path:
        with self.cache.scratch() as folder:
            self._fetch(key, marker, folder)
            return self._keep(key, marker, folder)

    def _fetch(self, key: str, marker: Marker, folder: Path) -> None:
        for name, sha256 in marker.files.items():
            url = self._markers.below(key) / marker.folder / name
            if fetch(url, folder / name).sha256 != sha256:
                raise self._damaged(str(url))

    def _damaged(self, where: str | None) -> PlaceError:
        return PlaceError(
            "is missing, or is not the file that was put there",
            where=where,
            fix="run: photochrom cache verify",
            kind="damaged",
        )

    def _keep(self, key: str, marker: Marker, folder: Path) -> Path:
        """Moves files that are whole into the cache."""
        self.cache.forget(key)
        with self.cache.writing(key, marker.kind) as kept:
            for name in marker.files:
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).rename(kept / name)
        return self.cache.path(key)


def _batches(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    waiting = iter(keys)
    while some := list(islice(waiting, size)):
        yield some
