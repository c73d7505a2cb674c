"""The clients that the docs show work as they are, against a service that listens and works."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from standardwebhooks import Webhook

from photochrom.service.jobs.executor import Executor
from photochrom.service.kinds import BESIDE, KINDS
from photochrom.service.outbox.states import TEST, Told
from photochrom.service.specification import operation_name
from photochrom.service.webhooks.secrets import new_secret
from photochrom.service.webhooks.sending import send
from service_kit import Service, service_in
from service_server import key_of, listening

DOCS = Path(__file__).parents[1] / "docs"
SOON = 300


def names_in(page: str) -> dict[str, Any]:
    """What the Python of a page defines."""
    found: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(), flags=re.DOTALL):
        exec(compile(block, page, "exec"), found)
    return found


@contextmanager
def working(service: Service) -> Iterator[None]:
    executor = Executor(service.context, KINDS)
    thread = threading.Thread(target=executor.run)
    thread.start()
    try:
        yield
    finally:
        executor.stop()
        thread.join(SOON)
        assert not thread.is_alive()


def test_from_a_scan_to_pictures(tmp_path: Path) -> None:
    restored = names_in("service-api.md")["restored"]
    rng = np.random.default_rng(3)
    scan, saved = tmp_path / "Market 1931.png", tmp_path / "saved"
    saved.mkdir()
    coarse = Image.fromarray(rng.integers(30, 220, (9, 12), dtype=np.uint8))
    coarse.resize((96, 72), Image.Resampling.BICUBIC).save(scan)
    with service_in(tmp_path / "data", workers=1, heartbeat_seconds=0.1) as service:
        key = key_of(service.context, service.account("ada"))
        with (
            listening(service.context) as address,
            working(service),
            httpx.Client(
                base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=SOON
            ) as client,
        ):
            files = restored(client, scan, saved)
    pictures = [file for file in files if file.suffix == ".jpg"]
    assert pictures and all(file.stat().st_size for file in files)
    with Image.open(pictures[0]) as picture:
        assert picture.size == (96, 72)


def test_a_receiver() -> None:
    received, secret = names_in("service-webhooks.md")["received"], new_secret()
    body, time = json.dumps({"type": "job.failed"}), datetime.now(UTC)
    headers = {
        "webhook-id": "msg_x",
        "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_x", time, body),
    }
    assert received(secret, headers, body.encode()) == {"type": "job.failed"}
    assert received(new_secret(), headers, body.encode()) is None
    assert received(secret, {**headers, "webhook-id": "msg_y"}, body.encode()) is None


def test_what_is_told_is_documented() -> None:
    text = (DOCS / "service-webhooks.md").read_text()
    assert set(re.findall(r"^\| `([a-z.]+)` \|", text, flags=re.MULTILINE)) == {*Told, TEST}


@pytest.mark.parametrize("page", ["service-api.md", "service-webhooks.md"])
def test_routes_that_are_named_are_there(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text()
    with service_in(tmp_path) as service:
        paths = service.client.get("/v1/openapi.json").json()["paths"]
    there = {
        (method.upper(), re.sub(r"{\w+}", "ID", path))
        for path, operations in paths.items()
        for method in operations
    }
    named = set(re.findall(r"(GET|POST|PUT|PATCH|DELETE) (/v1/[A-Za-z/]+)", text))
    assert named and named <= there


def test_names_that_are_shown_are_made() -> None:
    assert operation_name("get", "/jobs", is_list=True) == "list_jobs"
    assert operation_name("post", "/restorations") == "create_restoration"


def test_executors_send_webhooks() -> None:
    assert send in BESIDE
