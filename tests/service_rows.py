"""Rows for every table of the service, whatever tables there are: for migrations and backups.

    python tests/service_rows.py

writes a database of the newest revision, as SQL, to `tests/data`: what later releases have to be
able to upgrade. It is run once for each release.
"""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    Numeric,
    insert,
    select,
)

from photochrom.service.backup.cells import tables_in
from photochrom.service.backup.restoring import go_on
from photochrom.service.core.database import Database
from photochrom.service.migrations import migrating, revisions, upgrade

DATA = Path(__file__).parent / "data"
_EACH = 3
_TEXTS = ("plain", "Zürich, 'Bahnhof' \"1889\"; \\ 東京", "two\nlines\tand a tab")


def fill(connection: Connection) -> None:
    """Some rows in every table; whatever may be empty is so in one of them."""
    given: dict[tuple[str, str], list[Any]] = {}
    for table in tables_in(connection):
        rows = [
            {column.name: _value(column, number, given) for column in table.columns}
            for number in range(_EACH)
        ]
        connection.execute(insert(table), rows)
        go_on(connection, table)
        for column in table.columns:
            given[table.name, column.name] = [row[column.name] for row in rows]


def _value(column: Column[Any], number: int, given: dict[tuple[str, str], list[Any]]) -> Any:
    if column.foreign_keys:
        other = next(iter(column.foreign_keys)).column
        found = given.get((other.table.name, other.name))
        return None if found is None or (column.nullable and number == 0) else found[number]
    if column.nullable and number == 0:
        return None
    if isinstance(column.type, JSON):
        return [{"a": [1, 2.5, None]}, [], _TEXTS][number]
    if isinstance(column.type, DateTime):
        return datetime(2026, 3, 29, 1, 59, 59, 123000, UTC) + timedelta(days=number)
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, (Integer, Numeric, Float)):
        return 7 + number * number
    if getattr(column.type, "python_type", str) is bytes:
        return bytes([0, 255, number])
    length = getattr(column.type, "length", None) or 100
    return f"{number}{column.name[:8]}{_TEXTS[number]}"[:length]


def rows_in(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All that is in a database, by table."""
    with database.snapshot() as connection:
        return {
            table.name: [
                {name: _same(value) for name, value in row._mapping.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables_in(connection)
        }


def _same(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def main() -> None:
    """Writes the dump of the newest revision."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "service.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        with migrating(database) as connection:
            fill(connection)
        database.close()
        target = DATA / f"service_{revisions()[-1]}.sql"
        target.parent.mkdir(exist_ok=True)
        with sqlite3.connect(path) as found:
            target.write_text("\n".join(found.iterdump()) + "\n")
    print(target)


if __name__ == "__main__":
    sys.exit(main())
