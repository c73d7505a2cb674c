"""What lies in the folders of buckets, asked for with as few questions as there can be."""

from __future__ import annotations

import threading
from itertools import islice

from photochrom.errors import PlaceError
from photochrom.places import Object, Url, find, listed

# Of what lies beyond, each is asked for by its name.
_MOST = 5_000


class Shelves:
    """Folders of buckets; each is listed once, and remembered as it was then."""

    def __init__(self) -> None:
        self._seen: dict[Url, tuple[dict[Url, Object], bool]] = {}
        self._locks: dict[Url, threading.Lock] = {}
        self._lock = threading.Lock()

    def find(self, url: Url) -> Object | None:
        """What lies there, as a listing tells it, or None.

        Raises:
            PlaceError: It cannot be asked for.
        """
        if url.is_web:
            return find(url)
        with self._lock:
            lock = self._locks.setdefault(url.parent, threading.Lock())
        with lock:
            if url.parent not in self._seen:
                self._seen[url.parent] = _listed(url.parent)
            there, whole = self._seen[url.parent]
        return there.get(url) or (None if whole else find(url))


def _listed(folder: Url) -> tuple[dict[Url, Object], bool]:
    """What lies in a folder, and whether that is all."""
    try:
        found = {one.url: one for one in islice(listed(folder), _MOST)}
    except PlaceError as error:
        # Not everybody may list, who may read.
        if error.kind in ("refused", "unsupported"):
            return {}, False
        raise
    return found, len(found) < _MOST
