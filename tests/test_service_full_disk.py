"""A full disk: nothing more is taken, what is in hand waits, and all goes on when there is room."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import event

import small_disk
from photochrom.service.access.credentials import CSRF_HEADER
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.jobs.executor import Executor
from photochrom.service.jobs.queue import Queue
from restoring_kit import RECIPE, ended, executing, photograph
from service_kit import PASSWORD, Service, service_in
from service_server import key_of
from waiting import until

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr("photochrom.service.jobs.executor._AWAY_SECONDS", 0.05)
    with service_in(tmp_path / "data", workers=1, heartbeat_seconds=0.1) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def picture(side: int = 64, seed: int = 0) -> bytes:
    """A PNG of noise, which no packing makes smaller."""
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


# -- wherever tests run -------------------------------------------------------------------------


def limited(service: Service) -> list[int]:
    """The most pages that the database may have from now on, to be changed as one likes."""
    most = [1 << 30]
    engine = service.context.database.engine

    @event.listens_for(engine, "checkout")
    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")

    return most


def test_a_database_without_room_refuses_and_is_read(service: Service, client: TestClient) -> None:
    asked = {"title": "Harbor", "description": "x" * 4000}
    key = key_of(service.context, service.account("bob"))
    most = limited(service)
    most[0] = 1  # What is there already stays: it becomes no larger.
    answers = [client.post("/v1/collections", json=asked) for _ in range(20)]
    refused = answers[-1]
    assert {one.status_code for one in answers} <= {201, 507}
    assert (refused.status_code, refused.json()["code"]) == (507, "full")
    assert int(refused.headers["Retry-After"]) > 0
    # That a key was used could not be noted; whoever has it may read all the same.
    assert client.get("/v1/collections").status_code == 200
    headers = {"Authorization": f"Bearer {key}"}
    assert service.client.get("/v1/collections", headers=headers).status_code == 200
    most[0] = 1 << 30
    assert client.post("/v1/collections", json=asked).status_code == 201
    there = client.get("/v1/collections?limit=100").json()["items"]
    assert len(there) == 1 + sum(one.status_code == 201 for one in answers)


@pytest.mark.parametrize(
    "writes", ["uploads.small.shutil.copyfileobj", "core.blobs.linked", "uploads.small.part_of"]
)
def test_what_is_sent_in_one_piece_is_refused(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch, writes: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(f"photochrom.service.{writes}", small_disk.full)
        answer = client.post("/v1/photographs", files={"file": ("a.png", picture())})
        assert (answer.status_code, answer.json()["code"]) == (507, "full")
    assert client.get("/v1/photographs").json()["items"] == []
    data = service.context.settings.data
    assert not [path for path in data.rglob("*") if path.is_file() and "a.png" in path.name]
    answer = client.post("/v1/photographs", files={"file": ("a.png", picture())})
    assert answer.status_code == 201


def waits(client: TestClient, job: str) -> bool:
    """Whether a job says that it waits for room; it has not failed."""
    said = client.get(f"/v1/jobs/{job}").json()
    assert said["state"] in ("queued", "running"), said
    return "no room" in said["message"]


@pytest.mark.parametrize("writes", ["core.blobs.linked", "restorations.work.keep"])
def test_a_restoration_waits_for_room(
    service: Service,
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writes: str,
) -> None:
    ids = [photograph(service, client, tmp_path, f"{name}.png") for name in ("a", "b")]
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    order = client.post("/v1/restorations", json=asked).json()
    with executing(service):
        with monkeypatch.context() as patched:
            patched.setattr(f"photochrom.service.{writes}", small_disk.full)
            until(lambda: waits(client, order["job"]["id"]))
        end = ended(client, order["job"]["id"])
    assert (end["state"], end["done"], end["failed"]) == ("succeeded", 2, 0)


@pytest.mark.parametrize("writes", ["core.blobs.linked", "reports.work.keep"])
def test_a_report_waits_for_room(
    service: Service,
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writes: str,
) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    asked = {"photographs": [id], "recipe": RECIPE, "formats": ["png"]}
    with executing(service):
        ended(client, client.post("/v1/restorations", json=asked).json()["job"]["id"])
        with monkeypatch.context() as patched:
            patched.setattr(f"photochrom.service.{writes}", small_disk.full)
            report = client.post("/v1/reports", json={"photographs": [id]}).json()
            until(lambda: waits(client, report["job"]["id"]))
        assert ended(client, report["job"]["id"])["state"] == "succeeded"
    kinds = [one["kind"] for one in client.get(f"/v1/reports/{report['id']}").json()["results"]]
    assert kinds == ["report", "table"]


def test_looking_into_a_photograph_waits_for_room(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = client.post("/v1/photographs", files={"file": ("a.png", picture())}).json()
    (job,) = client.get("/v1/jobs?kind=intake").json()["items"]
    with executing(service):
        with monkeypatch.context() as patched:
            patched.setattr("photochrom.service.intake.taking.on_the_way", small_disk.full)
            until(lambda: waits(client, job["id"]))
        assert ended(client, job["id"])["state"] == "succeeded"
    found = client.get(f"/v1/photographs/{sent['photograph']['id']}").json()
    assert found["state"] == "ready"


def test_nobody_is_dead_because_no_beat_could_be_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Executor(service.context, []), Executor(service.context, [])
    one._register()
    other._register()
    clock = [0.0]
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: clock[0])
        one._beat_if_it_can()

        def away(*_: object) -> Any:
            raise UnavailableError("the database does not answer now")

        with monkeypatch.context() as without:
            for session in ("writing", "noting"):
                without.setattr(type(service.context.database), session, away)
            clock[0] += service.context.settings.takeover_seconds / 2
            one._beat_if_it_can()
        clock[0] += service.context.settings.takeover_seconds / 2 + 1
        one._beat_if_it_can()
        with service.context.database.reading(EVERYONE) as session:
            assert Queue(session).beats().keys() == {one.id, other.id}
        # From here on the other could have told it, and does not.
        clock[0] += service.context.settings.takeover_seconds
        one._beat_if_it_can()
    with service.context.database.reading(EVERYONE) as session:
        assert Queue(session).beats().keys() == {one.id}


# -- on a disk that is really full --------------------------------------------------------------


class Sender:
    """Somebody who has signed in to a service that runs."""

    def __init__(self, address: str):
        self.client = httpx.Client(base_url=f"{address}/v1", timeout=120)
        asked = {"email": small_disk.EMAIL, "password": PASSWORD}
        answer = self.client.post("/session", json=asked)
        self.client.headers[CSRF_HEADER] = answer.json()["csrf"]

    def small(self, content: bytes) -> httpx.Response:
        return self.client.post("/photographs", files={"file": ("a.png", content)})

    def begin(self, content: bytes) -> httpx.Response:
        headers = {**TUS, "Upload-Length": str(len(content))}
        return self.client.post("/uploads", headers=headers)

    def go_on(self, path: str, offset: int, content: bytes) -> httpx.Response:
        headers = {**CHUNK, "Upload-Offset": str(offset)}
        return self.client.patch(path, content=content, headers=headers)

    def ready(self, content: bytes) -> str:
        id = self.small(content).json()["photograph"]["id"]
        until(lambda: self.get(f"photographs/{id}")["state"] != "received")
        found = self.get(f"photographs/{id}")
        assert found["state"] == "ready", found
        return str(id)

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def is_full(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (507, "full")


def same_processes(disk: small_disk.SmallDisk) -> Callable[[], bool]:
    """Asks whether the service and its executor are those that they were."""
    before = [one.pid for one in disk.process.children()]
    return lambda: disk.process.is_running() and before == [x.pid for x in disk.process.children()]


@pytest.mark.skipif(not small_disk.can_mount(), reason="nothing can be mounted here")
def test_a_disk_that_fills_up_and_has_room_again(tmp_path: Path) -> None:
    large, half = picture(1500), picture(400)
    with small_disk.on_small_disk(tmp_path, "330m", workers=1) as disk:
        ada, unchanged = Sender(disk.address), same_processes(disk)
        first = ada.ready(large)
        path = ada.begin(half).headers["Location"].removeprefix("/v1")
        assert ada.go_on(path, 0, half[:50_000]).status_code == 204

        # Rows have room still, and pictures have none: a job finds out, says so and waits.
        disk.fill(leave=2 << 20)
        asked = {"photographs": [first], "recipe": RECIPE, "formats": ["tiff"]}
        order = ada.client.post("/restorations", json=asked)
        assert order.status_code == 202, order.text
        job = f"jobs/{order.json()['job']['id']}"
        until(lambda: "no room" in ada.get(job)["message"])

        disk.fill()
        assert is_full(ada.begin(half))
        assert is_full(ada.small(half))
        assert is_full(ada.go_on(path, 50_000, half[50_000:]))
        assert ada.client.head(path, headers=TUS).headers["Upload-Offset"] == "50000"
        answers = [
            ada.client.post("/collections", json={"title": "T", "description": "x" * 4000})
            for _ in range(30)
        ]
        assert {one.status_code for one in answers} <= {201, 507}
        assert ada.get(f"photographs/{first}")["state"] == "ready"
        assert ada.client.get(f"/photographs/{first}/original").content == large
        assert ada.get(job)["state"] in ("queued", "running")

        disk.free()
        until(lambda: ada.get(job)["state"] not in ("queued", "running"))
        assert (ada.get(job)["state"], ada.get(job)["failed"]) == ("succeeded", 0)
        (made,) = ada.get(f"restorations/{order.json()['id']}/photographs")["items"]
        for one in made["results"]:
            content = ada.client.get(one["url"].removeprefix("/v1")).content
            assert hashlib.sha256(content).hexdigest() == one["sha256"]
        done = ada.go_on(path, 50_000, half[50_000:])
        assert done.status_code == 204, done.text
        second = done.headers["Photochrom-Photograph"]
        assert ada.client.get(f"/photographs/{second}/original").content == half
        until(lambda: ada.get(f"photographs/{second}")["state"] == "ready")
        until(lambda: not disk.unfinished())
        assert unchanged()
        # What was answered to be there is there, and nothing of what was refused.
        kept = sum(one.status_code == 201 for one in answers)
        assert len(ada.get("collections?limit=100")["items"]) == kept
        assert " 500 " not in disk.log() and "Traceback" not in disk.log(), disk.log()[-4000:]
