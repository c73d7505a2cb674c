"""The scope of a session: whatever a query looks like, it finds its own organization's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import aliased

from photochrom.service.core.database import Database, ScopeError
from photochrom.service.core.tables import Table
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Member, Organization, User

OTHER = aliased(Member)
CORE: Any = Member.__table__

COUNTS: dict[str, Callable[[], Any]] = {
    "a column": lambda: select(func.count(Member.id)),
    "rows": lambda: select(func.count()).select_from(Member),
    "rows of a join": lambda: select(func.count()).select_from(Member).join(Member.user),
    "joined to": lambda: (
        select(func.count()).select_from(User).join(Member, Member.user_id == User.id)
    ),
    "an alias": lambda: select(func.count()).select_from(OTHER),
    "a subquery": lambda: select(func.count()).select_from(select(Member).subquery()),
    "a value inside": lambda: select(select(func.count(Member.id)).scalar_subquery()),
    "existence": lambda: (
        select(func.count()).select_from(User).where(exists().where(Member.user_id == User.id))
    ),
    "membership": lambda: (
        select(func.count()).select_from(User).where(User.id.in_(select(Member.user_id)))
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    file: Path = tmp_path_factory.mktemp("scope") / "rows.db"
    database = Database(f"sqlite:///{file}")
    Table.metadata.create_all(database.engine)
    with database.writing("*") as session:
        for name in "ab":
            session.add(Organization(id=f"or_{name}", name=name))
            session.add(User(id=f"us_{name}", email=name))
            session.flush()
            session.add(Member(organization_id=f"or_{name}", user_id=f"us_{name}", role=Role.OWNER))
    yield database
    database.close()


@pytest.mark.parametrize("kind", COUNTS)
def test_every_shape_of_query_counts_its_own(database: Database, kind: str) -> None:
    for scope, count in (("or_a", 1), ("or_none", 0), ("*", 2)):
        with database.reading(scope) as session:
            assert session.scalar(COUNTS[kind]()) == count, scope


@pytest.mark.parametrize("kind", COUNTS)
def test_nobodys_session_is_refused(database: Database, kind: str) -> None:
    with database.reading(None) as session, pytest.raises(ScopeError):
        session.scalar(COUNTS[kind]())


def test_changes_reach_their_own(database: Database) -> None:
    with database.reading("or_a") as session:  # Not committed.
        for change in (update(Member).values(role=Role.OWNER), delete(Member)):
            assert getattr(session.execute(change), "rowcount", None) == 1


def test_queries_below_the_classes_are_refused(database: Database) -> None:
    for query in (select(CORE), select(func.count()).select_from(CORE), delete(CORE)):
        with database.reading("or_a") as session, pytest.raises(ScopeError):
            session.execute(query)


def test_what_nobody_owns_is_anybodys(database: Database) -> None:
    for scope in (None, "or_a"):
        with database.reading(scope) as session:
            assert session.scalar(select(func.count()).select_from(User)) == 2
