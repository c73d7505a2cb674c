"""The clouds that tests marked `every_cloud` run against, each a server of this machine."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import azure_server
import gcs_server
import s3_server
from gcs_buckets import Cloud as Buckets

SCHEMES = ("s3", "gs", "az")


@dataclass(frozen=True)
class Cloud:
    """A server that runs.

    Attributes:
        scheme: "s3", "gs" or "az".
        address: Where it listens.
        environment: The settings with which it is found.
        endpoint: Which of them is the address.
        wrong: The settings of somebody who has the name and not the secret.
        secrets: What nobody may ever read.
    """

    scheme: str
    address: str
    environment: dict[str, str]
    endpoint: str
    wrong: dict[str, str]
    secrets: tuple[str, ...]


@contextmanager
def running(scheme: str, folder: Path) -> Iterator[Cloud]:
    """Runs a cloud's server; skips where it is missing."""
    if scheme == "gs":
        with gcs_server.running() as server:
            yield _google(server, folder)
        return
    if azure_server.azurite() is None:
        pytest.skip("there is no Azurite here (npm install azurite, as `make test-all` does)")
    with azure_server.running(folder) as address:
        yield _azure(address)


def amazon(address: str) -> Cloud:
    """SeaweedFS."""
    return Cloud(
        "s3",
        address,
        s3_server.environment(address),
        "AWS_ENDPOINT_URL",
        {"AWS_SECRET_ACCESS_KEY": "wrong-secret"},
        (s3_server.SECRET, s3_server.KEY),
    )


def _google(server: Buckets, folder: Path) -> Cloud:
    wrong = {"GOOGLE_APPLICATION_CREDENTIALS": str(server.account(folder, right=False))}
    found = server.environment(folder)
    account = Path(found["GOOGLE_APPLICATION_CREDENTIALS"])
    secret = account.read_text().partition("BEGIN PRIVATE KEY-----\\n")[2][:60]
    return Cloud("gs", server.address, found, "GOOGLE_BASE_URL", wrong, (secret,))


def _azure(address: str) -> Cloud:
    wrong = {"AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(b"another").decode()}
    found = azure_server.environment(address)
    return Cloud("az", address, found, "AZURITE_BLOB_STORAGE_URL", wrong, (azure_server.SECRET,))
