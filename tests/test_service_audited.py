"""What people do with photographs, films and jobs is in the audit log, if it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.identity.tables import User
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Job
from service_kit import Service, service_in
from stranger_kit import MAKERS

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("audited")) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> User:
    return service.account(new_id("xx"))


@pytest.fixture
def client(service: Service, owner: User) -> TestClient:
    return service.client_of(owner)


def log(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def over(service: Service, job: str) -> None:
    """Lets a job end, as an executor would."""
    with service.context.database.writing(EVERYONE) as session:
        row = session.get(Job, job)
        assert row is not None
        row.state = State.FAILED


@pytest.mark.parametrize(
    ("kind", "method", "path", "body", "what", "told"),
    [
        (
            "photograph_id",
            "PATCH",
            "photographs/{}",
            {"title": "Harbor", "place": "Basel"},
            "photograph.changed",
            {"fields": ["place", "title"]},
        ),
        ("photograph_id", "DELETE", "photographs/{}", None, "photograph.deleted", {}),
        ("production_id", "PATCH", "productions/{}", {"title": "B"}, "production.changed", {}),
        ("production_id", "DELETE", "productions/{}", None, "production.forgotten", {}),
        (
            "production_id",
            "DELETE",
            "productions/{}/files/music.wav",
            None,
            "production.file_forgotten",
            {"name": "music.wav"},
        ),
        ("job_id", "POST", "jobs/{}/pause", None, "job.paused", {"kind": "restoration"}),
        ("job_id", "POST", "jobs/{}/cancel", None, "job.cancelled", {"kind": "restoration"}),
        (
            "job_id",
            "PUT",
            "jobs/{}/priority",
            {"priority": -3},
            "job.prioritized",
            {"priority": -3, "was": 0},
        ),
        ("result_id", "POST", "results/{}/link", None, "result.link_made", {"name": "harbor.png"}),
    ],
    ids=lambda one: one if isinstance(one, str) and "." in one else "",
)
def test_what_is_done_is_told(
    service: Service,
    owner: User,
    client: TestClient,
    kind: str,
    method: str,
    path: str,
    body: Any,
    what: str,
    told: dict[str, Any],
) -> None:
    id = MAKERS[kind](service, owner)
    answer = client.request(method, f"/v1/{path.format(id)}", json=body)
    assert answer.status_code in (200, 204), answer.text
    (entry,) = log(client, what=what)
    assert (entry["subject"], entry["by"], entry["address"]) == (id, owner.id, "testclient")
    assert told.items() <= entry["details"].items()
    assert "signature" not in str(entry)


def test_orders_are_told_and_what_becomes_of_them(
    service: Service, owner: User, client: TestClient
) -> None:
    film = MAKERS["film_id"](service, owner)
    restoration = MAKERS["restoration_id"](service, owner)
    (created,) = log(client, what="production.created")
    (ordered,) = log(client, what="film.ordered")
    assert ordered["subject"] == film
    assert ordered["details"]["production"] == created["subject"]
    (sent,) = log(client, what="production.file_sent")
    assert (sent["subject"], sent["address"]) == (created["subject"], "testclient")
    (ordered,) = log(client, what="restoration.ordered")
    assert ordered["subject"] == restoration
    assert ordered["details"] == {"recipe": "faithful", "photographs": 1}
    for kind, id in (("film", film), ("restoration", restoration)):
        job = client.get(f"/v1/{kind}s/{id}").json()["job"]["id"]
        # Refused as long as its job is not over: then nothing is told, either.
        assert client.delete(f"/v1/{kind}s/{id}").status_code == 409
        assert log(client, what=f"{kind}.forgotten") == []
        over(service, job)
        assert client.delete(f"/v1/{kind}s/{id}").status_code == 204
        (forgotten,) = log(client, what=f"{kind}.forgotten")
        assert forgotten["subject"] == id


def test_jobs_that_go_on_are_told(service: Service, owner: User, client: TestClient) -> None:
    job = MAKERS["job_id"](service, owner)
    assert client.post(f"/v1/jobs/{job}/resume").status_code == 409
    assert log(client, what="job.") == []
    client.post(f"/v1/jobs/{job}/pause")
    assert client.post(f"/v1/jobs/{job}/resume").status_code == 200
    over(service, job)
    assert client.post(f"/v1/jobs/{job}/retry").status_code == 200
    told = [one["what"] for one in log(client, what="job.", subject=job)]
    assert told == ["job.retried", "job.resumed", "job.paused"]


def test_what_is_sent_in_is_told_however_it_comes(client: TestClient) -> None:
    headers = {**TUS, "Upload-Length": "4"}
    place = client.post("/v1/uploads", headers=headers).headers["location"]
    assert log(client, what="upload.") == []
    answer = client.patch(place, headers=PIECE, content=b"four")
    (first,) = log(client, what="upload.finished")
    assert first["subject"] == answer.headers["photochrom-photograph"]
    assert (first["address"], first["details"]["duplicate"]) == ("testclient", False)
    answer = client.post("/v1/photographs", files={"file": ("again.png", b"four")})
    again, _ = log(client, what="upload.finished")
    assert again["subject"] == first["subject"]
    assert (again["details"]["duplicate"], again["details"]["filename"]) == (True, "again.png")


def test_an_upload_that_ends_by_itself_is_whose_it_was(
    service: Service, owner: User, client: TestClient
) -> None:
    headers = {**TUS, "Upload-Length": "5"}
    place = client.post("/v1/uploads", headers=headers).headers["location"]
    client.patch(place, headers=PIECE, content=b"whole")
    (entry,) = log(client, what="upload.finished")
    assert (entry["by"], entry["user"]) == (owner.id, owner.id)
    # Asked for again, it is not ended again.
    assert client.head(place, headers=TUS).status_code == 200
    assert len(log(client, what="upload.finished")) == 1
