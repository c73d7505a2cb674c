"""API keys: told once, scoped, expiring, revocable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.service.access import credentials
from photochrom.service.core import clock
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Key, User
from service_kit import Service, service_in
from waiting import until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("keys")) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> User:
    return service.account(new_id("xx"))


def _make(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/keys", json={"name": "import", "permissions": ["view"], **asked})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _code(service: Service, key: str, path: str = "/v1/members") -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return service.client.get(path, headers=headers).status_code


def test_a_key_is_told_once_and_kept_as_a_digest(service: Service, owner: User) -> None:
    client = service.client_of(owner)
    made = _make(client)
    assert made["key"].startswith(made["prefix"] + "_") and made["prefix"].startswith("pck_")
    (listed,) = client.get("/v1/keys").json()["items"]
    assert "key" not in listed and listed["prefix"] == made["prefix"]
    assert made["key"] not in client.get("/v1/keys").text
    secret = made["key"].removeprefix(made["prefix"] + "_")
    with service.context.database.reading(EVERYONE) as session:
        row = session.get(Key, made["id"])
    assert row is not None and secret not in str(vars(row)) and len(secret) >= 43


def test_a_key_opens_what_it_is_for_and_says_when_it_was_used(
    service: Service, owner: User
) -> None:
    client = service.client_of(owner)
    made = _make(client)
    assert made["last_used"] is None
    assert (_code(service, made["key"]), _code(service, made["key"], "/v1/audit")) == (200, 403)
    until(lambda: client.get(f"/v1/keys/{made['id']}").json()["last_used"] is not None)
    used = client.get(f"/v1/keys/{made['id']}").json()["last_used"]
    assert datetime.fromisoformat(used) <= clock.now()


@pytest.mark.parametrize("wrong", ["secret", "prefix", "kind", "nothing"])
def test_wrong_keys(service: Service, owner: User, wrong: str) -> None:
    made = _make(service.client_of(owner))
    other = _make(service.client_of(owner))
    key = {
        "secret": made["prefix"] + "_" + other["key"].removeprefix(other["prefix"] + "_"),
        "prefix": "pck_zzzzzzzzzz_" + "x" * 43,
        "kind": made["key"].replace("pck_", "key_"),
        "nothing": "",
    }[wrong]
    assert _code(service, key) == 401


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_key_what_they_have_not(service: Service, owner: User, role: Role) -> None:
    client = service.client_of(service.member(owner, new_id("xx"), role))
    for permission in ("view", "review", "edit", "manage"):
        asked = {"name": "k", "permissions": ["view", permission]}
        answer = client.post("/v1/keys", json=asked)
        assert answer.status_code == (201 if permission in role.permissions else 403)


@pytest.mark.parametrize(
    "asked",
    [{"permissions": []}, {"days": 0}, {"days": 99_999}, {"name": ""}, {"permissions": ["all"]}],
    ids=str,
)
def test_keys_that_make_no_sense(service: Service, owner: User, asked: dict[str, Any]) -> None:
    body = {"name": "k", "permissions": ["view"], **asked}
    assert service.client_of(owner).post("/v1/keys", json=body).status_code == 422


def test_a_key_runs_out(service: Service, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    short = _make(service.client_of(owner), days=1)
    endless = _make(service.client_of(owner), days=None)
    assert endless["until"] is None
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(credentials, "now", lambda: later)
    assert (_code(service, short["key"]), _code(service, endless["key"])) == (401, 200)


def test_a_revoked_key_stays_on_the_list(service: Service, owner: User) -> None:
    client = service.client_of(owner)
    made = _make(client)
    assert client.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert client.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert _code(service, made["key"]) == 401
    (listed,) = client.get("/v1/keys").json()["items"]
    assert listed["revoked"] is not None


def test_members_see_their_own_keys_and_owners_all(service: Service, owner: User) -> None:
    editor = service.client_of(service.member(owner, new_id("xx"), Role.EDITOR))
    mine, theirs = _make(service.client_of(owner)), _make(editor)
    assert [one["id"] for one in editor.get("/v1/keys").json()["items"]] == [theirs["id"]]
    assert editor.delete(f"/v1/keys/{mine['id']}").status_code == 404
    assert len(service.client_of(owner).get("/v1/keys").json()["items"]) == 2
    assert service.client_of(owner).delete(f"/v1/keys/{theirs['id']}").status_code == 204
    assert _code(service, theirs["key"]) == 401


def test_a_key_ends_itself_and_no_other(service: Service, owner: User) -> None:
    client = service.client_of(owner)
    leaked, other = _make(client, permissions=["view", "manage"]), _make(client)
    headers = {"Authorization": f"Bearer {leaked['key']}"}
    assert service.client.delete(f"/v1/keys/{other['id']}", headers=headers).status_code == 403
    assert service.client.delete(f"/v1/keys/{leaked['id']}", headers=headers).status_code == 204
    assert (_code(service, leaked["key"]), _code(service, other["key"])) == (401, 200)
