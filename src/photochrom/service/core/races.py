"""Two who make the same thing at once: the database lets one of them, and here is said what the
other is told.

What may be there only once is said by the tables. Their words for whoever comes second stand beside
it: `UniqueConstraint(..., info=taken("they are a member already"))`.
"""

from __future__ import annotations

import sqlite3
from enum import Enum
from typing import Any, Final

from sqlalchemy import Table as CoreTable
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from photochrom.service.core.problems import ConflictError
from photochrom.service.core.tables import Table

_INFO: Final = "taken"


class Broken(Enum):
    """What a change would have broken."""

    UNIQUE = "unique"
    """There is one already."""
    REFERENCE = "reference"
    """It names what is gone, or what others still name is to go."""


_SQLITE: Final = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: Broken.UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: Broken.UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: Broken.REFERENCE,
}
_POSTGRESQL: Final = {"23505": Broken.UNIQUE, "23503": Broken.REFERENCE}


def taken(said: str) -> dict[str, Any]:
    """What a unique constraint or column says to whoever is not the first.

    Args:
        said: What is there already, for people.
    """
    return {_INFO: said}


def broken(error: IntegrityError) -> Broken | None:
    """What a change would have broken; None if that is no matter of who came first, but a mistake
    of ours."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code)
    return _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "")


def as_conflict(error: IntegrityError) -> ConflictError | None:
    """What somebody is told who was not the first; None if that is not what it is about."""
    what = broken(error)
    if what is Broken.REFERENCE:
        return ConflictError(
            "something that it has to do with was removed just now, or is still in use",
            fix="look at it again",
        )
    if what is Broken.UNIQUE:
        return ConflictError(_said(error), fix="look at what is there")
    return None


def words() -> dict[str, str | None]:
    """What is said of each thing that may be there only once, by the constraint's name; None where
    its table says nothing."""
    return {
        str(constraint.name): _words_of(constraint)
        for table in Table.metadata.tables.values()
        for constraint in _unique(table)
    }


def _said(error: IntegrityError) -> str:
    name = _name(error)
    return words().get(name) or "it has been made already, by somebody else at the same time"


def _name(error: IntegrityError) -> str:
    """The name of the constraint; SQLite tells the columns."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    _, _, listed = str(error.orig).partition("failed: ")
    columns = [one.partition(".") for one in listed.split(", ")]
    table = Table.metadata.tables.get(columns[0][0])
    for constraint in () if table is None else _unique(table):
        if {one.name for one in constraint.columns} == {name for _, _, name in columns}:
            return str(constraint.name)
    return ""


def _unique(table: CoreTable) -> list[UniqueConstraint]:
    return [one for one in table.constraints if isinstance(one, UniqueConstraint)]


def _words_of(constraint: UniqueConstraint) -> str | None:
    found = constraint.info.get(_INFO)
    if found is None and len(constraint.columns) == 1:  # Of one that a column says of itself.
        found = next(iter(constraint.columns)).info.get(_INFO)
    return found
