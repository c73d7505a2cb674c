"""A real S3 server for tests: SeaweedFS, from its package, on free ports, in a temporary folder."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

KEY, SECRET = "AKIATESTS", "a-secret-that-must-be-nowhere"
CLOUDS_SETTINGS = ("AWS_", "GOOGLE_", "GCE_", "AZURE_", "AZURITE_")
BUCKETS = ("scans", "results")
_DEADLINE = 180.0
_PORTS = ("master", "volume", "filer", "s3")
# Whoever starts us may be killed: when our input ends, the server goes as well.
WATCH = """
import subprocess, sys
with open(sys.argv[1], "wb") as log:
    server = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
sys.stdin.read()
server.kill()
server.wait()
"""


def weed() -> str | None:
    """The server's program, or None where its package is missing."""
    return shutil.which("weed", path=sysconfig.get_path("scripts"))


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Runs a server with the buckets `scans` and `results`; gives its address."""
    for attempt in range(3):
        with _started(folder / str(attempt)) as (address, filer, log):
            # A port that was free may have been taken meanwhile: then it is tried with others.
            if _answers(filer, address, log):
                yield address
                return
    raise AssertionError(f"the S3 server did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def _started(folder: Path) -> Iterator[tuple[str, str, Path]]:
    program = weed()
    assert program is not None
    folder.mkdir(parents=True)
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = _free_ports(2 * len(_PORTS))
    said = [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
    for name, port, grpc in zip(_PORTS, ports[::2], ports[1::2], strict=True):
        said += [f"-{name}.port={port}", f"-{name}.port.grpc={grpc}"]
    said += ["-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder / 's3.json'}"]
    said += ["-s3.autoCreateBucket=false", f"-s3.localSocket={folder / 's3.sock'}"]
    said += ["-master.volumeSizeLimitMB=64", "-volume.max=100", "-master.telemetry=false"]
    log = folder / "log"
    watch = [sys.executable, "-c", WATCH, str(log), program, "server", *said]
    # In a session of its own: a signal to all of ours must not end the one who ends the server.
    with subprocess.Popen(
        watch, stdin=subprocess.PIPE, cwd=folder, start_new_session=True
    ) as process:
        try:
            yield f"http://127.0.0.1:{ports[6]}", f"http://127.0.0.1:{ports[4]}", log
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _answers(filer: str, address: str, log: Path) -> bool:
    """Waits until it takes files; False if it has ended."""
    end = time.monotonic() + _DEADLINE
    while time.monotonic() < end:
        text = log.read_text(errors="replace") if log.exists() else ""
        if "address already in use" in text:
            return False
        try:
            for bucket in BUCKETS:
                _ask("PUT", f"{filer}/buckets/{bucket}/.ready", b"ready")
                _ask("DELETE", f"{filer}/buckets/{bucket}/.ready")
            must_listen(address)
            return True
        except (OSError, http.client.HTTPException):  # not yet
            time.sleep(0.1)  # between two questions
    return False


def must_listen(address: str) -> None:
    """Fails at once where somebody has ended the server; asking it would be tried for minutes."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=_DEADLINE):
        pass


def _ask(method: str, url: str, content: bytes | None = None) -> None:
    request = urllib.request.Request(url, data=content, method=method)
    with urllib.request.urlopen(request, timeout=10):
        pass


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def environment(address: str) -> dict[str, str]:
    """The settings with which the clouds' tools find the server."""
    return {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": "us-east-1",
    }


def foreign_settings() -> list[str]:
    """Settings of whoever runs the tests, which must not get in the way."""
    return [name for name in os.environ if name.startswith(CLOUDS_SETTINGS)]
