"""Removing from a cache what nobody needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from photochrom.cachedir import cache_place
from photochrom.engine.bucket import BucketStore
from photochrom.engine.ledger import Ledger
from photochrom.engine.needed import needed_in
from photochrom.engine.store import FolderStore, Result

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
    needed, now = needed_in(cache), time.time()

    def may_go(one: Result) -> bool:
        return one.key not in needed and now - one.made >= days * _DAY

    removed = _forgotten(FolderStore(cache), keep_under, may_go)
    Ledger(cache).prune(DAYS * _DAY)
    return removed


def oldest_first(store: BucketStore, keep_under: int) -> int:
    """Removes the oldest results of a store of many machines until it has at most so many bytes.

    Returns:
        How many bytes were removed.

    Raises:
        PlaceError: The bucket cannot be used.
    """
    return _forgotten(store, keep_under, lambda one: True)


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


def _forgotten(
    store: FolderStore | BucketStore, keep_under: int | None, may_go: Callable[[Result], bool]
) -> int:
    """Removes what may go, the oldest first, until there is little enough; how many bytes went."""
    results = sorted(store.results(), key=lambda one: (one.made, one.key))
    before = left = sum(one.bytes for one in results)
    for one in results:
        if keep_under is not None and left <= keep_under:
            break
        if may_go(one):
            store.forget(one.key)
            left -= one.bytes
    return before - left
