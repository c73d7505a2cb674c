"""Files that mean harm, sent to a service that runs: each is answered, and none of them tells."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
from bench.service.serving import Served, keys, served

from test_service_intake import mutated, seeds
from waiting import until

TUS = {"Tus-Resumable": "1.0.0"}
GROWTH_MB = 150
"""Memory that the processes of the service may grow by: what they load when it is first needed."""

NAMES = [
    *("../../etc/passwd", "a/b\\c.png", "-rf.tif", ".", "", "a" * 3000 + ".png", "nul\x01\x7f.jpg"),
    *("\u202egnp.exe", "%2e%2e%2fa.png", "<script>.gif", "photograph.png", "ü\ud83d\ude00.tif"),
]


def names(number: int, name: str) -> str:
    """Every third file has a name that is no better than what is in it."""
    if number % 3:
        return name
    return NAMES[number % len(NAMES)].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def sent(client: httpx.Client, number: int, name: str, content: bytes) -> httpx.Response:
    """Sends a file in one piece, or as the protocol for pieces has it."""
    if number % 2:
        return client.post("/photographs", files={"file": (name, content)})
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {
        **TUS,
        "Upload-Length": str(len(content)),
        "Upload-Metadata": told,
        "Content-Type": "application/offset+octet-stream",
    }
    return client.post("/uploads", content=content, headers=headers)


def held(service: Served) -> float:
    """MB of the process that answers and of executors, the one that holds most."""
    return max(one.memory_info().rss for one in (service.process, *service.executors())) / 1e6


def photographs(client: httpx.Client) -> list[dict[str, Any]]:
    """All that are there."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        more = {"after": after} if after else {}
        page = client.get("/photographs", params={"limit": 200, **more}).json()
        found += page["items"]
        after = page["next"]
    return found


def are_looked_into(client: httpx.Client) -> bool:
    page = client.get("/photographs", params={"state": "received", "limit": 1}).json()
    return not page["items"]


def send_hostile(folder: Path, count: int) -> None:
    rng = np.random.default_rng(20)
    with served(folder, executors=2, organizations=1, requests_a_minute=1_000_000) as service:
        (key,) = keys(service.address, 1)
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"{service.address}/v1", headers=headers, timeout=300) as client:
            # Whatever is loaded or started once is there from here on.
            for number, (name, content) in enumerate(seeds()):
                assert sent(client, number, name, content).status_code == 201
            until(lambda: are_looked_into(client))
            executors = {one.pid for one in service.executors()}
            before = held(service)
            taken = set()
            for number in range(count):
                name, content = seeds()[number % len(seeds())]
                answer = sent(client, number, names(number, name), mutated(content, rng))
                assert answer.status_code in (200, 201, 400, 413, 422), answer.text
                if answer.status_code >= 400:
                    assert answer.json()["detail"], answer.text
                elif "location" in answer.headers:
                    taken.add(answer.headers["photochrom-photograph"])
                else:
                    taken.add(answer.json()["photograph"]["id"])
            until(lambda: are_looked_into(client))
            rows = {one["id"]: one for one in photographs(client)}
            assert taken <= rows.keys()
            for one in rows.values():
                assert one["state"] == "ready" or one["reason"], one
                assert one["filename"].isprintable() and "/" not in one["filename"], one
            states = {rows[id]["state"] for id in taken}
            assert states == {"ready", "refused"}
            # A photograph is ready, or refused, a moment before its job is over.
            until(lambda: all(job["state"] not in ("queued", "running") for job in _jobs(client)))
            assert {job["state"] for job in _jobs(client)} == {"succeeded"}
        assert {one.pid for one in service.executors()} == executors
        until(lambda: not _looking(service))
        assert held(service) - before < GROWTH_MB
        assert not service.errors()


def _jobs(client: httpx.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/jobs", params={"limit": 200}).json()["items"]
    return items


def _looking(service: Served) -> list[psutil.Process]:
    """Processes that look into photographs: what the executors' servers of forks have forked."""
    return [
        child
        for executor in service.executors()
        for server in executor.children()
        for child in server.children(recursive=True)
    ]


def test_hostile_files_over_the_web(tmp_path: Path) -> None:
    send_hostile(tmp_path, 60)


@pytest.mark.slow
def test_two_thousand_hostile_files_over_the_web(tmp_path: Path) -> None:
    send_hostile(tmp_path, 2000)
