"""Organizations and members: never without an owner, and what is taken is taken for good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.service.access.credentials import CSRF_HEADER
from photochrom.service.core import clock
from photochrom.service.core.ids import new_id
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import User
from photochrom.service.members import repository
from service_kit import PASSWORD, Service, service_in


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    with service_in(tmp_path / "data", database=database_url) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> User:
    return service.account(new_id("xx"))


def _invited(service: Service, owner: User, role: str = "editor") -> tuple[str, str]:
    """An address, and the token of its invitation."""
    email = f"{new_id('xx')}@example.org"
    asked = {"email": email.upper(), "role": role}
    made = service.client_of(owner).post("/v1/invitations", json=asked).json()
    assert made["email"] == email
    return email, made["link"].partition("/#invitation=")[2]


def _stranger(service: Service) -> TestClient:
    return TestClient(service.client.app, raise_server_exceptions=False)


def _member(service: Service, owner: User, user: User) -> str:
    members = service.client_of(owner).get("/v1/members").json()["items"]
    return str(next(one["id"] for one in members if one["user"] == user.id))


def _key(client: TestClient, *permissions: str) -> dict[str, str]:
    made = client.post("/v1/keys", json={"name": "k", "permissions": permissions})
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def test_an_organization_is_read_and_renamed(service: Service, owner: User) -> None:
    client = service.client_of(owner)
    assert client.patch("/v1/organization", json={"name": "Archive"}).json()["name"] == "Archive"
    assert client.get("/v1/organization").json()["name"] == "Archive"
    for name in ("", "   "):
        assert client.patch("/v1/organization", json={"name": name}).status_code == 422


def test_the_invited_makes_an_account_by_a_link_that_is_good_once(
    service: Service, owner: User
) -> None:
    email, token = _invited(service, owner, "reviewer")
    stranger = _stranger(service)
    read = stranger.post("/v1/invitation/read", json={"token": token}).json()
    assert (read["email"], read["role"], read["has_account"]) == (email, "reviewer", False)
    asked = {"token": token, "name": "Grace", "password": PASSWORD}
    answer = stranger.post("/v1/invitation/accept", json=asked)
    assert answer.status_code == 201, answer.text
    (place,) = answer.json()["organizations"]
    assert (place["role"], answer.json()["name"]) == ("reviewer", "Grace")
    assert stranger.get("/v1/members").status_code == 200
    assert _stranger(service).post("/v1/invitation/accept", json=asked).status_code == 410
    again = {"email": email, "password": PASSWORD}
    assert _stranger(service).post("/v1/session", json=again).status_code == 201
    assert service.client_of(owner).get("/v1/invitations").json()["items"] == []


def test_a_short_password_does_not_use_the_link_up(service: Service, owner: User) -> None:
    _, token = _invited(service, owner)
    asked = {"token": token, "password": "short"}
    assert _stranger(service).post("/v1/invitation/accept", json=asked).status_code == 422
    asked["password"] = PASSWORD
    assert _stranger(service).post("/v1/invitation/accept", json=asked).status_code == 201


def test_two_who_use_a_link_at_once_are_one(service: Service, owner: User) -> None:
    _, token = _invited(service, owner)
    asked = {"token": token, "password": PASSWORD}
    codes: list[int] = []

    def accept() -> None:
        codes.append(_stranger(service).post("/v1/invitation/accept", json=asked).status_code)

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes)[0] == 201
    assert set(sorted(codes)[1:]) <= {409, 410}


@pytest.mark.parametrize("how", ["taken back", "run out", "invited anew", "wrong"])
def test_links_that_open_nothing(
    service: Service, owner: User, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, token = _invited(service, owner)
    client = service.client_of(owner)
    if how == "taken back":
        (one,) = client.get("/v1/invitations").json()["items"]
        assert client.delete(f"/v1/invitations/{one['id']}").status_code == 204
    elif how == "run out":
        later = clock.now() + timedelta(days=8)
        monkeypatch.setattr(repository, "now", lambda: later)
    elif how == "invited anew":
        client.post("/v1/invitations", json={"email": email, "role": "viewer"})
        assert len(client.get("/v1/invitations").json()["items"]) == 1
    else:
        token += "x"
    asked = {"token": token, "password": PASSWORD}
    answer = _stranger(service).post("/v1/invitation/accept", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def test_who_has_an_account_signs_in_and_joins(service: Service, owner: User) -> None:
    other = service.account(new_id("xx"))
    asked = {"email": other.email, "role": "viewer"}
    made = service.client_of(owner).post("/v1/invitations", json=asked).json()
    token = made["link"].partition("=")[2]
    taken = {"token": token, "password": "somebody else's password"}
    answer = _stranger(service).post("/v1/invitation/accept", json=taken)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    wrong = service.client_of(service.account(new_id("xx")))
    assert wrong.post("/v1/invitation/join", json={"token": token}).status_code == 403
    client = service.client_of(other)
    assert client.post("/v1/invitation/join", json={"token": token}).status_code == 204
    assert len(client.get("/v1/session").json()["organizations"]) == 2
    # Now that there are two, requests say which.
    assert client.get("/v1/members").status_code == 403
    headers = {"Photochrom-Organization": service.organization_of(owner)}
    assert client.get("/v1/members", headers=headers).status_code == 200


def test_members_are_not_invited_again(service: Service, owner: User) -> None:
    asked = {"email": owner.email, "role": "viewer"}
    assert service.client_of(owner).post("/v1/invitations", json=asked).status_code == 409


@pytest.mark.parametrize("how", ["leaves", "is removed", "is degraded"])
def test_the_last_owner_stays(service: Service, owner: User, how: str) -> None:
    service.member(owner, new_id("xx"), Role.EDITOR)
    client, place = service.client_of(owner), _member(service, owner, owner)
    calls: dict[str, Any] = {
        "leaves": lambda: client.delete("/v1/membership"),
        "is removed": lambda: client.delete(f"/v1/members/{place}"),
        "is degraded": lambda: client.patch(f"/v1/members/{place}", json={"role": "editor"}),
    }
    answer = calls[how]()
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    # Beside another owner, all of it goes.
    service.member(owner, new_id("xx"), Role.OWNER)
    assert calls[how]().status_code < 300


def test_two_owners_who_remove_each_other_at_once_leave_one(service: Service, owner: User) -> None:
    other = service.member(owner, new_id("xx"), Role.OWNER)
    places = [_member(service, owner, one) for one in (other, owner)]
    clients = [service.client_of(one) for one in (owner, other)]
    barrier = threading.Barrier(2)

    def remove(client: TestClient, place: str) -> None:
        barrier.wait()
        client.delete(f"/v1/members/{place}")

    threads = [
        threading.Thread(target=remove, args=pair) for pair in zip(clients, places, strict=True)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    left = [one for one in clients if one.get("/v1/members").status_code == 200]
    assert len(left) == 1
    (only,) = left[0].get("/v1/members").json()["items"]
    assert only["role"] == "owner"


def test_whoever_is_removed_and_their_keys_are_out_for_good(service: Service, owner: User) -> None:
    editor = service.member(owner, new_id("xx"), Role.EDITOR)
    client = service.client_of(editor)
    key = _key(client, "view")
    assert service.client.get("/v1/members", headers=key).status_code == 200
    place = _member(service, owner, editor)
    assert service.client_of(owner).delete(f"/v1/members/{place}").status_code == 204
    assert service.client.get("/v1/members", headers=key).status_code == 401
    assert client.get("/v1/members").status_code == 404
    asked = {"email": editor.email, "role": "owner"}
    made = service.client_of(owner).post("/v1/invitations", json=asked).json()
    token = made["link"].partition("=")[2]
    assert client.post("/v1/invitation/join", json={"token": token}).status_code == 204
    assert client.get("/v1/members").status_code == 200
    assert service.client.get("/v1/members", headers=key).status_code == 401


def test_keys_are_narrowed_with_their_maker_for_good(service: Service, owner: User) -> None:
    other = service.member(owner, new_id("xx"), Role.OWNER)
    broad, narrow = (
        _key(service.client_of(other), *some) for some in (["view", "manage"], ["manage"])
    )
    place, client = _member(service, owner, other), service.client_of(owner)

    def codes(headers: dict[str, str]) -> list[int]:
        return [
            service.client.get(path, headers=headers).status_code
            for path in ("/v1/members", "/v1/audit")
        ]

    assert (codes(broad), codes(narrow)) == ([200, 200], [403, 200])
    client.patch(f"/v1/members/{place}", json={"role": "viewer"})
    assert (codes(broad), codes(narrow)) == ([200, 403], [401, 401])
    client.patch(f"/v1/members/{place}", json={"role": "owner"})
    assert (codes(broad), codes(narrow)) == ([200, 403], [401, 401])


def test_a_key_gives_no_role_that_may_more_than_it(service: Service, owner: User) -> None:
    key = _key(service.client_of(owner), "view", "manage")
    other = service.member(owner, new_id("xx"), Role.VIEWER)
    place = _member(service, owner, other)
    asked = {"email": f"{new_id('xx')}@example.org", "role": "owner"}
    answers = [
        service.client.post("/v1/invitations", json=asked, headers=key),
        service.client.patch(f"/v1/members/{place}", json={"role": "editor"}, headers=key),
    ]
    assert [one.status_code for one in answers] == [403, 403]
    asked["role"] = "viewer"
    assert service.client.post("/v1/invitations", json=asked, headers=key).status_code == 201


def test_keys_do_not_leave_and_are_not_people(service: Service, owner: User) -> None:
    key = _key(service.client_of(owner), "view", "review", "edit", "manage")
    service.client.headers.pop(CSRF_HEADER, None)
    for method, path, body in (
        ("DELETE", "/v1/membership", None),
        ("PATCH", "/v1/user", {"name": "x"}),
        ("GET", "/v1/user/sign-ins", None),
        ("POST", "/v1/keys", {"name": "k", "permissions": ["view"]}),
    ):
        answer = service.client.request(method, path, json=body, headers=key)
        assert answer.status_code == 403, (path, answer.text)


def test_lists_come_in_pages(service: Service, owner: User) -> None:
    for _ in range(2):
        service.member(owner, new_id("xx"), Role.VIEWER)
    client = service.client_of(owner)
    first = client.get("/v1/members", params={"limit": 2}).json()
    rest = client.get("/v1/members", params={"limit": 2, "after": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
