"""The audit log: who did what, in the same transaction, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from photochrom.service.access.credentials import Access, Person
from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.audit.tables import AuditEntry
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import User
from service_kit import Service, service_in


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    with service_in(tmp_path / "data", database=database_url) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> User:
    return service.account(new_id("xx"))


def _log(service: Service, owner: User, **asked: Any) -> list[dict[str, Any]]:
    answer = service.client_of(owner).get("/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_who_did_what_on_which_thing_from_where(service: Service, owner: User) -> None:
    client = service.client_of(owner)
    made = client.post("/v1/keys", json={"name": "k", "permissions": ["view"]}).json()
    client.patch("/v1/organization", json={"name": "Archive"})
    (renamed,) = _log(service, owner, what="organization.")
    assert (renamed["by"], renamed["user"]) == (owner.id, owner.id)
    assert renamed["details"]["name"] == "Archive" and renamed["address"] == "testclient"
    assert renamed["subject"] == service.organization_of(owner)
    (created,) = _log(service, owner, subject=made["id"])
    assert created["what"] == "key.created" and made["key"] not in str(created)


def test_what_a_key_does_is_the_keys_and_its_makers(service: Service, owner: User) -> None:
    asked = {"name": "k", "permissions": ["view", "manage"]}
    made = service.client_of(owner).post("/v1/keys", json=asked).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    service.client.patch("/v1/organization", json={"name": "Archive"}, headers=headers)
    (entry,) = _log(service, owner, by=made["id"])
    assert (entry["what"], entry["user"]) == ("organization.changed", owner.id)
    assert entry["id"] in {one["id"] for one in _log(service, owner, by=owner.id)}


def test_it_comes_in_pages_and_to_owners_only(service: Service, owner: User) -> None:
    for name in ("one", "two", "three"):
        service.client_of(owner).patch("/v1/organization", json={"name": name})
    client = service.client_of(owner)
    asked: dict[str, Any] = {"what": "organization.changed", "limit": 2}
    first = client.get("/v1/audit", params=asked).json()
    rest = client.get("/v1/audit", params={**asked, "after": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    editor = service.client_of(service.member(owner, new_id("xx"), Role.EDITOR))
    assert editor.get("/v1/audit").status_code == 403
    assert _log(service, service.account(new_id("xx")), what="organization.changed") == []


@pytest.mark.parametrize("change", [update(AuditEntry).values(what="nothing"), delete(AuditEntry)])
def test_the_database_refuses_to_change_it(service: Service, owner: User, change: Any) -> None:
    before = _log(service, owner)
    assert before
    with (
        pytest.raises(DBAPIError, match="only added to"),
        service.context.database.writing(EVERYONE) as session,
    ):
        session.execute(change)
    assert _log(service, owner)[-len(before) :] == before


def test_it_is_written_with_what_it_is_about_or_not_at_all(service: Service, owner: User) -> None:
    organization = service.organization_of(owner)
    access = Access(Person(owner.id), organization, Role.OWNER, Role.OWNER.permissions)
    with pytest.raises(RuntimeError), service.context.database.writing(organization) as session:
        audit(Unit(service.context, access, session), "thing.made", subject="th_1")
        session.flush()
        raise RuntimeError
    assert _log(service, owner, what="thing.made") == []
    with service.context.database.writing(organization) as session:
        audit(Unit(service.context, access, session), "thing.made", subject="th_1")
    assert len(_log(service, owner, what="thing.made")) == 1
