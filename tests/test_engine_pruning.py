"""Pruning: what nobody needs goes, and nothing else."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from photochrom.engine import FolderStore, Ledger
from photochrom.engine.needed import Needed
from photochrom.engine.pruning import DAYS, prune, prune_now_and_then

KEYS = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3)]


def put(store: FolderStore, key: str, days: float) -> None:
    """A result that was made so many days ago."""
    with store.writing(key) as folder:
        (folder / "text").write_text(key)
    made_ago(store.path(key), days)


def made_ago(path: Path, days: float) -> None:
    then = time.time() - days * 24 * 60 * 60
    os.utime(path, (then, then))


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A cache with an old result, an old one that a production needs, and a young one."""
    store = FolderStore(tmp_path / "cache")
    production = tmp_path / "production.toml"
    production.touch()
    Needed(store.root, production, "build").add([KEYS[1]])
    for key, days in zip(KEYS, (DAYS + 1, DAYS + 1, DAYS - 1), strict=True):
        put(store, key, days)
    return store


def keys(store: FolderStore) -> set[str]:
    return {one.key for one in store.results()}


def test_what_is_old_and_not_needed_goes_once_a_day(store: FolderStore) -> None:
    prune_now_and_then(store.root)
    assert keys(store) == {KEYS[1], KEYS[2]}
    put(store, KEYS[0], DAYS + 1)
    prune_now_and_then(store.root)
    assert keys(store) == set(KEYS)
    for days in (2, -2):  # and whatever the clock was set to
        made_ago(store.root / "ledger" / "pruned", days)
        prune_now_and_then(store.root)
        assert keys(store) == {KEYS[1], KEYS[2]}
        put(store, KEYS[0], DAYS + 1)


def test_all_that_is_not_needed_goes_when_somebody_asks(store: FolderStore) -> None:
    assert prune(store.root) > 0
    assert keys(store) == {KEYS[1]}


def test_what_is_known_of_files_that_are_gone_is_dropped(tmp_path: Path) -> None:
    cache, away = tmp_path / "cache", tmp_path / "disk" / "away"
    ledger = Ledger(cache)
    away.mkdir(parents=True)
    names = ["there", "gone", "published", "disk/away/scan", "disk/away/film", "new"]
    for path in (tmp_path / name for name in names):
        path.write_text(path.name)
        os.utime(path, (0, 0))
        ledger.digest(path)
    ledger.promise(tmp_path / "published", KEYS[0])
    ledger.promise(away / "film", KEYS[0])
    for entry in (cache / "ledger").glob("*/*.json"):
        made_ago(entry, DAYS + 1)
    (tmp_path / "new").unlink()
    ledger.promise(tmp_path / "new", KEYS[0])
    for path in (tmp_path / "gone", tmp_path / "published", away / "scan", away / "film"):
        path.unlink()
    away.rmdir()
    assert len(list((cache / "ledger").glob("*/*.json"))) == 6
    prune(cache)
    assert len(list((cache / "ledger").glob("*/*.json"))) == 3
    assert list(ledger.ours(away / "film")) == [KEYS[0]]  # Its disk may come back.
    assert list(ledger.ours(tmp_path / "new")) == [KEYS[0]]
    assert list(ledger.ours(tmp_path / "published")) == []
