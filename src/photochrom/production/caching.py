"""What lies in the cache of productions, and which of it nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photochrom.engine import FolderStore, Result
from photochrom.errors import ProductionError
from photochrom.files import usable
from photochrom.production.file import ProductionFile
from photochrom.production.needed import needed_in


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


def cached(production: str | Path) -> tuple[Cached, ...]:
    """What lies in the cache of a production, the largest kind first.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be read.
    """
    store, needed = _opened(production)
    with usable(store.root, ProductionError):
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


def prune(production: str | Path, keep_under: int | None = None) -> int:
    """Removes results from the cache of a production that no production needs any more.

    Needed is what a production that shares the cache, and still exists, asked for when it was last
    built, previewed or exported; also in a build that is under way or was stopped.

    Args:
        production: The production file.
        keep_under: Stop as soon as the cache has at most so many bytes, the oldest results going
            first; None: remove all that is not needed.

    Returns:
        How many bytes were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    store, needed = _opened(production)
    with usable(store.root, ProductionError):
        results = sorted(store.results(), key=lambda one: (one.made, one.key))
        before = left = sum(one.bytes for one in results)
        for one in results:
            if keep_under is not None and left <= keep_under:
                break
            if one.key not in needed:
                store.forget(one.key)
                left -= one.bytes
    return before - left


def verify(production: str | Path) -> tuple[Result, ...]:
    """Removes results that are not as they were when they were made; the next build makes them.

    Returns:
        Those that were removed.

    Raises:
        ProductionError: The file is not a production, or the cache cannot be used.
    """
    store, _ = _opened(production)
    with usable(store.root, ProductionError):
        damaged = tuple(one for one in store.results() if not store.is_whole(one.key))
        for one in damaged:
            store.forget(one.key)
    return damaged


def _opened(production: str | Path) -> tuple[FolderStore, set[str]]:
    cache = ProductionFile.open(production).cache
    return FolderStore(cache), needed_in(cache)
