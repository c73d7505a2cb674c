"""Uploads with clients that others wrote, over lines that are cut, to a service that is killed."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import rough_proxy
from photochrom.places import Url
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.settings import Settings
from photochrom.service.uploads import receiving, sweeping
from photochrom.service.uploads.tables import UploadPart
from service_kit import Service, service_in
from service_server import Killable, key_of, listening
from test_service_uploads import CHUNK, TUS
from waiting import until

BYTES = os.urandom(3_000_000)


class Server:
    """A service that listens, and a client that is let in."""

    def __init__(self, context: Context, address: str, key: str):
        self.context, self.address = context, address
        self.headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=address, headers=self.headers, timeout=120)

    def begun(self, length: int = len(BYTES)) -> str:
        headers = {**TUS, "Upload-Length": str(length)}
        return self.client.post("/v1/uploads", headers=headers).headers["location"]

    def offset(self, where: str) -> int:
        return int(self.client.head(where, headers=TUS).headers["upload-offset"])

    def sent(self, where: str, offset: int, data: bytes) -> httpx.Response:
        headers = {**CHUNK, "Upload-Offset": str(offset)}
        return self.client.patch(where, headers=headers, content=data)

    def went_on(self, where: str, offset: int, data: bytes) -> int:
        """The status of a request that comes again, as clients do, while another is let go."""
        for _ in range(2000):
            status = self.sent(where, offset, data).status_code
            if status != 423:
                break
            threading.Event().wait(0.02)
        return status

    def photographs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/v1/photographs").json()["items"]
        return found

    def kept(self) -> bytes:
        (one,) = self.photographs()
        return self.client.get(one["links"]["original"]).content


def _server(service: Service, address: str) -> Server:
    return Server(service.context, address, key_of(service.context, service.account("ada")))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with service_in(tmp_path / "data") as service, listening(service.context) as address:
        yield _server(service, address)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.tif"
    path.write_bytes(BYTES)
    return path


def half_of_a_request(
    server: Server, where: str, data: bytes, length: int
) -> http.client.HTTPConnection:
    """A request of which only a part has come; the line is still there."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=120)
    connection.putrequest("PATCH", where)
    headers = {**server.headers, **CHUNK, "Upload-Offset": "0", "Content-Length": str(length)}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(data)
    return connection


def wait_until(server: Server, where: str, offset: int) -> None:
    """Waits until so many bytes count; a line's end is not known to both of its ends at once."""
    until(lambda: server.offset(where) == offset)


def test_a_cut_line_keeps_what_came(server: Server) -> None:
    where = server.begun()
    half_of_a_request(server, where, BYTES[:1_234_567], len(BYTES)).close()
    wait_until(server, where, 1_234_567)
    assert server.went_on(where, 1_234_567, BYTES[1_234_567:]) == 204
    assert server.kept() == BYTES


def test_two_requests_at_once(server: Server) -> None:
    where = server.begun()
    first = half_of_a_request(server, where, BYTES[:1000], len(BYTES))
    for _ in range(2000):  # It begins when it has come there.
        second = server.sent(where, 0, BYTES)
        if second.status_code != 409:
            break
    # Either may have been first: the other is told at once, and nothing is mixed.
    if second.status_code == 423:
        first.send(BYTES[1000:])
        assert first.getresponse().status == 204
    else:
        assert second.status_code == 204
        assert first.getresponse().status in (409, 413, 423)
    first.close()
    assert server.kept() == BYTES


def test_a_line_of_which_nothing_comes_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "IDLE_SECONDS", 0.2)
    where = server.begun()
    idle = half_of_a_request(server, where, BYTES[:1000], len(BYTES))
    answer = idle.getresponse()
    assert answer.status == 408
    assert server.offset(where) == 1000
    idle.close()


def test_tuspy(server: Server, scan: Path) -> None:
    tusclient = pytest.importorskip("tusclient.client", reason="tuspy is not installed")
    client = tusclient.TusClient(f"{server.address}/v1/uploads", headers=server.headers)
    uploader = client.uploader(
        str(scan), chunk_size=700_000, metadata={"filename": "Märkte.tif"}, upload_checksum=True
    )
    uploader.upload(stop_at=1_400_000)
    assert server.offset(uploader.url) == 1_400_000
    # Another run of the program goes on by the address.
    client.uploader(str(scan), url=uploader.url, chunk_size=700_000).upload()
    (one,) = server.photographs()
    assert (one["filename"], one["sha256"]) == ("Märkte.tif", hashlib.sha256(BYTES).hexdigest())
    assert server.kept() == BYTES


def test_tuspy_over_a_bad_line(server: Server, scan: Path) -> None:
    tusclient = pytest.importorskip("tusclient.client", reason="tuspy is not installed")
    with rough_proxy.proxied(server.address) as proxy:
        client = tusclient.TusClient(f"{proxy.address}/v1/uploads", headers=server.headers)
        uploader = client.uploader(str(scan), chunk_size=900_000, retries=20, retry_delay=0)
        proxy.add(
            rough_proxy.Fault("cut", "PATCH", after=300_000),
            rough_proxy.Fault("lose", "PATCH"),
            rough_proxy.Fault("status", "PATCH", status=503),
        )
        uploader.upload()
        assert proxy.all_happened
    assert server.kept() == BYTES


_SCRIPT = """\
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
const [, , home, address, file, key] = process.argv;
const { Upload } = createRequire(home + "/")("tus-js-client");
const upload = new Upload(createReadStream(file), {
  endpoint: address + "/v1/uploads",
  chunkSize: 800000,
  retryDelays: Array(40).fill(50),
  uploadLengthDeferred: false,
  uploadSize: Number(process.argv[6]),
  metadata: { filename: "from node.tif" },
  headers: { Authorization: "Bearer " + key },
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => console.log("done"),
});
upload.start();
"""


@pytest.fixture(scope="session")
def tus_js(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node finds tus-js-client."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node here")
    folder = tmp_path_factory.mktemp("tus-js")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "tus-js-client@4.3.1"]
    got = subprocess.run(install, cwd=folder, capture_output=True, check=False)
    if got.returncode != 0:
        pytest.skip("tus-js-client cannot be had here")
    return folder


def test_tus_js_client(server: Server, scan: Path, tus_js: Path) -> None:
    (tus_js / "send.mjs").write_text(_SCRIPT)
    key = server.headers["Authorization"].removeprefix("Bearer ")
    with rough_proxy.proxied(server.address) as proxy:
        proxy.add(
            rough_proxy.Fault("cut", "PATCH", after=300_000),
            rough_proxy.Fault("lose", "PATCH"),
            rough_proxy.Fault("status", "HEAD", status=503),
        )
        told = ["node", "send.mjs", str(tus_js), proxy.address, str(scan), key, str(len(BYTES))]
        got = subprocess.run(told, cwd=tus_js, capture_output=True, text=True, check=False)
        assert got.stdout == "done\n", got.stderr
        assert proxy.all_happened
    assert server.kept() == BYTES
    assert server.photographs()[0]["filename"] == "from node.tif"


# -- killed, and on another machine -------------------------------------------------------------


def test_killed_while_bytes_come(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with service_in(data) as service:
        key = key_of(service.context, service.account("ada"))
        killable = Killable(data)
        killable.start()
        server = Server(service.context, killable.address, key)
        try:
            where = server.begun(20_000_000)
            long = os.urandom(20_000_000)
            assert server.sent(where, 0, long[:500_000]).status_code == 204
            headers = {**CHUNK, "Upload-Offset": "500000"}

            def slowly() -> Iterator[bytes]:
                for place in range(500_000, 15_000_000, 500_000):
                    yield long[place : place + 500_000]
                killable.kill()
                yield long[15_000_000:]

            with pytest.raises(httpx.TransportError):
                server.client.patch(where, headers=headers, content=slowly())
            killable.start()
            offset = server.offset(where)
            # At most the last block that was not flushed is lost; what is sent goes on from there.
            assert 500_000 <= offset <= 15_000_000
            file = data / "uploads" / where.rpartition("/")[2]
            assert file.read_bytes()[:offset] == long[:offset]
            assert server.sent(where, offset, long[offset:]).status_code == 204
            assert server.kept() == long
        finally:
            killable.kill()


def test_two_machines_with_a_bucket(
    tmp_path: Path, bucket: Url, postgresql: str, scan: Path
) -> None:
    """What one began the other goes on with: they share a database and a bucket, and no disk."""
    shared = {"database": postgresql, "storage": str(bucket)}
    with (
        service_in(tmp_path / "one", **shared) as service,
        listening(service.context) as address,
        Context.opened(Settings.read(data=tmp_path / "two", **shared)) as other,
        listening(other) as elsewhere,
    ):
        one = _server(service, address)
        key = one.headers["Authorization"].removeprefix("Bearer ")
        two = Server(other, elsewhere, key)
        where = one.begun()
        half_of_a_request(one, where, BYTES[:1_000_000], len(BYTES)).close()
        wait_until(two, where, 1_000_000)
        assert two.went_on(where, 1_000_000, BYTES[1_000_000:2_000_000]) == 204
        assert one.sent(where, 2_000_000, BYTES[2_000_000:]).status_code == 204
        assert two.kept() == BYTES
        found = two.photographs()[0]
        part = {"Range": "bytes=1500000-1500009"}
        got = one.client.get(found["links"]["original"], headers=part)
        assert (got.status_code, got.content) == (206, BYTES[1_500_000:1_500_010])
        # Nothing of the parts is left anywhere.
        assert not [path for path in tmp_path.rglob("up_*") if path.is_file()]
        blobs = service.context.blobs
        with other.database.reading(EVERYONE) as session:
            names = [row.name for row in session.query(UploadPart)]
        assert names and all(blobs.size(name) is None for name in names)
        asyncio.run(sweeping.sweep(other))
