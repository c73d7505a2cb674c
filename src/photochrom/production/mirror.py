"""Copies on this machine of files that lie elsewhere, and of which state of them they are copies.

A production is a small thing: what it names is brought to the machine that builds it, and lies
there as it lies in its bucket, `far/s3/BUCKET/KEY`, so that sidecars are beside their scans.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from photochrom.cachedir import cache_place
from photochrom.engine.machine import cache_folder
from photochrom.errors import PhotochromError, PlaceError
from photochrom.files import part_of
from photochrom.places import Object, Url, fetch, mark_of
from photochrom.places.url import CLOUDS, WEB

FOLDER = "far"
"""Of a cache, in which copies lie."""

_BROUGHT, _SENT = "brought", "sent"
# No system takes the first two in a name, and Windows takes none of them.
_ODD = "/\0" if os.name != "nt" else '/\0\\:<>"|?*'


@dataclass(frozen=True)
class Mirror:
    """A folder of copies.

    Attributes:
        cache: The cache that it is in.
        name: Which folder of it.
    """

    cache: Path
    name: str = FOLDER

    @classmethod
    def of_production(cls, home: Url) -> Mirror:
        """Of a production file that itself lies elsewhere: in the user's cache."""
        return cls(cache_folder(), f"{FOLDER}/{_digest(home)[:16]}")

    @property
    def root(self) -> Path:
        """The folder."""
        return self.cache / self.name

    def near(self, url: Url) -> Path:
        """Where the copy of an object, or of a folder, lies or would lie."""
        parts = [_part(url, part) for part in url.key.split("/") if part]
        if url.query:  # Two queries are two files.
            parts.insert(len(parts) - 1, f"query-{_digest(url)[:16]}")
        return self.root.joinpath(url.scheme, _part(url, url.bucket), *parts)

    def mark(self, url: Url) -> str | None:
        """What the object was like that was copied; None if no copy lies there as it was made."""
        said = self._read(_BROUGHT, url)
        try:
            return said["mark"] if said["look"] == _look(self.near(url)) else None
        except (OSError, KeyError):
            return None

    def bring(self, seen: Object) -> bool:
        """Copies an object, unless the copy of just this state lies there.

        Args:
            seen: As it was found or listed.

        Returns:
            Whether it was brought now.

        Raises:
            PlaceError: It cannot be read, or the copy cannot be written.
        """
        url, mark = seen.url, mark_of(seen)
        if self.mark(url) == mark:
            return False
        # From now on it is a copy, which goes when the object does, whatever happens on the way.
        self._write(_BROUGHT, url, {})
        path = self.near(url)
        try:
            fetch(url, path, seen.etag)
        except PlaceError as error:
            if error.kind != "changed":
                raise
            mark = mark_of(fetch(url, path))
        self._write(_BROUGHT, url, {"mark": mark, "look": _look(path)})
        return True

    def drop(self, url: Url) -> None:
        """Removes the copy of what is not there any more."""
        note = self._note(_BROUGHT, url)
        if note.is_file():
            self.near(url).unlink(missing_ok=True)
            note.unlink(missing_ok=True)

    def sent(self, url: Url) -> tuple[str, str] | None:
        """What was last brought from here to there: its mark, and the SHA-256 of its bytes."""
        said = self._read(_SENT, url)
        return (said["mark"], said["sha256"]) if said.keys() >= {"mark", "sha256"} else None

    def has_put(self, there: Object) -> bool:
        """Whether what lies there has been put there from here, and not only found there."""
        said = self._read(_SENT, there.url)
        return bool(said.get("put")) and said.get("mark") == mark_of(there)

    def note_sent(self, there: Object, sha256: str, *, found: bool = False) -> None:
        """Notes what lies there, and came from here, or was found to be the same."""
        put = not found or self.has_put(there)
        self._write(_SENT, there.url, {"mark": mark_of(there), "sha256": sha256, "put": put})

    def said(self, text: str) -> str:
        """A text for people, with URLs in the place of the paths of their copies."""
        if f"{os.sep}{FOLDER}{os.sep}" not in text:
            return text
        # The longest first: one may be the end of another.
        for root in (self.root.resolve(), self.root.absolute(), self.root):
            for scheme in (*CLOUDS, *WEB):
                text = text.replace(f"{root}{os.sep}{scheme}{os.sep}", f"{scheme}://")
        return text

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Has errors name the URLs of what they are about."""
        try:
            yield
        except PhotochromError as error:
            self.rename(error)
            raise

    def rename(self, error: PhotochromError) -> None:
        """Has an error name URLs."""
        error.what = self.said(error.what)
        error.where = None if error.where is None else self.said(error.where)
        error.fix = None if error.fix is None else self.said(error.fix)

    def _note(self, kind: str, url: Url) -> Path:
        digest = _digest(url)
        return self.root / kind / digest[:2] / f"{digest}.json"

    def _read(self, kind: str, url: Url) -> dict[str, Any]:
        try:
            said = json.loads(self._note(kind, url).read_bytes())
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def _write(self, kind: str, url: Url, said: dict[str, Any]) -> None:
        cache_place(self.cache)
        with part_of(self._note(kind, url), flush=False) as part:
            part.write_text(json.dumps({"url": str(url), **said}), encoding="utf-8")


def _digest(url: Url) -> str:
    return hashlib.sha256(f"{url}?{url.query}".encode()).hexdigest()


def _part(url: Url, part: str) -> str:
    """A part of a key as the name of a file."""
    plain = unquote(part) if url.is_web else part
    if plain in (".", "..") or (url.is_web and any(sign in plain for sign in _ODD)):
        plain = part
    return "".join(f"%{ord(sign):02X}" if sign in _ODD else sign for sign in plain)


def _look(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
