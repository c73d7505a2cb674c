"""Removing objects."""

from __future__ import annotations

from photochrom.errors import PlaceError
from photochrom.places.access import client_of
from photochrom.places.looking import listed
from photochrom.places.trouble import Patience, plainly, writable
from photochrom.places.url import Url

_REMOVED_AT_ONCE = 1000


def remove(url: Url) -> None:
    """Removes an object; no error if there is none.

    Raises:
        PlaceError: It cannot be removed.
    """
    writable(url)
    _remove(url, [url])


def remove_all(folder: Url) -> int:
    """Removes all objects below a folder; returns how many.

    Raises:
        PlaceError: It is a bucket as a whole, which nobody means, or it cannot be done.
    """
    writable(folder)
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
