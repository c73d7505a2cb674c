"""Looking at objects and listing them, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from photochrom.errors import PlaceError
from photochrom.places.access import client_of
from photochrom.places.objects import Object, described
from photochrom.places.trouble import Patience, plainly
from photochrom.places.url import Url

if TYPE_CHECKING:
    from obstore import GetOptions, ObjectMeta

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

    They come in the order of their keys (by UTF-8 bytes, or units of UTF-16), or folder by folder
    in the order of the names in each, as the service has it. Either way all below one folder come
    together, and the files directly in it in ascending order. A listing that breaks off goes on
    where it was.

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
    """Complains when keys do not ascend, be it as texts or as paths.

    Texts are compared by their bytes, or by units of UTF-16 as services written in JavaScript do:
    that is another order where letters beyond the first plane are among them.
    """

    def __init__(self, folder: Url):
        self._folder = folder
        self._keys = self._units = self._paths = True
        self._last: str | None = None

    def check(self, key: str) -> None:
        if self._last is not None:
            before, now = self._last.encode(), key.encode()
            self._keys &= before < now
            self._units &= self._last.encode("utf-16-be") < key.encode("utf-16-be")
            self._paths &= before.split(b"/") < now.split(b"/")
            if not (self._keys or self._units or self._paths):
                raise PlaceError(
                    f'the service lists "{key}" after "{self._last}", which is in no order',
                    where=str(self._folder),
                    fix="photochrom needs a bucket whose listings are sorted",
                    kind="unsupported",
                )
        self._last = key
