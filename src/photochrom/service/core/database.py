"""The database: SQLite on one machine, PostgreSQL for several; the same code for both.

Every session belongs to one organization, or says that it is `EVERYONE`'s. The scope is held here,
below every query: rows of other organizations are not found, not changed and not deleted, whatever
a query forgets, and a session without a scope that asks for owned rows is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Delete, Engine, Update, create_engine, event, text
from sqlalchemy import Table as CoreTable
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.sql.visitors import iterate

from photochrom.errors import PhotochromError
from photochrom.service.core import sqlite
from photochrom.service.core.problems import FullError, InvalidError, UnavailableError
from photochrom.service.core.races import as_conflict
from photochrom.service.core.tables import Owned
from photochrom.service.core.texts import unfit
from photochrom.service.core.turns import Turns

EVERYONE: Final = "*"
"""Scope of sessions that see all organizations: the executors', and who signs in."""

_SCOPE = "organization"
_TURNS, _TURN = "turns", "turn"
_LOCK = 0x70686F746F
"""PostgreSQL's advisory lock of whoever writes events, so that they are seen in their order."""

CONNECTIONS: Final = 70
"""To PostgreSQL, at most: more than requests can hold from one thread to the next (`Context`)."""

_DISK_FULL = "53100"
"""What PostgreSQL says then."""


class ScopeError(RuntimeError):
    """A mistake of ours: rows of organizations are touched without saying whose."""


class Database:
    """Where rows are.

    Args:
        url: `sqlite:///FILE` or `postgresql+psycopg://...`.

    Raises:
        PhotochromError: The URL is none, or of another database.
    """

    def __init__(self, url: str):
        self.url = _url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._read, self._write = sqlite.readers(self.url), sqlite.writers(self.url)
            self._note = sqlite.writers(self.url, safely=False)
        else:
            self._read = self._write = self._note = create_engine(
                self.url, pool_pre_ping=True, pool_size=10, max_overflow=CONNECTIONS - 10
            )
        self._turns = Turns() if self.is_sqlite else None
        for engine in self._engines():
            event.listen(engine, "before_cursor_execute", _fit)

    @property
    def engine(self) -> Engine:
        """For migrations."""
        return self._write

    @contextmanager
    def reading(self, organization: str | None) -> Iterator[Session]:
        """A session that changes nothing.

        Args:
            organization: Whose rows it sees; `EVERYONE`; None for tables that nobody owns.

        Raises:
            UnavailableError: The database does not answer.
        """
        with _plainly(), _Scoped(self._read, organization) as session:
            yield session

    @contextmanager
    def writing(self, organization: str | None) -> Iterator[Session]:
        """A session that is committed at the end of the block, unless that raises.

        Writers of SQLite come one after the other from the beginning: one that has read first and
        then wants to write would be refused when another has written meanwhile. Those of this
        process come in the order of their first statements; a session that has not asked anything
        yet keeps nobody waiting.

        Args:
            organization: As for `reading`.

        Raises:
            ConflictError: Somebody else has just made the same, or removed what it has to do with.
            UnavailableError: The database does not answer, or has no room left (`FullError`).
        """
        with _plainly(), _Scoped(self._write, organization, self._turns) as session:
            yield session
            session.commit()

    @contextmanager
    def noting(self, organization: str | None) -> Iterator[Session]:
        """The same as `writing`, for what says who is at work just now: it need not outlive the
        machine's power, with which they end as well, and so nobody waits for the disk."""
        with _plainly(), _Scoped(self._note, organization, self._turns) as session:
            if not self.is_sqlite:
                session.execute(text("SET LOCAL synchronous_commit TO off"))
            yield session
            session.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All tables as they are at one moment, however long they are read and whatever others
        write meanwhile; nobody waits for it.

        Raises:
            UnavailableError: The database does not answer.
        """
        with _plainly(), self._read.connect() as connection:
            if not self.is_sqlite:
                # For SQLite's log of writes every transaction that reads is one.
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    def answers(self) -> bool:
        """Whether the database answers."""
        try:
            with self._read.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (DBAPIError, NoConnectionError):
            return False
        return True

    def close(self) -> None:
        """Lets go of all connections."""
        for engine in self._engines():
            engine.dispose()

    def _engines(self) -> set[Engine]:
        return {self._read, self._write, self._note}


def in_order(session: Session) -> None:
    """Lets those who write numbered events come one after the other, until the end of the session:
    a reader that has seen number 7 must not find number 6 later. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def changed(session: Session, change: Update | Delete) -> int:
    """How many rows a change has reached; it is made now."""
    return int(getattr(session.execute(change), "rowcount"))  # noqa: B009


class _Scoped(Session):
    def __init__(self, engine: Engine, organization: str | None, turns: Turns | None = None):
        super().__init__(engine, expire_on_commit=False)
        self.info |= {_SCOPE: organization, _TURNS: turns}


@event.listens_for(_Scoped, "after_transaction_create")
def _begun(session: Session, transaction: SessionTransaction) -> None:
    turns: Turns | None = session.info[_TURNS]
    if turns is not None and transaction.parent is None:
        if not turns.take(sqlite.TURN_SECONDS):
            raise UnavailableError("too many want to write at once")
        session.info[_TURN] = transaction


@event.listens_for(_Scoped, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if session.info.get(_TURN) is transaction:
        del session.info[_TURN]
        session.info[_TURNS].give()


@event.listens_for(_Scoped, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    organization = state.session.info[_SCOPE]
    if organization == EVERYONE:
        return
    # What is asked for is looked for in the whole statement: `all_mappers` has nothing of
    # `select(count()).select_from(Member)`, of joins and of queries inside of others.
    statement: Any = state.statement
    owned = {
        part.name
        for part in iterate(statement)
        if isinstance(part, CoreTable) and "organization_id" in part.c
    }
    if owned and organization is None:
        raise ScopeError(f"{min(owned)} asked for by nobody's session")
    if not state.is_orm_statement:
        if owned:
            raise ScopeError(f"{min(owned)} asked for below the classes, where no scope holds")
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            Owned,
            lambda one: one.organization_id == organization,
            include_aliases=True,
            track_closure_variables=True,
        )
    )


@event.listens_for(_Scoped, "before_flush")
def _own(session: Session, flush: UOWTransaction, instances: Any) -> None:
    organization = session.info[_SCOPE]
    for one in (*session.new, *session.dirty, *session.deleted):
        if isinstance(one, Owned) and organization not in (EVERYONE, one.organization_id):
            raise ScopeError(f"{type(one).__name__} of another organization")


def _fit(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    """Refuses what one database would take and another would not, whoever has sent it."""
    wrong = unfit(parameters)
    if wrong is not None:
        raise InvalidError(f"something in the request {wrong}", fix="take it out")


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except DataError as error:
        # A number that is too large for its column, in PostgreSQL.
        raise InvalidError("something in the request is larger than can be kept") from error
    except IntegrityError as error:
        conflict = as_conflict(error)
        if conflict is None:
            raise
        raise conflict from error
    except NoConnectionError as error:
        raise UnavailableError("all connections to the database are in use") from error
    except OperationalError as error:
        if _is_full(error):
            raise FullError from error
        # The driver's message may hold the address and the user of the database.
        raise UnavailableError("the database does not answer now") from error


def _is_full(error: OperationalError) -> bool:
    """Whether it is for want of room that the database takes nothing."""
    code, state = (getattr(error.orig, name, None) for name in ("sqlite_errorcode", "sqlstate"))
    return code == sqlite3.SQLITE_FULL or state == _DISK_FULL


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        # It may hold a password: it is not repeated.
        raise PhotochromError(
            "is no address of a database",
            where="database",
            fix="write postgresql://USER:PASSWORD@HOST/NAME",
        ) from None
    name = url.get_backend_name()
    if name == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise PhotochromError(
        f"{name} databases are not for this",
        where="database",
        fix="take postgresql://USER:PASSWORD@HOST/NAME, or leave it out for SQLite in a file",
    )
