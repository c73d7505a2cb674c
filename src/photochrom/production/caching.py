"""What lies in the cache of productions, or of the user, and which of it nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import FolderStore, Result, pruning
from photochrom.engine.bucket import BucketStore
from photochrom.engine.machine import cache_folder, cache_setting
from photochrom.engine.needed import needed_in
from photochrom.errors import ProductionError
from photochrom.files import usable
from photochrom.places import Url
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
        production: The production file, or the URL of a cache in a bucket; None for the user's
            cache, where batches keep what they have in hand.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be read.
    """
    store, cache = _store_of(production)
    with usable(cache, ProductionError):
        needed = needed_in(cache)
        kinds: dict[str, list[Result]] = {}
        for one in store.results():
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
        production: As with `cached`.
        keep_under: Stop as soon as the cache has at most so many bytes, the oldest results going
            first; None: remove all that is not needed.

    Returns:
        How many bytes were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    store, cache = _store_of(production)
    with usable(cache, ProductionError):
        if isinstance(store, FolderStore):
            return pruning.prune(cache, keep_under=keep_under)
    if keep_under is None:
        raise ProductionError(
            "what other machines need of this cache is not known here",
            where=str(store.root),
            fix="say with --keep-under how much of it is to stay, whatever it is",
        )
    return pruning.oldest_first(store, keep_under)


def verify(production: Openable | None) -> tuple[Result, ...]:
    """Removes results that are not as they were when they were made; the next build makes them.

    Args:
        production: As with `cached`.

    Returns:
        Those that were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    store, cache = _store_of(production)
    with usable(cache, ProductionError):
        damaged = tuple(one for one in store.results() if not store.is_whole(one.key))
        for one in damaged:
            store.forget(one.key)
    return damaged


def _store_of(production: Openable | None) -> tuple[FolderStore | BucketStore, Path]:
    """The store that is meant, and the folder of this machine with the notes of what is needed."""
    if production is None:
        far, cache = cache_setting(), cache_folder()
    elif isinstance(production, Url) and production.is_folder:
        far, cache = production, cache_folder()
    else:
        file = opened(production, inputs=False)
        far, cache = file.far_cache, file.cache
    near = FolderStore(cache)
    return (BucketStore(far, near) if isinstance(far, Url) else near), cache
