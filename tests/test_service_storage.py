"""Storage that is away, fails or is slow: it is told as that, and all goes on when it is back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from photochrom.places import Url
from restoring_kit import ended, executing, scan
from rough_proxy import Fault, Proxy
from service_kit import Service, service_in
from service_server import key_of, listening
from waiting import SOON

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def service(
    tmp_path: Path, bucket: Url, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    monkeypatch.setenv("PHOTOCHROM_RETRY_SECONDS", "0.5")
    monkeypatch.setattr("photochrom.service.jobs.executor._AWAY_SECONDS", 0.05)
    with service_in(tmp_path / "data", storage=str(bucket), workers=1) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return scan(tmp_path / "scan.png", (160, 120)).read_bytes()


def test_storage_that_is_away_and_comes_back(
    service: Service, client: TestClient, proxy: Proxy, content: bytes
) -> None:
    first = client.post("/v1/photographs", files={"file": ("a.png", content)}).json()["photograph"]
    headers = {**TUS, "Upload-Length": "2000"}
    where = client.post("/v1/uploads", headers=headers).headers["Location"]
    begun = {**CHUNK, "Upload-Offset": "0"}
    assert client.patch(where, content=b"x" * 900, headers=begun).status_code == 204

    proxy.go()
    goes_on = {**CHUNK, "Upload-Offset": "900"}
    answers = [
        client.post("/v1/photographs", files={"file": ("b.png", content + b"b")}),
        client.patch(where, content=b"x" * 1100, headers=goes_on),
    ]
    assert {one.status_code for one in answers} == {503}
    assert all(int(one.headers["Retry-After"]) > 0 for one in answers)
    assert "127.0.0.1" not in "".join(one.text for one in answers)
    assert service.client.get("/readyz").status_code == 503
    # Rows are there, and nobody sees one of what was not kept.
    assert [one["id"] for one in client.get("/v1/photographs").json()["items"]] == [first["id"]]

    proxy.come_back()
    assert service.client.get("/readyz").status_code == 200
    assert client.head(where, headers=TUS).headers["Upload-Offset"] == "900"
    done = client.patch(where, content=b"x" * 1100, headers=goes_on)
    assert done.status_code == 204, done.text
    for id, sent in ((first["id"], content), (done.headers["Photochrom-Photograph"], b"x" * 2000)):
        assert client.get(f"/v1/photographs/{id}/original").content == sent
    again = client.post("/v1/photographs", files={"file": ("b.png", content + b"b")})
    assert again.status_code == 201


def test_a_job_goes_on_when_storage_answers_again(
    service: Service, client: TestClient, proxy: Proxy, content: bytes
) -> None:
    sent = client.post("/v1/photographs", files={"file": ("a.png", content)}).json()["photograph"]
    (job,) = client.get("/v1/jobs?kind=intake").json()["items"]
    asked = len(proxy.requests)
    proxy.add(Fault("status", "GET", times=10**6))
    with executing(service):
        proxy.wait_for("GET", asked + 1)
        proxy.mend()
        assert ended(client, job["id"])["state"] == "succeeded"
    assert client.get(f"/v1/photographs/{sent['id']}").json()["state"] == "ready"


def test_slow_storage_holds_up_only_who_waits_for_it(
    service: Service, proxy: Proxy, content: bytes
) -> None:
    headers = {"Authorization": f"Bearer {key_of(service.context, service.account('ada'))}"}
    slow, many = threading.Event(), 30
    with (
        listening(service.context) as address,
        httpx.Client(base_url=f"{address}/v1", headers=headers, timeout=SOON) as client,
        ThreadPoolExecutor(many + 1) as crowd,
    ):
        proxy.add(Fault("slow", "PUT", times=10**6, until=slow))
        files = [{"file": ("a.png", content + bytes([number]))} for number in range(many)]
        sent = [crowd.submit(client.post, "/photographs", files=one) for one in files]
        proxy.wait_for("PUT", 1)
        try:
            assert client.post("/collections", json={"title": "Harbor"}).status_code == 201
            assert len(client.get("/collections").json()["items"]) == 1
            assert not any(one.done() for one in sent)
        finally:
            slow.set()
        assert {one.result(timeout=SOON).status_code for one in sent} == {201}
