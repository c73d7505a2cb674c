"""Resumable uploads, as the protocol has them: what is taken, what is refused, who may."""

from __future__ import annotations

import asyncio
import base64
import errno
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import GoneError
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Member
from photochrom.service.quotas.repository import kept
from photochrom.service.uploads import holding, sweeping
from photochrom.service.uploads.finishing import finish
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.tables import Upload
from service_kit import Service, service_in

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {**TUS, "Content-Type": "application/offset+octet-stream"}
BYTES = bytes(range(256)) * 40


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data") as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def said(**pairs: str) -> dict[str, str]:
    coded = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Metadata": ",".join(coded)}


def begun(client: TestClient, length: int = len(BYTES), **pairs: str) -> str:
    pairs = pairs or {"filename": "scan.tif"}
    headers = {**TUS, "Upload-Length": str(length), **said(**pairs)}
    answer = client.post("/v1/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["tus-resumable"] == "1.0.0"
    return answer.headers["location"]


def sent(client: TestClient, where: str, offset: int, data: bytes, **more: str) -> Any:
    return client.patch(
        where, headers={**CHUNK, "Upload-Offset": str(offset), **more}, content=data
    )


def offset(client: TestClient, where: str) -> int:
    answer = client.head(where, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


def checksum(data: bytes, name: str = "sha1") -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def test_what_is_spoken(service: Service) -> None:
    answer = service.client.options("/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(service.context.settings.upload_limit)
    assert set(answer.headers["tus-extension"].split(",")) == {
        *("creation", "creation-with-upload", "checksum", "termination", "expiration")
    }
    assert {"sha1", "sha256", "md5"} == set(answer.headers["tus-checksum-algorithm"].split(","))


def test_in_pieces(service: Service, client: TestClient) -> None:
    where = begun(client, filename="Markt 1931.tif")
    assert offset(client, where) == 0
    first = sent(client, where, 0, BYTES[:4000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "4000")
    assert parsedate_to_datetime(first.headers["upload-expires"]) > now()
    answer = client.head(where, headers=TUS)
    assert answer.headers["upload-length"] == str(len(BYTES))
    assert answer.headers["upload-metadata"] == said(filename="Markt 1931.tif")["Upload-Metadata"]
    assert answer.headers["cache-control"] == "no-store"
    last = sent(client, where, 4000, BYTES[4000:])
    photograph = client.get(f"/v1/photographs/{last.headers['photochrom-photograph']}").json()
    assert photograph["filename"] == "Markt 1931.tif"
    assert photograph["sha256"] == hashlib.sha256(BYTES).hexdigest()
    assert (photograph["state"], photograph["bytes"]) == ("received", len(BYTES))
    assert client.get(photograph["links"]["original"]).content == BYTES
    assert offset(client, where) == len(BYTES)
    assert client.get(where).json()["photograph"] == photograph["id"]
    # Nothing of the unfinished is left, and what is sent again at the end does no harm.
    assert not list((service.context.settings.data / "uploads").iterdir())
    assert sent(client, where, len(BYTES), b"").status_code == 204
    assert len(client.get("/v1/photographs").json()["items"]) == 1


def test_with_the_first_bytes_at_once(client: TestClient) -> None:
    headers = {**CHUNK, "Upload-Length": str(len(BYTES)), **said(filename="a.png")}
    answer = client.post("/v1/uploads", headers=headers, content=BYTES[:10])
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "10")
    assert offset(client, answer.headers["location"]) == 10
    whole = client.post("/v1/uploads", headers=headers, content=BYTES)
    assert whole.headers["photochrom-photograph"].startswith("ph_")


@pytest.mark.parametrize(
    ("headers", "status", "where"),
    [
        ({}, 400, "Upload-Length"),
        ({"Upload-Length": "ten"}, 400, "Upload-Length"),
        ({"Upload-Length": "-1"}, 400, "Upload-Length"),
        ({"Upload-Length": "9" * 30}, 400, "Upload-Length"),
        ({"Upload-Length": "0"}, 400, "empty"),
        ({"Upload-Length": str(1 << 50)}, 413, "more than"),
        ({"Upload-Defer-Length": "1"}, 400, "Upload-Defer-Length"),
        ({"Upload-Length": "5", "Upload-Concat": "partial"}, 400, "Upload-Concat"),
        ({"Upload-Length": "5", "Upload-Metadata": "filename ***"}, 400, "Upload-Metadata"),
        ({"Upload-Length": "5", "Upload-Metadata": "filename /w=="}, 400, "Upload-Metadata"),
        ({"Upload-Length": "5", **said(sha256="12")}, 422, "SHA-256"),
        ({"Upload-Length": "5", **said(collection="co_x")}, 422, "collection"),
        ({"Upload-Length": "5", "Tus-Resumable": "0.2.2"}, 412, "1.0.0"),
        ({"Upload-Length": "5", "Upload-Checksum": "crc32 AAAA"}, 400, "Upload-Checksum"),
        ({"Upload-Length": "5", "Upload-Checksum": "sha1 AAAA"}, 400, "Upload-Checksum"),
    ],
)
def test_what_is_no_upload_is_not_begun(
    service: Service, client: TestClient, headers: dict[str, str], status: int, where: str
) -> None:
    answer = client.post("/v1/uploads", headers={**TUS, **headers})
    assert answer.status_code == status
    assert where in answer.json()["detail"]
    assert answer.headers["tus-resumable"] == "1.0.0"
    with service.context.database.reading(EVERYONE) as session:
        assert kept(session, Upload).photographs == 0


def test_bytes_belong_where_it_has_come_to(client: TestClient) -> None:
    where = begun(client)
    sent(client, where, 0, BYTES[:100])
    answer = sent(client, where, 50, BYTES[50:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "100")
    assert sent(client, where, 100, b"x", **{"Content-Type": "text/plain"}).status_code == 415
    assert client.patch(where, headers=CHUNK, content=b"x").status_code == 400
    assert offset(client, where) == 100


def _told_wrongly(data: bytes) -> Iterator[bytes]:
    # Without a Content-Length: they come in chunks.
    yield data[: len(data) // 2]
    yield data[len(data) // 2 :]


def test_more_than_was_said_is_refused(client: TestClient) -> None:
    where = begun(client, 100)
    assert sent(client, where, 0, BYTES[:101]).status_code == 413
    headers = {**CHUNK, "Upload-Offset": "0"}
    answer = client.patch(where, headers=headers, content=_told_wrongly(BYTES[:200]))
    assert answer.status_code == 413
    assert offset(client, where) == 0
    assert sent(client, where, 0, BYTES[:100]).status_code == 204


@pytest.mark.parametrize("name", ["sha1", "sha256", "md5"])
def test_checksums(client: TestClient, name: str) -> None:
    where = begun(client)
    wrong = sent(client, where, 0, BYTES[:100], **{"Upload-Checksum": checksum(b"x", name)})
    assert (wrong.status_code, wrong.json()["title"]) == (460, "Checksum Mismatch")
    assert offset(client, where) == 0
    right = checksum(BYTES, name)
    answer = sent(client, where, 0, BYTES, **{"Upload-Checksum": right})
    assert answer.status_code == 204
    found = client.get(f"/v1/photographs/{answer.headers['photochrom-photograph']}/original")
    assert found.content == BYTES


def test_another_file_than_was_told(client: TestClient) -> None:
    where = begun(client, filename="a.tif", sha256=hashlib.sha256(b"other").hexdigest())
    answer = sent(client, where, 0, BYTES)
    assert (answer.status_code, answer.json()["code"]) == (422, "other_bytes")
    assert client.head(where, headers=TUS).status_code == 404
    assert client.get("/v1/photographs").json()["items"] == []
    right = begun(client, filename="a.tif", sha256=hashlib.sha256(BYTES).hexdigest().upper())
    assert sent(client, right, 0, BYTES).status_code == 204


def test_taken_back(service: Service, client: TestClient) -> None:
    where = begun(client)
    sent(client, where, 0, BYTES[:100])
    assert client.delete(where, headers=TUS).status_code == 204
    assert client.head(where, headers=TUS).status_code == 404
    assert sent(client, where, 100, b"x").status_code == 404
    assert not list((service.context.settings.data / "uploads").iterdir())
    # What it has become stays.
    where = begun(client)
    photograph = sent(client, where, 0, BYTES).headers["photochrom-photograph"]
    assert client.delete(where, headers=TUS).status_code == 204
    assert client.get(f"/v1/photographs/{photograph}/original").content == BYTES


def test_methods_for_those_who_can_only_post(client: TestClient) -> None:
    where = begun(client)
    patch = {**CHUNK, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(where, headers=patch, content=BYTES[:7]).headers["upload-offset"] == "7"
    delete = {**TUS, "X-HTTP-Method-Override": "DELETE"}
    assert client.post(where, headers=delete).status_code == 204
    assert client.post(where, headers=TUS).status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE", "GET"])
def test_somebody_elses(service: Service, client: TestClient, method: str) -> None:
    where = begun(client)
    headers = {**CHUNK, "Upload-Offset": "0"}
    body: dict[str, Any] = {"content": BYTES} if method == "PATCH" else {}
    other = service.client_of(service.account("bob"))
    assert other.request(method, where, headers=headers, **body).status_code == 404
    stranger = service.client.request(method, where, headers=headers, **body)
    assert stranger.status_code == 401
    if method != "GET":
        assert stranger.headers["tus-resumable"] == "1.0.0"
    assert offset(client, where) == 0
    assert not list(service.context.settings.data.glob("uploads/*"))


def answered_unread(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of a request whose body must not be asked for."""
    statuses: list[int] = []

    async def receive() -> Any:
        raise AssertionError("bytes were taken of somebody who may not send any")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    every = {**client.headers, **headers, "Cookie": cookies, "Content-Length": "1000000"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in every.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(client.app(scope, receive, send))
    return statuses[0]


def test_no_byte_is_read_of_who_may_not(service: Service, client: TestClient) -> None:
    where = begun(client)
    other = service.client_of(service.account("bob"))
    viewer = service.client_of(service.account("eve"))
    with service.context.database.writing(EVERYONE) as session:
        session.query(Member).filter(Member.role == Role.OWNER).order_by(
            Member.id.desc()
        ).first().role = Role.VIEWER
    patch, post = {**CHUNK, "Upload-Offset": "0"}, {**CHUNK, "Upload-Length": "2000000"}
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for somebody, may_not in ((service.client, 401), (viewer, 403)):
        assert answered_unread(somebody, "PATCH", where, patch) == may_not
        assert answered_unread(somebody, "POST", "/v1/uploads", post) == may_not
        assert answered_unread(somebody, "POST", "/v1/photographs", form) == may_not
    assert answered_unread(other, "PATCH", where, patch) == 404
    assert answered_unread(client, "PATCH", where, patch) == 413
    assert answered_unread(client, "PATCH", where, {**patch, "Upload-Offset": "7"}) == 409
    large = {**CHUNK, "Upload-Length": str(1 << 50)}
    assert answered_unread(client, "POST", "/v1/uploads", large) == 413


def test_duplicates_are_told(client: TestClient) -> None:
    first = sent(client, begun(client, filename="a.tif"), 0, BYTES).headers
    assert first["photochrom-duplicate"] == "false"
    again = sent(client, begun(client, filename="b.tif"), 0, BYTES).headers
    assert again["photochrom-duplicate"] == "true"
    assert again["photochrom-photograph"] == first["photochrom-photograph"]
    asked = begun(client, filename="b.tif", keep_duplicate="true")
    own = sent(client, asked, 0, BYTES).headers["photochrom-photograph"]
    found = client.get(f"/v1/photographs/{own}").json()
    assert (found["duplicate_of"], found["filename"]) == (first["photochrom-photograph"], "b.tif")
    assert len(client.get("/v1/photographs").json()["items"]) == 2
    assert client.get(found["links"]["original"]).content == BYTES


def test_bytes_of_others_are_no_duplicates(service: Service, client: TestClient) -> None:
    sent(client, begun(client), 0, BYTES)
    other = service.client_of(service.account("bob"))
    assert sent(other, begun(other), 0, BYTES).headers["photochrom-duplicate"] == "false"


def test_into_a_collection(client: TestClient) -> None:
    made = client.post("/v1/collections", json={"title": "Fairs"}).json()["id"]
    where = begun(client, filename="a.tif", collection=made)
    photograph = sent(client, where, 0, BYTES).headers["photochrom-photograph"]
    again = sent(client, begun(client, filename="b.tif", collection=made), 0, BYTES)
    assert again.headers["photochrom-photograph"] == photograph
    order = client.get(f"/v1/collections/{made}/photographs").json()
    assert order == {"photographs": [photograph]}


def test_a_collection_that_went_meanwhile_costs_no_photograph(client: TestClient) -> None:
    made = client.post("/v1/collections", json={"title": "Fairs"}).json()["id"]
    where = begun(client, filename="a.tif", collection=made)
    assert client.delete(f"/v1/collections/{made}").status_code == 204
    assert "photochrom-photograph" in sent(client, where, 0, BYTES).headers


def test_quotas(tmp_path: Path) -> None:
    with service_in(tmp_path, quota_bytes=15_000, quota_photographs=3) as service:
        client = service.client_of(service.account("ada"))
        headers = {**TUS, "Upload-Length": "15001"}
        assert client.post("/v1/uploads", headers=headers).json()["code"] == "over_quota"
        where = begun(client, 10_240)
        # What has been begun counts: it will need it.
        headers = {**TUS, "Upload-Length": "10240"}
        assert client.post("/v1/uploads", headers=headers).status_code == 403
        assert sent(client, where, 0, BYTES).status_code == 204
        assert client.post("/v1/uploads", headers=headers).status_code == 403
        begun(client, 100)
        begun(client, 100)
        headers = {**TUS, "Upload-Length": "1"}
        refused = client.post("/v1/uploads", headers=headers)
        assert (refused.status_code, "3 photographs" in refused.json()["detail"]) == (403, True)
        (one,) = client.get("/v1/photographs").json()["items"]
        assert client.delete(f"/v1/photographs/{one['id']}").status_code == 204
        begun(client, 10_240)


def test_no_room_is_told_before(tmp_path: Path) -> None:
    most = 1 << 59  # More than any disk has.
    with service_in(tmp_path, upload_limit=most) as service:
        client = service.client_of(service.account("ada"))
        answer = client.post("/v1/uploads", headers={**TUS, "Upload-Length": str(most)})
        assert (answer.status_code, answer.json()["code"]) == (507, "full")


def test_a_full_disk_is_told_and_costs_nothing_that_counts(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = begun(client)
    sent(client, where, 0, BYTES[:100])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("photochrom.service.uploads.parts.os.fsync", full)
        answer = sent(client, where, 100, BYTES[100:])
        assert (answer.status_code, answer.json()["code"]) == (507, "full")
    assert offset(client, where) == 100
    answer = sent(client, where, 100, BYTES[100:])
    kept = client.get(f"/v1/photographs/{answer.headers['photochrom-photograph']}/original")
    assert kept.content == BYTES


# -- crashes ------------------------------------------------------------------------------------


def _row(service: Service, where: str) -> Upload:
    with service.context.database.reading(EVERYONE) as session:
        found = Uploads(session).find(where.rpartition("/")[2])
    assert found is not None
    return found


def _set(service: Service, where: str, **values: Any) -> None:
    with service.context.database.writing(EVERYONE) as session:
        row = session.get(Upload, where.rpartition("/")[2])
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)


def test_bytes_that_never_counted_are_overwritten(service: Service, client: TestClient) -> None:
    where = begun(client)
    sent(client, where, 0, BYTES[:100])
    file = service.context.settings.data / "uploads" / where.rpartition("/")[2]
    with file.open("ab") as torn:
        torn.write(b"left by a crash")
    assert offset(client, where) == 100
    answer = sent(client, where, 100, BYTES[100:])
    kept = client.get(f"/v1/photographs/{answer.headers['photochrom-photograph']}/original")
    assert kept.content == BYTES


def test_bytes_that_are_lost_are_told(service: Service, client: TestClient) -> None:
    where = begun(client)
    sent(client, where, 0, BYTES[:100])
    (service.context.settings.data / "uploads" / where.rpartition("/")[2]).write_bytes(b"x")
    answer = sent(client, where, 100, BYTES[100:])
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")
    assert "begin the upload anew" in answer.json()["detail"]


def test_the_dead_hold_nothing(service: Service, client: TestClient) -> None:
    where = begun(client)
    mine = holding._process()
    host, pid, started = mine.split("-")
    for dead in (
        f"{mine}-0123456789abcdef",  # a request of this process that has ended
        f"{host}-{pid}-1.00-0123456789abcdef",  # a process that had our number
        f"{host}-999999999-{started}-0123456789abcdef",
    ):
        _set(service, where, holder=dead)
        answer = sent(client, where, offset(client, where), b"x")
        assert answer.status_code == 204
    assert _row(service, where).holder is None


def test_the_living_are_not_disturbed(service: Service, client: TestClient) -> None:
    where = begun(client)
    with holding._named() as token:
        _set(service, where, holder=token)
        answer = sent(client, where, 0, BYTES)
        assert (answer.status_code, answer.json()["code"]) == (423, "locked")
        assert int(answer.headers["retry-after"]) > 0
        assert offset(client, where) == 0
    assert sent(client, where, 0, BYTES).status_code == 204


def test_who_is_silent_on_another_machine_is_dead(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "SILENCE_SECONDS", 0.01)
    where = begun(client)
    _set(service, where, holder="another-1-1.00-0123456789abcdef")
    assert sent(client, where, 0, BYTES).status_code == 204


def test_who_was_taken_for_dead_moves_nothing(service: Service, client: TestClient) -> None:
    where = begun(client)
    row = _row(service, where)
    _set(service, where, holder="another-1-1.00-0123456789abcdef")
    with service.context.database.writing(EVERYONE) as session:
        uploads = Uploads(session)
        assert not uploads.move(row, "another-1-1.00-ffffffffffffffff", 100, now())
        assert not uploads.finish(row.id, "another-1-1.00-ffffffffffffffff", "ph_x", False, now())


def _whole_but_not_ended(service: Service, client: TestClient) -> str:
    """As after a crash between the last byte and the end."""
    where = begun(client)
    sent(client, where, 0, BYTES[:-1])
    with (service.context.settings.data / "uploads" / where.rpartition("/")[2]).open("ab") as file:
        file.write(BYTES[-1:])
    _set(service, where, offset=len(BYTES), holder="another-1-1.00-0123456789abcdef")
    return where


def test_what_a_crash_kept_from_its_end_is_ended(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "SILENCE_SECONDS", 0.01)
    where = _whole_but_not_ended(service, client)
    answer = client.head(where, headers=TUS)
    assert answer.headers["upload-offset"] == str(len(BYTES))
    photograph = answer.headers["photochrom-photograph"]
    assert client.get(f"/v1/photographs/{photograph}/original").content == BYTES


def test_sweeping_ends_it_as_well(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "SILENCE_SECONDS", 0.01)
    where = _whole_but_not_ended(service, client)
    asyncio.run(sweeping.sweep(service.context))
    (found,) = client.get("/v1/photographs").json()["items"]
    assert client.get(where).json()["photograph"] == found["id"]
    asyncio.run(sweeping.sweep(service.context))
    assert len(client.get("/v1/photographs").json()["items"]) == 1


def test_taken_back_while_it_ends(service: Service, client: TestClient) -> None:
    where = begun(client)
    row = _row(service, where)
    (service.context.settings.data / "uploads").mkdir(exist_ok=True)
    (service.context.settings.data / "uploads" / row.id).write_bytes(BYTES)
    assert client.delete(where, headers=TUS).status_code == 204
    (service.context.settings.data / "uploads" / row.id).write_bytes(BYTES)
    with pytest.raises(GoneError):
        finish(service.context, row, "some-1-1.00-writer")
    assert client.get("/v1/photographs").json()["items"] == []
    assert not list(service.context.settings.data.glob("blobs/**/scan.tif"))


# -- what runs out ------------------------------------------------------------------------------


def test_what_runs_out_is_removed(service: Service, client: TestClient) -> None:
    where, other = begun(client), begun(client)
    sent(client, where, 0, BYTES[:100])
    sent(client, other, 0, BYTES[:100])
    _set(service, where, until=now() - timedelta(seconds=1))
    assert client.head(where, headers=TUS).status_code == 404
    stray = service.context.settings.data / "uploads" / "up_stray.0123"
    stray.write_bytes(b"x")
    assert sweeping.remove_expired(service.context) == 1
    left = [path.name for path in (service.context.settings.data / "uploads").iterdir()]
    assert left == [other.rpartition("/")[2]]
    assert offset(client, other) == 100


def test_a_photograph_outlives_its_upload(service: Service, client: TestClient) -> None:
    where = begun(client)
    photograph = sent(client, where, 0, BYTES).headers["photochrom-photograph"]
    _set(service, where, until=now() - timedelta(seconds=1))
    assert sweeping.remove_expired(service.context) == 1
    assert client.get(f"/v1/photographs/{photograph}/original").content == BYTES
