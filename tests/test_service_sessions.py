"""Signing in: who is let in, what strangers are told, and what a browser has to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service_kit import PASSWORD, Service, service_in


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
