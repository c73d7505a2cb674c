"""Two who make the same thing at once: one of them does, the other is told what is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Table as CoreTable
from sqlalchemy import UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from photochrom.service.backup.cells import tables_in
from photochrom.service.core import races
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.ids import new_id
from photochrom.service.core.problems import ConflictError
from photochrom.service.films.tables import Film
from photochrom.service.identity.passwords import Passwords
from photochrom.service.identity.tables import Key, User
from photochrom.service.migrations import migrating, models, upgrade
from service_kit import PASSWORD, Service, service_in
from service_rows import fill
from waiting import SOON


def _unique(table: str) -> list[UniqueConstraint]:
    found = models().tables[table].constraints
    return [one for one in found if isinstance(one, UniqueConstraint)]


UNIQUE = sorted((table, str(one.name)) for table in models().tables for one in _unique(table))


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    with service_in(tmp_path / "data", database=database_url) as service:
        yield service


def test_whatever_is_there_only_once_has_words_for_who_comes_second() -> None:
    assert [name for name, said in races.words().items() if said is None] == []


def test_a_second_row_of_anything_is_a_conflict_that_says_what_is_there(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    with migrating(database) as connection:
        fill(connection)
    with database.snapshot() as connection:
        tables = {table.name: table for table in tables_in(connection)}
    for name, constraint in UNIQUE:
        row = _again(database, tables[name], constraint)
        with (
            pytest.raises(ConflictError) as found,
            database.writing(EVERYONE) as session,
        ):
            session.execute(insert(tables[name]), row)
        assert found.value.what == races.words()[constraint], constraint
    database.close()


def _again(database: Database, table: CoreTable, constraint: str) -> dict[str, Any]:
    """A row that is new but for what a constraint is about."""
    with database.snapshot() as connection:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns))
        row = dict(rows.all()[-1]._mapping)
    (same,) = (one for one in _unique(table.name) if one.name == constraint)
    kept = {column.name for column in same.columns}
    for other in _unique(table.name):
        for column in other.columns:
            if column.name not in kept and not column.foreign_keys:
                row[column.name] = new_id("xx")[-getattr(column.type, "length", 40) :]
    return row | {"id": new_id("xx")}


def test_what_names_something_that_is_gone_is_a_conflict(service: Service) -> None:
    ada = service.account("ada")
    organization = service.organization_of(ada)
    film = Film(
        organization_id=organization,
        production_id=new_id("pr"),
        by=ada.id,
        title="x",
        revision=1,
        photographs=[],
    )
    with (
        pytest.raises(ConflictError, match="removed just now"),
        service.context.database.writing(organization) as session,
    ):
        session.add(film)


def test_a_mistake_of_ours_is_no_conflict(service: Service) -> None:
    ada = service.account("ada")
    organization = service.organization_of(ada)
    with (
        pytest.raises(IntegrityError),
        service.context.database.writing(organization) as session,
    ):
        session.add(Key(organization_id=organization, user_id=ada.id, name="k"))


def test_two_accounts_of_one_address_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two organizations have invited the same person, who opens both links at once."""
    email = f"{new_id('xx')}@example.org"
    tokens = [_invited(service, service.account(new_id("xx")), email) for _ in range(2)]
    both, hashed = threading.Barrier(2), Passwords.hashed

    def together(self: Passwords, password: str) -> str:
        both.wait(SOON)  # Each has seen by now that there is no account.
        return hashed(self, password)

    monkeypatch.setattr(Passwords, "hashed", together)
    answers: list[httpx.Response] = []

    def accept(token: str) -> None:
        client = TestClient(service.client.app, raise_server_exceptions=False)
        asked = {"token": token, "password": PASSWORD}
        answers.append(client.post("/v1/invitation/accept", json=asked))

    threads = [threading.Thread(target=accept, args=(token,)) for token in tokens]
    for one in threads:
        one.start()
    for one in threads:
        one.join(SOON)
    made, refused = sorted(answers, key=lambda one: one.status_code)
    assert (made.status_code, refused.status_code) == (201, 409)
    assert refused.json()["code"] == "conflict"
    assert "there is an account with this address" in refused.json()["detail"]
    with service.context.database.reading(EVERYONE) as session:
        assert len(session.scalars(select(User).where(User.email == email)).all()) == 1


def _invited(service: Service, owner: User, email: str) -> str:
    asked = {"email": email, "role": "editor"}
    made = service.client_of(owner).post("/v1/invitations", json=asked).json()
    return str(made["link"].partition("=")[2])
