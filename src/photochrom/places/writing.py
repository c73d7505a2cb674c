"""Putting objects where people and other machines look for them: whole, or not there."""

from __future__ import annotations

import hashlib
import mimetypes
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from photochrom.errors import PlaceError
from photochrom.files import sha256_of
from photochrom.places.access import client_of, same_service
from photochrom.places.objects import ATTRIBUTE, Object, quoted
from photochrom.places.reading import fetch, find, head, listed
from photochrom.places.trouble import Patience, changed, plainly, taken
from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore import Attributes, PutMode

Mode = Literal["create", "replace"]

# What goes in one request is held in memory, and is conditional.
_ONE_REQUEST = 32 << 20
_PART = 8 << 20
_PARTS = 9_000
_AT_ONCE = 4
# Services copy by themselves what is not larger.
_COPIED_BY_SERVICE = 5 * 10**9
_REMOVED_AT_ONCE = 1000


def put(
    source: Path | bytes,
    url: Url,
    *,
    mode: Mode = "create",
    etag: str | None = None,
    media_type: str | None = None,
) -> Object:
    """Puts bytes somewhere, with their SHA-256 as an attribute; the very bytes twice is no error.

    Up to 32 MiB it is one conditional request: of many who put at once, one wins. More goes in
    parts, which the services finish without conditions: we look before we begin and before we
    finish, and whoever comes in the moment between looking and finishing loses.

    Args:
        source: A file, or the bytes.
        url: Where they are to lie.
        mode: "create": only if nothing lies there. "replace": whatever lies there goes.
        etag: With "replace": only if what lies there is still this one.
        media_type: "image/tiff" and the like; None: by the name's ending.

    Returns:
        What lies there now. Unless it lay there before, `modified` is by this machine's clock.

    Raises:
        PlaceError: Something else lies there (kind "taken", or "changed" with an etag), or it
            cannot be written.
    """
    _writable(url)
    if url.is_folder:
        raise PlaceError(
            "is a folder", where=str(url), fix="name an object in it", kind="unsupported"
        )
    sending = _sending(source, url, mode, etag, media_type)
    patience = Patience(url)
    while True:
        try:
            return sending.in_one() if sending.size <= _ONE_REQUEST else sending.in_parts()
        except PlaceError as error:
            if error.kind not in ("taken", "changed", "missing"):
                patience.after(error)
                continue
            # It may be ours: an answer was lost, or somebody else makes the same.
            found = find(url)
            if sending.is_in(found):
                assert found is not None
                return found
            if found is not None or mode == "replace":
                raise sending.refused() from None
            error.transient = True
            patience.after(error)


@dataclass(frozen=True)
class _Sending:
    """Bytes on their way to a place."""

    source: Path | bytes
    size: int
    sha256: str
    url: Url
    mode: Mode
    etag: str | None
    attributes: Attributes

    def is_in(self, found: Object | None) -> bool:
        return found is not None and (found.size, found.sha256) == (self.size, self.sha256)

    def refused(self) -> PlaceError:
        return taken(self.url) if self.mode == "create" else changed(self.url)

    def in_one(self) -> Object:
        content = self.source if isinstance(self.source, bytes) else _content(self.source)
        if len(content) != self.size:
            raise _changing(self.source)
        mode: PutMode = "create" if self.mode == "create" else "overwrite"
        if self.mode == "replace" and self.etag is not None:
            mode = {"e_tag": self.etag}
        client, key = client_of(self.url)
        import obstore

        with plainly(self.url):
            result = obstore.put(
                client, key, content, mode=mode, attributes=self.attributes, use_multipart=False
            )
        return Object(self.url, self.size, quoted(result["e_tag"]), time.time(), self.sha256)

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


def _sending(
    source: Path | bytes, url: Url, mode: Mode, etag: str | None, media_type: str | None
) -> _Sending:
    if isinstance(source, Path):
        try:
            size, sha256 = source.stat().st_size, sha256_of(source)
        except OSError as error:
            raise _unreadable(source, error) from error
    else:
        size, sha256 = len(source), hashlib.sha256(source).hexdigest()
    guessed = media_type or mimetypes.guess_type(url.name)[0] or "application/octet-stream"
    attributes: Attributes = {"Content-Type": guessed, ATTRIBUTE: sha256}
    return _Sending(source, size, sha256, url, mode, quoted(etag), attributes)


def copy(source: Url, target: Url, *, mode: Mode = "create") -> Object:
    """Copies an object; within a bucket the service does it, else it comes through this machine.

    A service copies without conditions: we look whether something lies there, and then it copies.

    Args:
        source: From where.
        target: To where.
        mode: As with `put`; the very bytes twice is no error.

    Raises:
        PlaceError: See `put` and `fetch`.
    """
    _writable(target)
    here = head(source)
    if not same_service(source, target) or here.size > _COPIED_BY_SERVICE:
        with tempfile.TemporaryDirectory(prefix="photochrom-") as folder:
            file = Path(folder) / "object"
            fetch(source, file, here.etag)
            return put(file, target, mode=mode)
    import obstore

    patience = Patience(target)
    while True:
        there = find(target)
        alike = here.sha256 is not None and there is not None and there.sha256 == here.sha256
        if there is not None and alike:
            return there
        if there is not None and mode == "create":
            raise taken(target)
        try:
            (client, key), (_, to) = client_of(source), client_of(target)
            with plainly(source):
                obstore.copy(client, key, to)
            return head(target)
        except PlaceError as error:
            patience.after(error)


def remove(url: Url) -> None:
    """Removes an object; no error if there is none.

    Raises:
        PlaceError: It cannot be removed.
    """
    _writable(url)
    _remove(url, [url])


def remove_all(folder: Url) -> int:
    """Removes all objects below a folder; returns how many.

    Raises:
        PlaceError: It is a bucket as a whole, which nobody means, or it cannot be done.
    """
    _writable(folder)
    if not folder.key:
        raise PlaceError(
            "is a bucket as a whole",
            where=str(folder),
            fix="name a folder in it",
            kind="unsupported",
        )
    removed = 0
    some: list[Url] = []
    for one in listed(folder):
        some.append(one.url)
        if len(some) == _REMOVED_AT_ONCE:
            removed += _remove(folder, some)
            some = []
    return removed + _remove(folder, some)


def _remove(place: Url, urls: list[Url]) -> int:
    patience = Patience(place)
    while urls:
        try:
            client, _ = client_of(place)
            import obstore

            with plainly(place):
                obstore.delete(client, [url.key.removesuffix("/") for url in urls])
            break
        except PlaceError as error:
            if error.kind == "missing" and len(urls) == 1:
                break
            if error.kind == "missing":
                return sum(_remove(place, [url]) for url in urls)
            patience.after(error)
    return len(urls)


def _writable(url: Url) -> None:
    if url.is_web:
        raise PlaceError(
            "the web is for reading only",
            where=str(url),
            fix="write to s3://, gs:// or az://",
            kind="unsupported",
        )


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
