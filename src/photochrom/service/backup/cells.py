"""Rows as lines of text, the same from either database."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    cast,
    select,
)

VERSION_TABLE = "alembic_version"


def tables_in(connection: Connection) -> list[Table]:
    """The tables that are there, whatever release they are of; those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [one for one in found.sorted_tables if one.name != VERSION_TABLE]


def lines_of(connection: Connection, table: Table) -> Iterator[str]:
    """All rows of a table, by their keys' order."""
    columns = [_asked(one) for one in table.columns]
    query = select(*columns).order_by(*table.primary_key.columns)
    writers = [_writer(one) for one in table.columns]
    names = [one.name for one in table.columns]
    with connection.execute(query.execution_options(yield_per=500)) as rows:
        for row in rows:
            cells = {
                name: None if cell is None else write(cell)
                for name, write, cell in zip(names, writers, row, strict=True)
            }
            yield json.dumps(cells, ensure_ascii=False, sort_keys=True)


def rows_of(table: Table, is_sqlite: bool) -> Callable[[str], dict[str, Any]]:
    """What makes a row for a table out of a line."""
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    readers = {one.name: _reader(one, is_sqlite) for one in table.columns}

    def row(line: str) -> dict[str, Any]:
        cells: Mapping[str, Any] = json.loads(line)
        return {name: None if cell is None else readers[name](cell) for name, cell in cells.items()}

    return row


def _asked(column: Column[Any]) -> Any:
    # As text: a cell that is empty and one that holds JSON's null are not the same.
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, JSON):
        return lambda cell: [json.loads(cell)]
    if isinstance(column.type, DateTime):
        return _moment
    if isinstance(column.type, LargeBinary):
        return lambda cell: base64.b64encode(cell).decode()
    if isinstance(column.type, Numeric):
        return lambda cell: str(cell) if isinstance(cell, Decimal) else cell
    return lambda cell: cell


def _reader(column: Column[Any], is_sqlite: bool) -> Callable[[Any], Any]:
    if isinstance(column.type, JSON):
        return lambda cell: JSON.NULL if cell[0] is None else cell[0]
    if isinstance(column.type, DateTime):
        # SQLite has no time zones: its times are those of UTC, without saying so.
        zone = None if is_sqlite else UTC
        return lambda cell: datetime.fromisoformat(cell).replace(tzinfo=zone)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode
    if isinstance(column.type, Numeric):
        return lambda cell: Decimal(cell) if isinstance(cell, str) else cell
    return lambda cell: cell


def _moment(cell: datetime) -> str:
    there = cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
    return there.isoformat(timespec="microseconds")
