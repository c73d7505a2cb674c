"""What no text, number or header may be is refused by one line, and reaches no database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

import postgres_kit
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import InvalidError
from photochrom.service.core.texts import clean, unfit
from photochrom.service.jobs.queue import Held, Queue
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane, State
from photochrom.service.photographs.tables import Collection
from service_kit import Service, service_in

ID = "_06h294za7st85es0adwbznfq6w"


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    if request.param == "sqlite":
        with service_in(folder) as service:
            yield service
        return
    with (
        postgres_kit.fresh_database(request.getfixturevalue("postgres")) as url,
        service_in(folder, database=url) as service,
    ):
        yield service


@pytest.fixture(scope="module")
def owner(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


@pytest.mark.parametrize(
    "path",
    [
        *(
            "jobs?kind=%00",
            "jobs?kind=%ED%A0%80",
            f"jobs?after=jo{ID}%00",
            "photographs?text=a%00b",
        ),
        *(
            "events?after=99999999999999999999999",
            "jobs?limit=1e99",
            f"productions/pr{ID}/files/%00",
        ),
        *(f"jobs/jo{ID}%0A", "usage?first=%00", f"results/re{ID}/signed?signature=%00"),
    ],
)
def test_addresses(owner: TestClient, path: str) -> None:
    answer = owner.get(f"/v1/{path}")
    assert 200 <= answer.status_code < 500, answer.text


TEXTS = ["a\0b", "\ud800", "\udfff tail", "\0"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "collections", {"title": "?"}),
        ("POST", "collections", {"title": "a", "description": "?"}),
        ("POST", "collections", {"title": "a", "?": 1}),
        ("POST", "webhooks", {"url": "https://archive.example/", "description": "?"}),
        ("POST", "webhooks", {"url": "https://archive.example/?"}),
        ("POST", "restorations", {"photographs": [f"ph{ID}"], "recipe": "?"}),
        ("POST", "productions", {"title": "?", "toml": "title = 'a'"}),
        ("POST", "productions", {"title": "a", "toml": "?"}),
        ("POST", "session", {"email": "a?@example.org", "password": "correct horse battery"}),
        ("POST", "session", {"email": "a@example.org", "password": "correct horse battery?"}),
    ],
)
def test_texts_in_bodies(
    owner: TestClient, method: str, path: str, body: dict[str, Any], text: str
) -> None:
    sent = json.dumps(body).replace("?", json.dumps(text)[1:-1])
    headers = {"Content-Type": "application/json"}
    answer = owner.request(method, f"/v1/{path}", content=sent, headers=headers)
    # To a password that cannot be, the answer is that it is wrong.
    assert answer.status_code in ((401, 422) if path == "session" else (422,)), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/films?limit=1&limit=2", "/v1/audit?what=a&by=x&what=b"])
def test_what_is_given_twice(owner: TestClient, path: str) -> None:
    answer = owner.get(path)
    assert answer.status_code == 422
    assert "is given 2 times" in answer.json()["detail"]


def test_what_may_be_given_twice(owner: TestClient) -> None:
    two = "ph_06h294za7st85es0adwbznfq6w", "ph_06h294za7st85es0adwbznfq6x"
    assert owner.get("/v1/versions", params={"photograph": two}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        *(b"\xff\xfe", b"{", b"[" * 100_000, b'{"title": 1' + b"0" * 5000 + b"}", b"null", b"[]"),
        *(b'{"title": NaN}', b'{"title": "a", "description": Infinity}', b'"\xed\xa0\x80"'),
    ],
)
def test_bodies(owner: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = owner.post("/v1/collections", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("number", [2**31, 2**63, -(2**70), 10**400, float("nan"), float("inf")])
def test_numbers(owner: TestClient, number: float) -> None:
    made = owner.post(
        "/v1/productions", json={"title": "a", "toml": 'schema = "photochrom.production/1"'}
    )
    for path, body in (
        (f"/v1/productions/pr{ID}", {"title": "b"}),
        (f"/v1/productions/{made.json().get('id', 'pr' + ID)}", {"title": "b"}),
    ):
        headers = {"Content-Type": "application/json", "If-Match": f'"{number}"'}
        answer = owner.patch(path, content=json.dumps(body), headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
    answer = owner.put(
        f"/v1/jobs/jo{ID}/priority",
        content=json.dumps({"priority": number}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", b"Bearer pck_\xff_\xff"),
        ("Authorization", b"Bearer \xe4\xf6"),
        ("Authorization", b"\xff"),
        ("Cookie", b"photochrom_session=\xff\xfe"),
        ("Photochrom-Organization", b"or_\xff"),
        ("Last-Event-ID", b"\xb2"),
        ("Content-Length", b"-1"),
        ("Range", b"bytes=\xb2-"),
        ("Accept", b"\xff"),
    ],
)
def test_headers(service: Service, owner: TestClient, name: str, value: bytes) -> None:
    for client in (service.client, owner):
        answer = client.get("/v1/collections", headers={name.encode(): value})  # type: ignore[dict-item]
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("value", [*TEXTS, 2**63])
def test_no_database_is_reached(service: Service, value: Any) -> None:
    """Whatever a schema forgets: rows with such values are refused on both databases."""
    assert unfit({"a": [1, ("b", value)]})
    with pytest.raises(InvalidError), service.context.database.writing(EVERYONE) as session:
        session.query(Collection).filter(Collection.title == value).all()


def test_what_files_and_programs_say_is_cleaned(service: Service, owner: TestClient) -> None:
    own = owner.get("/v1/session").json()["organizations"][0]["organization"]
    assert clean("a\0b\ud800c") == "a\ufffdb\ufffdc" and unfit(clean("".join(TEXTS))) is None
    with service.context.database.writing(own) as session:
        job = Jobs(session).accept(own, "test", "th_x", "us_x", lane=Lane.LIGHT)
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        executor = queue.register("host", 1)
        claimed = queue.claim(executor, Lane.LIGHT, ["test"])
        assert claimed is not None
        held = Held(claimed.id, own, executor, claimed.fence)
        queue.end(held, State.FAILED, "the file says \0\ud800")
    assert owner.get(f"/v1/jobs/{job.id}").json()["message"] == "the file says \ufffd\ufffd"
