"""Signing in: who is let in, what strangers are told, and what a browser has to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photochrom.service.accounts.repository import Accounts
from photochrom.service.core.database import EVERYONE
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import User
from service_kit import PASSWORD, Service, service_in
from stranger_kit import MAKERS, for_organization


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path) as service:
        yield service


def test_signed_in_with_address_and_password(service: Service) -> None:
    service.account("ada")
    asked = {"email": "Ada@example.org", "password": PASSWORD}
    answer = service.client.post("/v1/session", json=asked)
    assert answer.status_code == 201
    (place,) = answer.json()["organizations"]
    assert (place["role"], place["name"]) == ("owner", "ada's")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    assert service.client.get("/v1/session").json()["email"] == "ada@example.org"


@pytest.mark.parametrize("asked", [("ada", "wrong horse battery"), ("nobody", PASSWORD)])
def test_nobody_learns_which_was_wrong(service: Service, asked: tuple[str, str]) -> None:
    service.account("ada")
    body = {"email": f"{asked[0]}@example.org", "password": asked[1]}
    answer = service.client.post("/v1/session", json=body)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "address and password do not belong together"
    assert "set-cookie" not in answer.headers


def test_what_changes_something_wants_the_token(service: Service) -> None:
    client = service.client_of(service.account("ada"))
    del client.headers["X-CSRF-Token"]
    answer = client.delete("/v1/session")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert client.get("/v1/session").status_code == 200


def test_signed_out(service: Service) -> None:
    client = service.client_of(service.account("ada"))
    cookie = client.cookies["photochrom_session"]
    assert client.delete("/v1/session").status_code == 204
    client.cookies.set("photochrom_session", cookie)
    assert client.get("/v1/session").status_code == 401


def test_errors_are_problems_with_the_id_of_the_request(service: Service) -> None:
    answer = service.client.post("/v1/session", json={"email": "no address"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["request"] == answer.headers["x-request-id"]
    assert {one["where"] for one in said["faults"]} == {"body.email", "body.password"}


def test_ready(service: Service) -> None:
    assert service.client.get("/readyz").json()["status"] == "ok"
    assert "default-src 'none'" in service.client.get("/healthz").headers["content-security-policy"]


def _joins(service: Service, user: User, owner: User) -> str:
    """Lets somebody belong to somebody else's organization as well."""
    organization = service.organization_of(owner)
    with service.context.database.writing(EVERYONE) as session:
        Accounts(session).add_member(organization, user.id, Role.EDITOR)
    return organization


def _leaves(service: Service, user: User, organization: str) -> None:
    with service.context.database.writing(EVERYONE) as session:
        (member,) = (one for one, at in Accounts(session).places(user.id) if at.id == organization)
        session.delete(member)


def test_who_belongs_to_several_chooses_one_for_what_names_none(service: Service) -> None:
    ada, other = service.account("ada"), service.account("zoe")
    own, client = service.organization_of(ada), service.client_of(ada)
    assert client.get("/v1/session").json()["organization"] == own  # The only one.
    joined = _joins(service, ada, other)
    thumbnail = f"/v1/photographs/{MAKERS['photograph_id'](service, other)}/thumbnail"
    # An <img> has no headers: nobody can tell which is meant.
    assert client.get("/v1/session").json()["organization"] is None
    answer = client.get(thumbnail)
    assert answer.status_code == 403 and "several" in answer.json()["detail"]
    answer = client.put("/v1/session/organization", json={"organization": joined})
    assert (answer.status_code, answer.json()["organization"]) == (200, joined)
    assert client.get("/v1/session").json()["organization"] == joined
    assert client.get(thumbnail).status_code == 200
    # A header comes before it, and another browser has a choice of its own.
    assert client.get(thumbnail, headers=for_organization(own)).status_code == 404
    assert service.client_of(ada).get(thumbnail).status_code == 403
    client.put("/v1/session/organization", json={"organization": own})
    assert client.get(thumbnail).status_code == 404


def test_a_choice_ends_with_the_membership(service: Service) -> None:
    ada = service.account("ada")
    joined = _joins(service, ada, service.account("zoe"))
    client = service.client_of(ada)
    client.put("/v1/session/organization", json={"organization": joined})
    _leaves(service, ada, joined)
    own = service.organization_of(ada)
    assert client.get("/v1/session").json()["organization"] == own
    assert client.get("/v1/organization").json()["id"] == own


def test_nobody_chooses_what_is_not_theirs(service: Service) -> None:
    client = service.client_of(service.account("ada"))
    others = service.organization_of(service.account("zoe"))
    asked = {"organization": others}
    assert client.put("/v1/session/organization", json=asked).status_code == 404
    made = client.post("/v1/keys", json={"name": "k", "permissions": ["view"]}).json()
    key = {"Authorization": f"Bearer {made['key']}"}
    assert (
        service.client.put("/v1/session/organization", json=asked, headers=key).status_code == 403
    )
    del client.headers["X-CSRF-Token"]
    assert client.put("/v1/session/organization", json=asked).status_code == 403
