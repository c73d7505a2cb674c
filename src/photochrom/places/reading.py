"""Reading objects, whatever happens on the way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.errors import PlaceError
from photochrom.files import part_of
from photochrom.places.access import client_of
from photochrom.places.objects import Object, described, quoted
from photochrom.places.trouble import Patience, changed, plainly
from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore import GetOptions

_PIECE = 1 << 20
_MD5 = re.compile(r"[0-9a-f]{32}")


def fetch(url: Url, path: Path, etag: str | None = None) -> Object:
    """Copies an object into a file, which is whole or not there.

    What breaks off goes on where it was. The size is verified, and the SHA-256 where we put it.

    Args:
        url: The object.
        path: The file; what lies there is replaced. Folders above it are made.
        etag: The object as it was when it was planned with; None: as it is now.

    Returns:
        What was read, with the SHA-256 of its bytes.

    Raises:
        PlaceError: It is not there, was changed (kind "changed"), or cannot be read or written.
    """
    digest = hashlib.sha256()
    try:
        with part_of(path) as part:
            with part.open("xb") as file:

                def sink(piece: bytes) -> None:
                    digest.update(piece)
                    file.write(piece)

                found = _pour(url, sink, etag)
            return _verified(found, digest.hexdigest())
    except OSError as error:
        raise PlaceError(
            f"cannot be written ({error.strerror or type(error).__name__})",
            where=path,
            fix="check the folder's permissions and the free space",
            kind="full",
        ) from error


def read(url: Url, etag: str | None = None, limit: int = 64 << 20) -> bytes:
    """The bytes of a small object; see `read_object`."""
    return read_object(url, etag, limit)[1]


def read_object(url: Url, etag: str | None = None, limit: int = 64 << 20) -> tuple[Object, bytes]:
    """A small object and its bytes, in one request, verified as with `fetch`.

    Args:
        url: The object.
        etag: See `fetch`.
        limit: Larger ones are refused.

    Raises:
        PlaceError: See `fetch`.
    """
    pieces: list[bytes] = []
    found = _pour(url, pieces.append, etag, limit)
    content = b"".join(pieces)
    return _verified(found, hashlib.sha256(content).hexdigest()), content


def stretch(url: Url, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes of an object from `start` to before `end`, in pieces, as they come.

    What breaks off goes on where it was. No digest is verified: it is of the whole.

    Args:
        url: The object.
        start: The first byte.
        end: The one after the last; None, or more than it has: to its end.

    Raises:
        PlaceError: It is not there, was changed meanwhile, or cannot be read.
    """
    patience, seen = Patience(url), None
    while end is None or start < end:
        try:
            with closing(_body(url, seen.etag if seen else None, start, end)) as body:
                here = _first(body)
                _same(here, seen, None)
                seen = here
                for piece in body:
                    assert isinstance(piece, bytes)
                    start += len(piece)
                    patience.progress()
                    yield piece
            if start >= min(here.size, here.size if end is None else end):
                return
            raise _short(here, start)
        except PlaceError as error:
            patience.after(error)


def digest_of(one: Object) -> str:
    """SHA-256 of the bytes of an object as it was found; all of it is read, unless it is known.

    Raises:
        PlaceError: See `fetch`.
    """
    if one.sha256 is not None:
        return one.sha256
    digest = hashlib.sha256()
    _pour(one.url, digest.update, one.etag)
    return digest.hexdigest()


def is_same(one: Object, source: Path | bytes, sha256: str) -> bool:
    """Whether an object has the very bytes of a file, whoever has put it there.

    What we have put says so itself. Of what other tools have copied the size and, where it is an
    MD5, the etag say so; else all of it is read.

    Args:
        one: The object.
        source: The file, or the bytes.
        sha256: Digest of those.

    Raises:
        PlaceError: See `fetch`.
        OSError: The file cannot be read.
    """
    if one.sha256 is not None:
        return one.sha256 == sha256
    if one.size != (len(source) if isinstance(source, bytes) else source.stat().st_size):
        return False
    # Of what is encrypted there, or came in parts, it is something else that may look like one.
    if _MD5.fullmatch(etag := (one.etag or "").strip('"').lower()) and _md5(source) == etag:
        return True
    return digest_of(one) == sha256


def _md5(source: Path | bytes) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    if isinstance(source, bytes):
        digest.update(source)
        return digest.hexdigest()
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _verified(found: Object, sha256: str) -> Object:
    if found.sha256 not in (None, sha256):
        raise PlaceError(
            "is not what was put there: its bytes have another SHA-256",
            where=str(found.url),
            fix="it is damaged, or was on the way",
            kind="damaged",
            transient=True,
        )
    return replace(found, sha256=sha256)


def _pour(
    url: Url, sink: Callable[[bytes], object], etag: str | None, limit: int | None = None
) -> Object:
    """Gives all bytes of an object, in order and each once, to `sink`."""
    etag = quoted(etag)
    patience = Patience(url)
    seen: Object | None = None
    done = 0
    ranges = True
    while True:
        try:
            wanted = seen.etag if seen else etag
            start = done if ranges else 0
            with closing(_body(url, wanted, start)) as body:
                here = _first(body)
                _same(here, seen, etag)
                seen = here
                if limit is not None and here.size > limit:
                    raise PlaceError(f"has more than {limit} bytes", where=str(url), kind="full")
                for piece in body:
                    assert isinstance(piece, bytes)
                    fresh = piece[max(0, done - start) :]
                    start += len(piece)
                    done = max(done, start)
                    if fresh:
                        sink(fresh)
                        patience.progress()
            if done == here.size:
                return here
            raise _short(here, done)
        except PlaceError as error:
            if seen is not None and done == seen.size and error.transient:
                return seen
            if error.kind == "unsupported" and done and ranges:
                # Then everything comes again, and what is there already is passed over.
                ranges = False
                continue
            patience.after(error)


def _body(
    url: Url, etag: str | None, start: int, end: int | None = None
) -> Generator[Object | bytes, None, None]:
    """First what it is, then its bytes from `start` on."""
    options: GetOptions = {}
    if end is not None:
        options["range"] = (start, end)
    elif start:
        options["range"] = {"offset": start}
    # By the rules of HTTP a weak one never matches.
    if etag is not None and not etag.startswith("W/"):
        options["if_match"] = etag
    client, key = client_of(url)
    import obstore

    with plainly(url):
        result = obstore.get(client, key, options=options)
        here = described(url, result.meta, result.attributes)
        pieces = result.stream(_PIECE)
    yield here
    while True:
        with plainly(url):
            piece = next(pieces, None)
        if piece is None:
            return
        yield bytes(piece)


def _first(body: Iterator[Object | bytes]) -> Object:
    here = next(body)
    assert isinstance(here, Object)
    return here


def _same(here: Object, seen: Object | None, etag: str | None) -> None:
    """An error if what is read now is not what was planned with, or read before."""
    now = (here.etag, here.size, here.modified)
    before = now if seen is None else (seen.etag, seen.size, seen.modified)
    if etag not in (None, here.etag) or now != before:
        raise changed(here.url)


def _short(here: Object, done: int) -> PlaceError:
    return PlaceError(
        f"broke off after {done} of {here.size} bytes",
        where=str(here.url),
        fix="check the network, and run again",
        kind="unreachable",
        transient=True,
    )
