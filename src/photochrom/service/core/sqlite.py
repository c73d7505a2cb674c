"""Connections to SQLite: many read while one writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

TURN_SECONDS: Final = 60
"""How long a writer waits for its turn among those of its process."""

_WAIT_SECONDS: Final = 20
"""How long it then waits for other processes."""

_CACHE_KIB: Final = 128
"""Of pages that a connection keeps in memory. There are as many connections as requests at a time,
and each forgets its pages whenever another process has written; the system keeps them anyway."""


def readers(url: URL) -> Engine:
    """Connections of those who change nothing, and wait for nobody."""
    return _engine(url, "BEGIN", most=60)


def writers(url: URL) -> Engine:
    """Connections of those who write: as good as one, since writers come one after the other."""
    return _engine(url, "BEGIN IMMEDIATE", most=5)


def _engine(url: URL, begin: str, most: int) -> Engine:
    assert url.database is not None
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False},
        pool_size=most // 3,
        max_overflow=most - most // 3,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # SQLAlchemy begins, not the driver.
        connection.execute("PRAGMA journal_mode=WAL")
        # What is accepted is on the disk before the answer goes out.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
