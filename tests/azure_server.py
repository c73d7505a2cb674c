"""An Azure Blob Storage for tests: Azurite, from its package of Node's, on a free port.

`make test-all` installs it; elsewhere it is found by `PATH`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import s3_server

ACCOUNT = "archive"
SECRET = base64.b64encode(b"a-secret-that-must-be-nowhere-at-all").decode()
CONTAINERS = ("scans", "results")
_DEADLINE = 180.0
_LISTENS = re.compile(r"successfully listens on (http://127\.0\.0\.1:\d+)")
_VERSION = "2024-11-04"


def azurite() -> str | None:
    """The server's program, or None where its package is missing."""
    beside = Path(sys.prefix) / "azurite" / "node_modules" / ".bin"
    found = os.pathsep.join(
        [str(beside), str(Path(sys.prefix) / "bin"), os.environ.get("PATH", "")]
    )
    # It is a script for Node.
    return shutil.which("azurite-blob", path=found) if shutil.which("node", path=found) else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Runs a server with the containers `scans` and `results`; gives its address."""
    program = azurite()
    assert program is not None
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    said = ["--location", str(folder), "--blobPort", "0", "--silent", "--disableTelemetry"]
    said += ["--skipApiVersionCheck"]
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", "")])
    environment = os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{SECRET}", "PATH": path}
    watch = [sys.executable, "-c", s3_server.WATCH, str(log), program, *said]
    with subprocess.Popen(
        watch, stdin=subprocess.PIPE, cwd=folder, start_new_session=True, env=environment
    ) as process:
        try:
            address = _address(log)
            for container in CONTAINERS:
                _make(address, container)
            yield address
        finally:
            assert process.stdin is not None
            process.stdin.close()


def environment(address: str) -> dict[str, str]:
    """The settings with which the server is found."""
    return {
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": SECRET,
        "AZURE_STORAGE_USE_EMULATOR": "true",
        "AZURITE_BLOB_STORAGE_URL": address,
    }


def _address(log: Path) -> str:
    """Waits until it listens."""
    end = time.monotonic() + _DEADLINE
    while time.monotonic() < end:
        text = log.read_text(errors="replace") if log.exists() else ""
        if found := _LISTENS.search(text):
            return found[1]
        time.sleep(0.1)  # between two looks
    raise AssertionError(f"the Azure server did not start:\n{text[-3000:]}")


def _make(address: str, container: str) -> None:
    """Makes a container; signed as in "Authorize with Shared Key" of Azure's reference."""
    now = formatdate(usegmt=True)
    headers = f"x-ms-date:{now}\nx-ms-version:{_VERSION}"
    resource = f"/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container"
    signed = "\n".join(["PUT", *[""] * 11, headers, resource])
    digest = hmac.digest(base64.b64decode(SECRET), signed.encode(), hashlib.sha256)
    signature = base64.b64encode(digest).decode()
    url = f"{address}/{ACCOUNT}/{container}?restype=container"
    request = urllib.request.Request(url, method="PUT")
    request.add_header("Authorization", f"SharedKey {ACCOUNT}:{signature}")
    request.add_header("x-ms-date", now)
    request.add_header("x-ms-version", _VERSION)
    with urllib.request.urlopen(request, timeout=30):
        pass
