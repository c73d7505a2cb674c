"""Bytes on their way to a place: in one conditional request, or in parts."""

from __future__ import annotations

import hashlib
import mimetypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from photochrom.errors import PlaceError
from photochrom.files import sha256_of
from photochrom.places.access import client_of
from photochrom.places.looking import find, head
from photochrom.places.objects import ATTRIBUTE, OWNER, Object, quoted
from photochrom.places.reading import is_same
from photochrom.places.trouble import changed, plainly, taken
from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore import Attributes, PutMode

Mode = Literal["create", "replace"]

# What goes in one request is held in memory, and is conditional.
_ONE_REQUEST = 32 << 20
_PART = 8 << 20
_PARTS = 9_000
_AT_ONCE = 4
# Attributes travel in headers, which have ASCII only.
_SAFE = "/:@ "


@dataclass(frozen=True)
class Sending:
    """Bytes on their way to a place; see `put`."""

    source: Path | bytes
    size: int
    sha256: str
    url: Url
    mode: Mode
    etag: str | None
    owner: str
    attributes: Attributes

    def sent(self) -> Object:
        """Puts them there; one try."""
        return self.in_one() if self.size <= _ONE_REQUEST else self.in_parts()

    def is_in(self, found: Object | None) -> bool:
        """Whether an object has these very bytes."""
        if found is None:
            return False
        try:
            return is_same(found, self.source, self.sha256)
        except OSError as error:
            assert isinstance(self.source, Path)
            raise _unreadable(self.source, error) from error

    def refused(self) -> PlaceError:
        """What is said of others that are to stay."""
        return taken(self.url) if self.mode == "create" else changed(self.url)

    def in_one(self) -> Object:
        """In one request, which is conditional."""
        content = self.source if isinstance(self.source, bytes) else _content(self.source)
        if len(content) != self.size:
            raise _changing(self.source)
        mode: PutMode = "create" if self.mode == "create" else "overwrite"
        if self.mode == "replace" and self.etag is not None:
            mode = self._only_over_it(self.etag)
        client, key = client_of(self.url)
        import obstore

        with plainly(self.url):
            result = obstore.put(
                client, key, content, mode=mode, attributes=self.attributes, use_multipart=False
            )
        etag = quoted(result["e_tag"])
        return Object(self.url, self.size, etag, time.time(), self.sha256, self.owner)

    def _only_over_it(self, etag: str) -> PutMode:
        """Over the object of an etag alone. Google's conditions of writing name a generation, which
        its listings do not tell: one look tells both."""
        if self.url.scheme != "gs":
            return {"e_tag": etag}
        there = find(self.url)
        if there is None or there.etag != etag or there.generation is None:
            raise self.refused()
        return {"e_tag": etag, "version": there.generation}

    def in_parts(self) -> Object:
        """Parts that were sent for nothing stay hidden until the bucket's rules remove them."""
        if self._lies_there():
            return head(self.url)
        client, key = client_of(self.url, patient=True)
        import obstore

        part = max(_PART, -(-self.size // _PARTS))
        with plainly(self.url):
            writer = obstore.open_writer(
                client, key, attributes=self.attributes, buffer_size=part, max_concurrency=_AT_ONCE
            )
        digest = hashlib.sha256()

        def send(piece: bytes) -> None:
            digest.update(piece)
            with plainly(self.url):
                writer.write(piece)

        _pieces(self.source, part, send)
        if digest.hexdigest() != self.sha256:
            raise _changing(self.source)
        if not self._lies_there():
            with plainly(self.url):
                writer.close()
        found = head(self.url)
        if not self.is_in(found):
            raise self.refused()
        return found

    def _lies_there(self) -> bool:
        """Whether these very bytes do; an error if others do that are to stay."""
        found = find(self.url)
        if self.is_in(found):
            return True
        if self.mode == "create" and found is not None:
            raise self.refused()
        other = found is None or found.etag != self.etag
        if self.mode == "replace" and self.etag is not None and other:
            raise self.refused()
        return False


def sending(
    source: Path | bytes,
    url: Url,
    mode: Mode,
    etag: str | None,
    media_type: str | None,
    owner: str,
) -> Sending:
    """Bytes that are to be put somewhere; arguments as for `put`.

    Raises:
        PlaceError: The file cannot be read.
    """
    if isinstance(source, Path):
        try:
            size, sha256 = source.stat().st_size, sha256_of(source)
        except OSError as error:
            raise _unreadable(source, error) from error
    else:
        size, sha256 = len(source), hashlib.sha256(source).hexdigest()
    guessed = media_type or mimetypes.guess_type(url.name)[0] or "application/octet-stream"
    attributes: Attributes = {"Content-Type": guessed, ATTRIBUTE: sha256}
    if owner:
        attributes[OWNER] = quote(owner, safe=_SAFE)
    return Sending(source, size, sha256, url, mode, quoted(etag), owner, attributes)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _pieces(source: Path | bytes, size: int, take: Callable[[bytes], None]) -> None:
    if isinstance(source, bytes):
        for start in range(0, len(source), size):
            take(source[start : start + size])
        return
    try:
        with source.open("rb") as file:
            while piece := file.read(size):
                take(piece)
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(path: Path, error: OSError) -> PlaceError:
    reason = error.strerror or type(error).__name__
    return PlaceError(f"cannot be read ({reason})", where=path, fix="check it", kind="source")


def _changing(source: Path | bytes) -> PlaceError:
    where = source if isinstance(source, Path) else None
    return PlaceError("changes while it is being sent", where=where, fix="run again", kind="source")
