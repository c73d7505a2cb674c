"""Connections to SQLite: many read while one writes."""

from __future__ import annotations

import random
import sqlite3
import time
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

_AGAIN_SECONDS: Final = (0.001, 0.004)
"""How soon a writer asks again whether the others have done."""

_CACHE_KIB: Final = 128
"""Of pages that a connection keeps in memory. There are as many connections as requests at a time,
and each forgets its pages whenever another process has written; the system keeps them anyway."""


def readers(url: URL) -> Engine:
    """Connections of those who change nothing, and wait for nobody."""
    engine = _engine(url, most=60)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def writers(url: URL, *, safely: bool = True) -> Engine:
    """Connections of those who write: as good as one, since writers come one after the other.

    Args:
        url: Where the database is.
        safely: Whether what is committed is on the disk then. Without, it survives the end of all
            processes, but may be lost with the machine's power, with all that came after it until
            somebody commits safely.
    """
    engine = _engine(url, most=5, synchronous="FULL" if safely else "NORMAL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        _let_others_end(connection)

    return engine


def _engine(url: URL, most: int, synchronous: str = "FULL") -> Engine:
    assert url.database is not None
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False},
        pool_size=max(1, most // 3),
        max_overflow=most - most // 3,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # SQLAlchemy begins, not the driver.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")

    return engine


def _let_others_end(connection: Connection) -> None:
    """Begins to write, as soon as no other process does.

    SQLite asks again after pauses that grow to a tenth of a second. Among several processes that
    write a few milliseconds each, the database is idle most of that time.
    """
    plain = connection.connection.dbapi_connection
    assert isinstance(plain, sqlite3.Connection)
    end = time.monotonic() + _WAIT_SECONDS
    plain.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                plain.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                # In the lower byte: there are several ways to be busy.
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > end:
                    break
            time.sleep(random.uniform(*_AGAIN_SECONDS))
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Says once more what is wrong, as its own.
    finally:
        plain.execute(f"PRAGMA busy_timeout={1000 * _WAIT_SECONDS}")
