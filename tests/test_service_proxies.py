"""Behind a proxy people are known by their own addresses, and nobody can invent one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.errors import PhotochromError
from photochrom.service.serve import configured
from photochrom.service.settings import Settings
from service_kit import PASSWORD, Service, service_in

PERSON = "203.0.113.7"


def through(service: Service, proxy: str) -> TestClient:
    """A client of the service as it is served, whose connections come from an address."""
    app: Any = service.client.app
    config = configured(app, service.context.settings)
    config.load()
    return TestClient(config.loaded_app, client=(proxy, 5000))


def address(client: TestClient, forwarded: str) -> str:
    """The address of whoever signs in, as the audit log has it."""
    asked = {"email": "ada@example.org", "password": PASSWORD}
    answer = client.post("/v1/session", json=asked, headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == 201, answer.text
    return str(client.get("/v1/audit", params={"what": "session."}).json()["items"][0]["address"])


@pytest.mark.parametrize(
    ("trusted", "proxy", "forwarded", "known"),
    [
        (None, "127.0.0.1", PERSON, "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", PERSON, PERSON),
        ("10.0.0.0/8, ::1", "10.3.2.1", PERSON, PERSON),
        ("10.0.0.0/8, ::1", "::1", PERSON, PERSON),
        ("10.0.0.0/8", "192.0.2.9", PERSON, "192.0.2.9"),
        # What a person has written before the proxy's own word is not believed.
        ("127.0.0.1", "127.0.0.1", f"198.51.100.1, {PERSON}", PERSON),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", f"{PERSON}, 10.1.1.1", PERSON),
    ],
)
def test_whose_address_it_is(
    tmp_path: Path, trusted: str | None, proxy: str, forwarded: str, known: str
) -> None:
    with service_in(tmp_path, trusted_proxies=trusted) as service:
        service.account("ada")
        assert address(through(service, proxy), forwarded) == known


def test_limits_go_by_the_address_of_the_person(tmp_path: Path) -> None:
    with service_in(tmp_path, trusted_proxies="127.0.0.1", address_attempts=2) as service:
        client = through(service, "127.0.0.1")

        def tries(forwarded: str) -> list[int]:
            return [
                client.post(
                    "/v1/session",
                    json={"email": f"{number}@example.org", "password": PASSWORD},
                    headers={"X-Forwarded-For": forwarded},
                ).status_code
                for number in range(3)
            ]

        assert tries(PERSON) == [401, 401, 429]
        assert tries("203.0.113.8") == [401, 401, 429]


def test_figures_are_not_for_whom_an_untrusted_proxy_asks_for(tmp_path: Path) -> None:
    with service_in(tmp_path) as service:
        client = through(service, "127.0.0.1")
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": PERSON}).status_code == 403


@pytest.mark.parametrize("wrong", ["proxy.example.org", "10.0.0.1/8", "10.0.0.0/99", "*"])
def test_what_is_no_address_is_said(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(PhotochromError, match="no address and no network") as caught:
        Settings.read(data=tmp_path, trusted_proxies=f"127.0.0.1, {wrong}")
    assert caught.value.where == "setting trusted_proxies"
