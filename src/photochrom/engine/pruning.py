"""Removing from a cache what nobody needs."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from photochrom.cachedir import cache_place
from photochrom.engine.bucket import BucketStore
from photochrom.engine.ledger import Ledger
from photochrom.engine.needed import needed_in
from photochrom.engine.store import FolderStore

DAYS = 30
"""How long what a run that was stopped has left waits for that run to be gone on with."""

_DAY = 24 * 60 * 60
_LEDGER = "ledger"


def prune(cache: Path, *, keep_under: int | None = None, days: float = 0) -> int:
    """Removes results that no production needs, and what is known of files that are gone.

    Whoever is at work on a result that is removed makes it once more.

    Args:
        cache: The folder of results.
        keep_under: Stop as soon as the results have at most so many bytes, the oldest going first;
            None: remove all that is not needed.
        days: Spare results that are younger.

    Returns:
        How many bytes of results were removed.

    Raises:
        OSError: The cache cannot be used.
    """
    store, needed, now = FolderStore(cache), needed_in(cache), time.time()
    results = sorted(store.results(), key=lambda one: (one.made, one.key))
    before = left = sum(one.bytes for one in results)
    for one in results:
        if keep_under is not None and left <= keep_under:
            break
        if one.key not in needed and now - one.made >= days * _DAY:
            store.forget(one.key)
            left -= one.bytes
    Ledger(cache).prune(DAYS * _DAY)
    return before - left


def oldest_first(store: BucketStore, keep_under: int) -> int:
    """Removes the oldest results of a store of many machines until it has at most so many bytes.

    Returns:
        How many bytes were removed.

    Raises:
        PlaceError: The bucket cannot be used.
    """
    results = sorted(store.results(), key=lambda one: (one.made, one.key))
    before = left = sum(one.bytes for one in results)
    for one in results:
        if left <= keep_under:
            break
        store.forget(one.key)
        left -= one.bytes
    return before - left


def prune_now_and_then(cache: Path) -> None:
    """Removes, once a day, what has not been needed for `DAYS` days.

    Args:
        cache: A folder of results that nobody else clears.
    """
    # What cannot be removed is no reason not to work; it is told to whoever prunes.
    with suppress(OSError):
        mark = cache_place(cache, _LEDGER) / "pruned"
        if mark.exists() and abs(time.time() - mark.stat().st_mtime) < _DAY:
            return
        mark.touch()
        prune(cache, days=DAYS)
