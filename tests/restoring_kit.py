"""Photographs that were taken in, and jobs that really run, for tests of the service."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image

from photochrom.files import sha256_of
from photochrom.service.jobs.executor import Executor
from photochrom.service.kinds import KINDS
from photochrom.service.photographs import names
from photochrom.service.photographs.tables import Photograph, State
from service_kit import Service
from waiting import SOON

RECIPE = 'schema = "photochrom.recipe/1"\nname = "quick"\nsteps = ["tone"]\n'
"""Without networks: what is tested is the way, not the pictures."""


def organization_of(client: TestClient) -> str:
    return str(client.get("/v1/session").json()["organizations"][0]["organization"])


def scan(path: Path, size: tuple[int, int]) -> Path:
    """A picture of soft spots, another one for each name."""
    seed = int(hashlib.sha256(path.name.encode()).hexdigest()[:8], 16)
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(30, 220, (12, 16), dtype=np.uint8))
    coarse.resize(size, Image.Resampling.BICUBIC).save(path)
    return path


def photograph(service: Service, client: TestClient, folder: Path, name: str, **said: Any) -> str:
    """A photograph that was taken in."""
    path = scan(folder / name, (160, 120))
    organization = organization_of(client)
    row = Photograph(
        organization_id=organization,
        by="us_x",
        filename=name,
        name=name,
        bytes=path.stat().st_size,
        sha256=sha256_of(path),
        state=State.READY,
        **said,
    )
    with service.context.database.writing(organization) as session:
        session.add(row)
        session.flush()
        service.context.blobs.put(names.original(organization, row.id, name), path)
    return row.id


@contextmanager
def executing(service: Service) -> Iterator[None]:
    executor = Executor(service.context, KINDS)
    thread = threading.Thread(target=executor.run)
    thread.start()
    try:
        yield
    finally:
        executor.stop()
        thread.join(SOON)
        assert not thread.is_alive()


def ended(client: TestClient, job: str) -> dict[str, Any]:
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        said: dict[str, Any] = client.get(f"/v1/jobs/{job}").json()
        if said["state"] in ("succeeded", "failed", "cancelled"):
            return said
        time.sleep(0.1)
    raise AssertionError(f"the job has not ended: {said}")


def film_of(
    ids: list[str], more: str = "", film: str = "", shots: int | None = None, caption: str = ""
) -> str:
    """A production file with a small film of some photographs, each for three seconds."""
    said = f'caption = "{caption}"\n' if caption else ""
    photographs = "".join(
        f'[[photograph]]\nid = "p{n}"\nfile = "{id}/scan.png"\n{said}' for n, id in enumerate(ids)
    )
    shown = range(len(ids) if shots is None else shots)
    takes = "".join(f'[[shot]]\nphotograph = "p{n}"\nlength = 3\n' for n in shown)
    return (
        f'schema = "photochrom.production/1"\ntitle = "Two places"\n{more}'
        f"{photographs}{takes}[film]\nsize = [160, 128]\nrate = 10\n{film}"
    )


def production(
    client: TestClient, ids: list[str], more: str = "", caption: str = ""
) -> dict[str, Any]:
    """A production of the same."""
    asked = {"title": "Two places", "toml": film_of(ids, film=more, caption=caption)}
    made = client.post("/v1/productions", json=asked)
    assert made.status_code == 201, made.text
    said: dict[str, Any] = made.json()
    return said
