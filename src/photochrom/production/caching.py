"""What lies in the cache of productions, or of the user, and which of it nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import FolderStore, Result, pruning
from photochrom.engine.machine import cache_folder
from photochrom.engine.needed import needed_in
from photochrom.errors import ProductionError
from photochrom.files import usable
from photochrom.production.bringing import Openable, opened


@dataclass(frozen=True)
class Cached:
    """Results of one kind.

    Attributes:
        kind: "picture", "attention", "segment", "sound" and the like; empty: not known.
        count: How many there are.
        bytes: Their size.
        unneeded: Size of those that no production needs as it was last built.
    """

    kind: str
    count: int
    bytes: int
    unneeded: int


def cached(production: Openable | None) -> tuple[Cached, ...]:
    """What lies in the cache of a production, the largest kind first.

    Args:
        production: The production file; None for the user's cache, where batches keep what they
            have in hand.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be read.
    """
    cache = _cache_of(production)
    with usable(cache, ProductionError):
        needed = needed_in(cache)
        kinds: dict[str, list[Result]] = {}
        for one in FolderStore(cache).results():
            kinds.setdefault(one.kind, []).append(one)
    found = (
        Cached(
            kind,
            len(results),
            sum(one.bytes for one in results),
            sum(one.bytes for one in results if one.key not in needed),
        )
        for kind, results in kinds.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.bytes, one.kind)))


def prune(production: Openable | None, keep_under: int | None = None) -> int:
    """Removes results from the cache of a production that no production needs any more.

    Needed is what a production that shares the cache, and still exists, asked for when it was last
    built, previewed or exported; also in a build that is under way or was stopped.

    Args:
        production: The production file; None for the user's cache.
        keep_under: Stop as soon as the cache has at most so many bytes, the oldest results going
            first; None: remove all that is not needed.

    Returns:
        How many bytes were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    cache = _cache_of(production)
    with usable(cache, ProductionError):
        return pruning.prune(cache, keep_under=keep_under)


def verify(production: Openable | None) -> tuple[Result, ...]:
    """Removes results that are not as they were when they were made; the next build makes them.

    Args:
        production: The production file; None for the user's cache.

    Returns:
        Those that were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    store = FolderStore(_cache_of(production))
    with usable(store.root, ProductionError):
        damaged = tuple(one for one in store.results() if not store.is_whole(one.key))
        for one in damaged:
            store.forget(one.key)
    return damaged


def _cache_of(production: Openable | None) -> Path:
    return cache_folder() if production is None else opened(production, inputs=False).cache
