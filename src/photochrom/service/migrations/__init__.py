"""The database's tables from release to release, up and down, on both databases.

A migration is a file in `versions/`, in the order of its number. They are made by
`python -m photochrom.service.migrations "What is new"` and then read by whoever made them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, NullPool, create_engine, event, text
from sqlalchemy.exc import OperationalError

import photochrom.service
from photochrom.errors import PhotochromError
from photochrom.service.core.database import Database
from photochrom.service.core.problems import UnavailableError
from photochrom.service.core.tables import Table

FOLDER: Final = Path(__file__).parent
VERSIONS: Final = FOLDER / "versions"

_LOCK = 0x70686D69
"""PostgreSQL's advisory lock of whoever migrates."""

_WAIT = 60
"""Seconds that whoever migrates SQLite waits for another one that does."""


def models() -> MetaData:
    """All tables of the service, of whatever domain: those in its modules called `tables`."""
    root = photochrom.service
    for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        if found.name.rpartition(".")[2] == "tables":
            importlib.import_module(found.name)
    return Table.metadata


def revisions(versions: Path = VERSIONS) -> tuple[str, ...]:
    """All revisions that this release knows, the oldest first."""
    scripts = ScriptDirectory.from_config(configured(None, versions))
    return tuple(one.revision for one in reversed(list(scripts.walk_revisions())))


def current(database: Database) -> str | None:
    """A database's revision; None if it is empty.

    Raises:
        UnavailableError: It does not answer.
    """
    with database.snapshot() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision of the database that a connection is to; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, to: str = "head", versions: Path = VERSIONS) -> None:
    """Brings a database to this release's tables; several may ask for it at the same time.

    Args:
        database: Which.
        to: A revision, for tests and for backups of earlier releases.
        versions: Where migrations are.

    Raises:
        PhotochromError: It is of a newer release.
        UnavailableError: It does not answer.
    """
    with migrating(database) as connection:
        _known(connection, versions)
        command.upgrade(configured(connection, versions), to)


def bring(connection: Connection, to: str) -> None:
    """Brings a database up to a revision, or down to "base", in a transaction of `migrating`."""
    if to == "base":
        command.downgrade(configured(connection), to)
    else:
        command.upgrade(configured(connection), to)


def downgrade(database: Database, to: str, versions: Path = VERSIONS) -> None:
    """Brings a database back to an earlier revision ("base" for none); what only newer ones can
    hold is lost.

    Raises:
        PhotochromError: It is of a newer release, or there is no such revision before it.
        UnavailableError: It does not answer.
    """
    with migrating(database) as connection:
        _known(connection, versions)
        try:
            command.downgrade(configured(connection, versions), to)
        except CommandError:
            known = ", ".join(("base", *revisions(versions)))
            raise PhotochromError(
                f"there is no revision {to!r} before that of the database", fix=f"take of {known}"
            ) from None


def configured(connection: Connection | None, versions: Path = VERSIONS) -> Config:
    """Alembic's settings; no file of them lies about."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """A transaction that nobody else migrates beside; nothing is half done when it fails.

    Raises:
        UnavailableError: The database does not answer.
    """
    if database.is_sqlite:
        engine = create_engine(database.url, poolclass=NullPool, connect_args={"timeout": _WAIT})

        @event.listens_for(engine, "connect")
        def connected(raw: object, record: object) -> None:
            raw.isolation_level = None  # type: ignore[attr-defined]
            # Changing a table of SQLite is making it anew; with this on, dropping the old one
            # deletes all rows that refer to it. It cannot be turned off within a transaction.
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        engine = create_engine(database.url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
            if database.is_sqlite:
                _refers_to_what_is_there(connection)
    except OperationalError as error:
        raise UnavailableError("the database does not answer now") from error
    finally:
        engine.dispose()


def _known(connection: Connection, versions: Path) -> None:
    found = revision_of(connection)
    if found is not None and found not in revisions(versions):
        raise PhotochromError(
            f"it was made by a newer photochrom (revision {found})",
            where="database",
            fix="install that release again, or restore a backup of this one",
        )


def _refers_to_what_is_there(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"a migration leaves rows that refer to nothing: {broken[:3]}")
