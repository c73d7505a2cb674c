"""Sign-in under attack, cookies, one's own account, and links that are good once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from photochrom.service.accounts import links, repository, throttle
from photochrom.service.accounts.repository import Accounts
from photochrom.service.core import clock
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.identity.passwords import Checked
from photochrom.service.identity.tables import User
from service_kit import PASSWORD, Service, service_in


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("sign-in")
    with service_in(folder, sign_in_attempts=2, address_attempts=1000) as service:
        yield service


@pytest.fixture
def somebody(service: Service) -> User:
    return service.account(new_id("xx"))


def _sign_in(service: Service, email: str, password: str) -> Any:
    client = TestClient(service.client.app)
    return client.post("/v1/session", json={"email": email, "password": password})


@pytest.mark.parametrize("known", [True, False])
def test_wrong_passwords_are_limited_whether_the_account_exists_or_not(
    service: Service, somebody: User, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = somebody.email if known else f"{new_id('xx')}@example.org"
    codes = [_sign_in(service, email, "a wrong password").status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    answer = _sign_in(service, email, PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    # Others come in, and so does this one when the time is over.
    other = service.account(new_id("xx"))
    assert _sign_in(service, other.email, PASSWORD).status_code == 201
    later = clock.now() + throttle.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(throttle, "now", lambda: later)
    assert _sign_in(service, email, PASSWORD).status_code == (201 if known else 401)


def test_the_right_password_forgets_the_wrong_ones(service: Service, somebody: User) -> None:
    for _ in range(3):
        assert _sign_in(service, somebody.email, "a wrong password").status_code == 401
        assert _sign_in(service, somebody.email, PASSWORD).status_code == 201


def test_wrong_passwords_are_limited_from_an_address(tmp_path: Path) -> None:
    with service_in(tmp_path, address_attempts=2) as service:
        ada = service.account("ada")
        emails = [f"{name}@example.org" for name in ("one", "two", "three")]
        codes = [_sign_in(service, one, PASSWORD).status_code for one in emails]
        assert codes == [401, 401, 429]
        assert _sign_in(service, ada.email, PASSWORD).status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_who_has_an_address(one: str, other: str, same: bool) -> None:
    assert (throttle._network(one) == throttle._network(other)) is same


def test_hashes_are_made_anew_when_their_parameters_change(service: Service) -> None:
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192),)).hash(PASSWORD)
    email = f"{new_id('xx')}@example.org"
    with service.context.database.writing(EVERYONE) as session:
        user = Accounts(session).add_user(email, weak)
    kept = []
    for _ in range(2):
        assert _sign_in(service, email, PASSWORD).status_code == 201
        with service.context.database.reading(EVERYONE) as session:
            found = Accounts(session).user(user.id)
            assert found is not None
            kept.append(found.password)
    assert kept[0] != weak and kept[0] == kept[1]


def test_a_password_that_is_changed_while_it_is_checked_lets_nobody_in(
    service: Service, somebody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = service.context.passwords
    check, newer = passwords.check, passwords.hashed("a wholly other sentence")

    def slowly(password: str, kept: str | None) -> Checked:
        with service.context.database.writing(EVERYONE) as session:
            Accounts(session).replace_password(somebody.id, newer, kept)
        return check(password, kept)

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "check", slowly)
        assert _sign_in(service, somebody.email, PASSWORD).status_code == 401
    assert _sign_in(service, somebody.email, "a wholly other sentence").status_code == 201


def test_cookies_are_bound_to_this_host_where_there_is_https(tmp_path: Path) -> None:
    with service_in(tmp_path, public_url="https://photographs.example.org") as service:
        service.account("ada")
        client = TestClient(service.client.app, base_url="https://photographs.example.org")
        asked = {"email": "ada@example.org", "password": PASSWORD}
        answer = client.post("/v1/session", json=asked)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-photochrom_session=")
        assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
        assert client.get("/v1/session").status_code == 200
        value = client.cookies["__Host-photochrom_session"]
        plain = TestClient(service.client.app, cookies={"photochrom_session": value})
        assert plain.get("/v1/session").status_code == 401
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        gone = client.delete("/v1/session").headers["set-cookie"]
        assert gone.startswith("__Host-") and "Secure" in gone and "Max-Age=0" in gone


def test_a_change_of_password_wants_the_old_one_and_ends_other_sign_ins(
    service: Service, somebody: User
) -> None:
    here, there = service.client_of(somebody), service.client_of(somebody)
    asked = {"old": "a wrong password", "new": "a wholly other sentence"}
    assert here.post("/v1/user/password", json=asked).status_code == 403
    asked["old"] = PASSWORD
    assert here.post("/v1/user/password", json={**asked, "new": "short"}).status_code == 422
    assert here.post("/v1/user/password", json=asked).status_code == 204
    assert (here.get("/v1/user").status_code, there.get("/v1/user").status_code) == (200, 401)
    assert _sign_in(service, somebody.email, PASSWORD).status_code == 401
    assert _sign_in(service, somebody.email, asked["new"]).status_code == 201


def test_people_name_themselves_and_end_their_sign_ins(service: Service, somebody: User) -> None:
    here, there = service.client_of(somebody), service.client_of(somebody)
    assert here.patch("/v1/user", json={"name": "Ada L."}).json()["name"] == "Ada L."
    listed = here.get("/v1/user/sign-ins").json()["items"]
    assert [one["current"] for one in listed] == [False, True]
    assert here.delete(f"/v1/user/sign-ins/{listed[0]['id']}").status_code == 204
    assert there.get("/v1/user").status_code == 401
    third = service.client_of(somebody)
    assert here.delete("/v1/user/sign-ins").status_code == 204
    assert (third.get("/v1/user").status_code, here.get("/v1/user").status_code) == (401, 200)


def test_a_reset_link_is_good_once(service: Service, somebody: User) -> None:
    old = service.client_of(somebody)
    void = links.reset_link(service.context, somebody.email).partition("#reset=")[2]
    token = links.reset_link(service.context, somebody.email).partition("#reset=")[2]
    asked = {"token": token, "password": "a wholly other sentence"}
    assert service.client.post("/v1/reset", json={**asked, "token": void}).status_code == 410
    assert TestClient(service.client.app).post("/v1/reset", json=asked).status_code == 201
    assert service.client.post("/v1/reset", json=asked).status_code == 410
    assert old.get("/v1/user").status_code == 401
    assert _sign_in(service, somebody.email, asked["password"]).status_code == 201


SETUP = {"email": "ada@example.org", "password": PASSWORD, "organization": "Archive"}


def test_the_first_owner_comes_by_the_last_link_once(tmp_path: Path) -> None:
    with service_in(tmp_path) as service:
        assert service.client.get("/v1/session/ways").json() == {"oidc": False, "setup": True}
        told = [links.first_link(service.context) for _ in range(2)]
        first, last = (str(one).partition("/#setup=")[2] for one in told)
        client = TestClient(service.client.app)
        assert client.post("/v1/setup", json={**SETUP, "token": first}).status_code == 410
        answer = client.post("/v1/setup", json={**SETUP, "token": last})
        assert answer.status_code == 201, answer.text
        assert answer.json()["organizations"][0]["role"] == "owner"
        assert client.get("/v1/members").status_code == 200
        assert client.post("/v1/setup", json={**SETUP, "token": last}).status_code == 410
        assert links.first_link(service.context) is None
        assert service.client.get("/v1/session/ways").json()["setup"] is False


@pytest.mark.parametrize("how", ["run out", "an account was made", "wrong"])
def test_links_that_make_no_first_owner(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_in(tmp_path) as service:
        token = str(links.first_link(service.context)).partition("=")[2]
        assert re.fullmatch(r"[\w-]{43}", token)
        if how == "run out":
            later = clock.now() + timedelta(hours=1, seconds=1)
            monkeypatch.setattr(repository, "now", lambda: later)
        elif how == "an account was made":
            service.account("bob")
        else:
            token = token[::-1]
        answer = service.client.post("/v1/setup", json={**SETUP, "token": token})
        assert answer.status_code == 410, answer.text
