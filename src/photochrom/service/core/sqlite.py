"""SQLite: many read while one writes, and those who want to write come one after the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from photochrom.service.core.problems import UnavailableError
from photochrom.service.core.turns import Turns

WAIT_SECONDS: Final = 20
"""How long a writer waits for its turn, and then for another process."""

_TURN: Final = "turn"
"""Connections that hold the turn say so."""


def readers(url: URL) -> Engine:
    """Connections of those who change nothing; they wait for nobody."""
    engine = _engine(url)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def writers(url: URL) -> Engine:
    """Connections of those who write; those of this process come in the order in which they began.

    A turn lasts from the first statement to the end of the transaction, and not longer: whoever
    has opened a session and not asked anything yet keeps nobody waiting.

    Raises:
        UnavailableError: Not here, but when one begins: too many are before it.
    """
    engine, turns = _engine(url), Turns()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if not turns.take(WAIT_SECONDS):
            raise UnavailableError("too many want to write at once")
        connection.info[_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def ended(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if record.info.pop(_TURN, False):
            turns.give()

    return engine


def _engine(url: URL) -> Engine:
    assert url.database is not None
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
        pool_size=20,
        max_overflow=40,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # SQLAlchemy begins, not the driver.
        connection.execute("PRAGMA journal_mode=WAL")
        # What is accepted is on the disk before the answer goes out.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine
