"""Looking at objects, listing and reading them, whatever happens on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
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
    from obstore import GetOptions, ObjectMeta

_PIECE = 1 << 20
_PAGE = 100


def find(url: Url) -> Object | None:
    """What lies there, or None; one request.

    Raises:
        PlaceError: It cannot be asked for.
    """
    patience = Patience(url)
    while True:
        try:
            client, key = client_of(url)
            import obstore

            with plainly(url):
                # Signatures of web addresses are for GET alone; nothing of the body is read.
                options: GetOptions = {} if url.is_web else {"head": True}
                result = obstore.get(client, key, options=options)
                return described(url, result.meta, result.attributes)
        except PlaceError as error:
            if error.kind == "missing":
                return None
            patience.after(error)


def head(url: Url) -> Object:
    """What lies there.

    Raises:
        PlaceError: Nothing does (kind "missing", or "bucket"), or it cannot be asked for.
    """
    found = find(url)
    if found is not None:
        return found
    if not url.is_web:
        # Answers to HEAD have no body that would say whether it is the bucket that is missing.
        next(listed(url.folder), None)
    raise PlaceError("is not there", where=str(url), fix="check the name", kind="missing")


def listed(folder: Url) -> Iterator[Object]:
    """All objects below a folder, as they come: never more than a page or two of them is held.

    They come in the order of their keys (by UTF-8 bytes), or folder by folder in the order of the
    names in each, as the service has it. Either way all below one folder come together, and the
    files directly in it in ascending order. A listing that breaks off goes on where it was.

    Raises:
        PlaceError: It cannot be listed, or comes in neither order.
    """
    if folder.is_web:
        raise PlaceError(
            "the web has no listings", where=str(folder), fix="name each file", kind="unsupported"
        )
    folder = folder.folder
    patience, order = Patience(folder), _Order(folder)
    last: str | None = None
    # Empty ones may be marks of folders, which have lost the slash that they are sorted by: nothing
    # goes on from them, and so they may come again.
    empty: set[str] = set()
    while True:
        try:
            for page in _pages(folder, last):
                patience.progress()
                for meta in page:
                    key = meta["path"]
                    if meta["size"]:
                        order.check(key)
                        last = key
                        empty.clear()
                    elif key in empty:
                        continue
                    else:
                        empty.add(key)
                    yield described(replace(folder, key=key), meta)
            return
        except PlaceError as error:
            patience.after(error)


def _pages(folder: Url, after: str | None) -> Iterator[Sequence[ObjectMeta]]:
    client, prefix = client_of(folder)
    import obstore

    with plainly(folder):
        pages = obstore.list(client, prefix or None, offset=after, chunk_size=_PAGE)
    while True:
        with plainly(folder):
            page = next(pages, None)
        if page is None:
            return
        yield page


class _Order:
    """Complains when keys do not ascend, be it as texts or as paths."""

    def __init__(self, folder: Url):
        self._folder = folder
        self._keys = self._paths = True
        self._last: str | None = None

    def check(self, key: str) -> None:
        if self._last is not None:
            before, now = self._last.encode(), key.encode()
            self._keys &= before < now
            self._paths &= before.split(b"/") < now.split(b"/")
            if not (self._keys or self._paths):
                raise PlaceError(
                    f'the service lists "{key}" after "{self._last}", which is in no order',
                    where=str(self._folder),
                    fix="photochrom needs a bucket whose listings are sorted",
                    kind="unsupported",
                )
        self._last = key


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
