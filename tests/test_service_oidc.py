"""Signing in elsewhere: against a provider that runs, and that lies in all the ways it could."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient

from oidc_kit import CLIENT, SECRET, Provider, new_key, provider
from photochrom.service.core import clock, signing
from photochrom.service.core.ids import new_id
from photochrom.service.identity import issuer as module
from photochrom.service.identity.roles import Role
from photochrom.service.oidc.service import LASTS
from service_kit import PASSWORD, Service, service_in


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Provider]]:
    with provider() as running:
        told = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        folder = tmp_path_factory.mktemp("oidc")
        with service_in(folder, oidc_issuer=running.url, **told) as service:
            yield service, running


@pytest.fixture
def there(_running: tuple[Service, Provider]) -> Provider:
    """The provider, at which somebody new has an account."""
    found = _running[1]
    email = f"{new_id('xx')}@example.org"
    found.person = {"sub": new_id("xx"), "email": email, "email_verified": True, "name": "Ada"}
    found.lies, found.tells = {}, {}
    return found


@pytest.fixture
def service(_running: tuple[Service, Provider]) -> Service:
    return _running[0]


def _client(service: Service) -> TestClient:
    return TestClient(service.client.app, base_url=service.context.settings.url)


def _go(client: TestClient) -> str:
    """Signs in there; returns where the person is sent back to."""
    begun = client.get("/v1/oidc/start", follow_redirects=False)
    assert begun.status_code == 303, begun.text
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    return httpx2.get(begun.headers["location"]).headers["location"]


def _come_back(client: TestClient, address: str) -> str:
    answer = client.get(address, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _sign_in(client: TestClient) -> str:
    return _come_back(client, _go(client))


REFUSED = "/#sign-in-failed=not_allowed"


def test_an_account_is_linked_by_its_verified_address_and_then_known_by_subject(
    service: Service, there: Provider
) -> None:
    name = there.person["email"].partition("@")[0]
    user = service.account(name)
    old, client = service.client_of(user), _client(service)
    assert _sign_in(client) == "/#signed-in"
    assert client.get("/v1/session").json()["user"] == user.id
    assert client.get("/v1/user").json() | {"has_password": False, "elsewhere": True} == (
        client.get("/v1/user").json()
    )
    # Whoever knew the password need not be who owns the address.
    assert old.get("/v1/session").status_code == 401
    asked = {"email": user.email, "password": PASSWORD}
    assert service.client.post("/v1/session", json=asked).status_code == 401
    there.person.update(email="another@example.org", email_verified=False)
    again = _client(service)
    assert _sign_in(again) == "/#signed-in"
    assert again.get("/v1/session").json()["user"] == user.id


@pytest.mark.parametrize("verified", [False, None, "false", 1.5])
def test_an_address_that_nobody_has_verified_links_nothing(
    service: Service, there: Provider, verified: Any
) -> None:
    service.account(there.person["email"].partition("@")[0])
    there.person["email_verified"] = verified
    client = _client(service)
    assert _sign_in(client) == REFUSED
    assert client.get("/v1/session").status_code == 401


def test_nobody_takes_an_account_that_is_somebody_elses_there(
    service: Service, there: Provider
) -> None:
    service.account(there.person["email"].partition("@")[0])
    assert _sign_in(_client(service)) == "/#signed-in"
    there.person["sub"] = new_id("xx")
    assert _sign_in(_client(service)) == REFUSED


def test_who_is_invited_comes_in_and_nobody_else(service: Service, there: Provider) -> None:
    assert _sign_in(_client(service)) == REFUSED
    owner = service.account(new_id("xx"))
    asked = {"email": there.person["email"], "role": "reviewer"}
    service.client_of(owner).post("/v1/invitations", json=asked)
    client = _client(service)
    assert _sign_in(client) == "/#signed-in"
    session = client.get("/v1/session").json()
    assert session["name"] == "Ada"
    assert [one["role"] for one in session["organizations"]] == [Role.REVIEWER]


def test_a_name_that_no_database_can_hold(service: Service, there: Provider) -> None:
    owner = service.account(new_id("xx"))
    asked = {"email": there.person["email"], "role": "viewer"}
    service.client_of(owner).post("/v1/invitations", json=asked)
    there.person["name"] = "A\0da"
    client = _client(service)
    assert _sign_in(client) == "/#signed-in"
    assert client.get("/v1/session").json()["name"] == "A\ufffdda"


@pytest.mark.parametrize("posted", [True, False])
def test_who_comes_back_to_another_process(
    tmp_path_factory: pytest.TempPathFactory, posted: bool
) -> None:
    """It knows nothing of the provider yet, such as how it wants to be told who asks."""
    told = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "secret": "s" * 32}
    folder = tmp_path_factory.mktemp("processes")
    with provider() as there:
        there.posted = posted
        there.person = {"sub": "ada", "email": "ada@example.org", "email_verified": True}
        with service_in(folder, oidc_issuer=there.url, **told) as one:
            one.account("ada")
            begun = _client(one)
            address = _go(begun)
        with service_in(folder, oidc_issuer=there.url, **told) as other:
            client = _client(other)
            client.cookies.set("photochrom_oidc", begun.cookies["photochrom_oidc"])
            assert _come_back(client, address) == "/#signed-in"


def test_an_address_that_only_userinfo_tells(service: Service, there: Provider) -> None:
    user = service.account(there.person["email"].partition("@")[0])
    there.tells = {"email": there.person.pop("email"), "email_verified": True}
    client = _client(service)
    assert _sign_in(client) == "/#signed-in"
    assert client.get("/v1/session").json()["user"] == user.id
    there.tells = {"sub": "somebody else", **there.tells}
    assert _sign_in(_client(service)) == REFUSED


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"nbf": int(time.time()) + 360_000},
    ],
    ids=lambda lies: "-".join(lies),  # The times of two processes differ.
)
def test_tokens_that_do_not_hold(service: Service, there: Provider, lies: dict[str, Any]) -> None:
    service.account(there.person["email"].partition("@")[0])
    there.lies = lies
    client = _client(service)
    assert _sign_in(client) == REFUSED
    assert client.get("/v1/session").status_code == 401
    there.lies = {}
    assert _sign_in(client) == "/#signed-in"


def test_keys_are_looked_at_again_when_they_change_but_not_without_end(
    service: Service, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.account(there.person["email"].partition("@")[0])
    assert _sign_in(_client(service)) == "/#signed-in"
    there.key = new_key()  # Not told of yet, as a forger's would be.
    monkeypatch.setattr(module, "_ASKED_EVERY", 0.0)
    assert _sign_in(_client(service)) == REFUSED
    there.published = [there.key]
    monkeypatch.setattr(module, "_ASKED_EVERY", 3600.0)
    assert _sign_in(_client(service)) == REFUSED
    monkeypatch.setattr(module, "_ASKED_EVERY", 0.0)
    assert _sign_in(_client(service)) == "/#signed-in"


@pytest.mark.parametrize("how", ["state", "no state", "no code", "wrong code", "issuer"])
def test_answers_that_were_changed_on_the_way(service: Service, there: Provider, how: str) -> None:
    service.account(there.person["email"].partition("@")[0])
    client = _client(service)
    back = urlsplit(_go(client))
    asked = {name: values[0] for name, values in parse_qs(back.query).items()}
    changes = {
        "state": {"state": "another"},
        "no state": {"state": ""},
        "no code": {"code": ""},
        "wrong code": {"code": "another"},
        "issuer": {"iss": "https://elsewhere.example"},
    }
    answer = client.get(back.path, params=asked | changes[how], follow_redirects=False)
    assert answer.headers["location"] == REFUSED
    assert _sign_in(client) == "/#signed-in"


def test_what_another_browser_began(service: Service, there: Provider) -> None:
    service.account(there.person["email"].partition("@")[0])
    address = _go(_client(service))
    assert _come_back(_client(service), address) == REFUSED
    other = _client(service)
    _go(other)
    assert _come_back(other, address) == REFUSED
    assert _sign_in(other) == "/#signed-in"


def test_a_code_is_good_once(service: Service, there: Provider) -> None:
    service.account(there.person["email"].partition("@")[0])
    client = _client(service)
    address = _go(client)
    cookie = client.cookies["photochrom_oidc"]
    assert _come_back(client, address) == "/#signed-in"
    again = _client(service)
    again.cookies.set("photochrom_oidc", cookie)
    assert _come_back(again, address) == REFUSED


def test_who_takes_too_long_begins_anew(
    service: Service, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.account(there.person["email"].partition("@")[0])
    client = _client(service)
    address = _go(client)
    later = clock.now() + LASTS + timedelta(seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr(signing, "now", lambda: later)
        assert _come_back(client, address) == REFUSED
    assert _sign_in(client) == "/#signed-in"


def test_a_provider_that_is_away(tmp_path_factory: pytest.TempPathFactory) -> None:
    with provider() as gone:
        url = gone.url
    folder = tmp_path_factory.mktemp("away")
    with service_in(folder, oidc_issuer=url, oidc_client_id=CLIENT) as service:
        answer = service.client.get("/v1/oidc/start", follow_redirects=False)
        assert answer.headers["location"] == "/#sign-in-failed=unavailable"
        assert service.client.get("/v1/session/ways").json()["oidc"] is True


def test_without_a_provider_there_is_none(tmp_path_factory: pytest.TempPathFactory) -> None:
    with service_in(tmp_path_factory.mktemp("none")) as service:
        for path in ("/v1/oidc/start", "/v1/oidc/callback?code=x&state=y"):
            assert service.client.get(path, follow_redirects=False).status_code == 404
