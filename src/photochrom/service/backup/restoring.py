"""Restoring a backup into an empty place.

Blobs come first and rows last, all in one transaction: a place where rows are is whole, and whoever
was stopped before that begins again and finds most blobs there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from photochrom.errors import PhotochromError
from photochrom.files import sha256_of, usable
from photochrom.service.backup.cells import rows_of, tables_in
from photochrom.service.backup.making import Made
from photochrom.service.backup.manifest import INDEX, Lines, Manifest, blob_path
from photochrom.service.context import Context
from photochrom.service.migrations import bring, migrating, revision_of, revisions

_AT_ONCE = 500

_OF_THE_MOMENT = frozenset({"chores", "executors", "one_time_links"})
"""Tables that a service fills as soon as it starts, as long as it has no accounts."""


def restore(context: Context, folder: Path, say: Callable[[str], None] = lambda line: None) -> Made:
    """Brings back a backup; goes on with what was interrupted.

    Args:
        context: The service, which is not running, with an empty database and storage.
        folder: Where the backup is.
        say: Told what is done.

    Raises:
        PhotochromError: There is no whole backup, it is damaged or of a newer release; the place is
            not empty, or cannot be written.
    """
    manifest = Manifest.read(folder)
    if manifest.revision not in revisions():
        raise PhotochromError(
            f"was made by a newer photochrom ({manifest.photochrom})",
            where=folder,
            fix="install that release",
        )
    rows = folder / manifest.rows
    with usable(folder):
        for name, wanted in manifest.tables.items():
            _verify(rows / f"{name}.jsonl", wanted)
        _verify(rows / INDEX, manifest.index)
        index = {one["name"]: one for one in map(json.loads, _lines(rows / INDEX))}
        with migrating(context.database) as connection:
            _is_empty(connection)
        say("bringing back originals and results")
        copied = _blobs(context, folder, index, manifest.storage)
    say("bringing back rows")
    with usable(folder), migrating(context.database) as connection:
        _is_empty(connection)
        bring(connection, "base")
        bring(connection, manifest.revision)
        for table in tables_in(connection):
            _fill(connection, table, rows / f"{table.name}.jsonl")
        bring(connection, "head")
    return Made(sum(one.lines for one in manifest.tables.values()), len(index), copied)


def _verify(path: Path, wanted: Lines) -> None:
    if not path.is_file() or sha256_of(path) != wanted.sha256:
        raise PhotochromError("is damaged", where=path, fix="take another backup")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def _is_empty(connection: Connection) -> None:
    if revision_of(connection) is None:
        found = [table.name for table in tables_in(connection)]
    else:
        found = [
            table.name
            for table in tables_in(connection)
            if table.name not in _OF_THE_MOMENT
            and connection.scalar(select(func.count()).select_from(table))
        ]
    if found:
        raise PhotochromError(
            f"there is something in it ({found[0]})",
            where="database",
            fix="restore into an empty one: another --data, or another database",
        )


def _blobs(context: Context, folder: Path, index: dict[str, dict[str, Any]], storage: str) -> int:
    """Puts blobs where they belong, unless they are there; returns how many."""
    there = {name: size for name, size, _ in context.blobs.names()}
    if strange := sorted(there.keys() - index.keys()):
        raise PhotochromError(
            f"there is something in it ({strange[0]})",
            where="storage",
            fix="restore into an empty one",
        )
    away = [
        name for name, one in index.items() if not one["sha256"] and there.get(name) != one["bytes"]
    ]
    if away:
        raise PhotochromError(
            f"{len(away)} originals are not in this storage, the first is {away[0]}",
            where=folder,
            fix=f"set storage to {storage}, where they were: the backup only refers to them",
        )
    copied = 0
    for name, one in index.items():
        wanted: str = one["sha256"]
        if not wanted or (there.get(name) == one["bytes"] and _digest(context, name) == wanted):
            continue
        path = blob_path(folder, wanted)
        if not path.is_file() or sha256_of(path) != wanted:
            raise PhotochromError("is damaged", where=path, fix="take another backup")
        context.blobs.put(name, path)
        copied += 1
    return copied


def _digest(context: Context, name: str) -> str:
    digest = hashlib.sha256()
    for piece in context.blobs.read(name):
        digest.update(piece)
    return digest.hexdigest()


def _fill(connection: Connection, table: Table, path: Path) -> None:
    if not path.exists():
        return  # A migration that was taken in after the backup was made.
    lines = map(rows_of(table, connection.dialect.name == "sqlite"), _lines(path))
    while some := list(islice(lines, _AT_ONCE)):
        connection.execute(insert(table), some)
    go_on(connection, table)


def go_on(connection: Connection, table: Table) -> None:
    """Lets numbers that the database gives go on from the highest that is there; SQLite does so by
    itself."""
    if connection.dialect.name != "postgresql":
        return
    quoted = connection.dialect.identifier_preparer.quote
    for column in table.primary_key.columns:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": quoted(table.name), "column": column.name},
        )
        if sequence is not None:
            highest = f"(SELECT max({quoted(column.name)}) FROM {quoted(table.name)})"
            connection.execute(
                text(f"SELECT setval(:sequence, coalesce({highest}, 1), {highest} IS NOT NULL)"),
                {"sequence": sequence},
            )
