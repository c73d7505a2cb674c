"""The real service, killed again and again: all jobs end, with the bytes of a calm run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from photochrom.service.access.credentials import CSRF_HEADER
from restoring_kit import film_of, scan
from service_kit import PASSWORD
from service_server import free_port
from waiting import SOON, until

RECIPE = 'schema = "photochrom.recipe/1"\nname = "quick"\nsteps = ["tone", "clean"]\n'


class Running:
    """A service in processes of its own, and somebody who has signed in."""

    def __init__(self, data: Path):
        self.data = data
        self.port = free_port()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it can work."""
        environment = {
            **os.environ,
            "PHOTOCHROM_SERVICE_WORKERS": "1",
            "PHOTOCHROM_SERVICE_HEARTBEAT_SECONDS": "0.2",
            "PHOTOCHROM_SERVICE_TAKEOVER_SECONDS": "3",
        }
        command = [sys.executable, "-m", "photochrom", "serve", "--data", str(self.data)]
        command += ["--port", str(self.port), "--executors", "2"]
        log = (self.data.parent / "log.txt").open("ab")
        self._process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        until(lambda: self._answers("/readyz"))

    def sign_in(self) -> None:
        """Makes the account, and signs in."""
        command = [sys.executable, "-m", "photochrom", "account", "create", "--data"]
        command += [str(self.data), "--email", "ada@example.org", "--organization", "Archive"]
        subprocess.run(
            [*command, "--password-stdin"], input=PASSWORD.encode(), check=True, timeout=SOON
        )
        asked = {"email": "ada@example.org", "password": PASSWORD}
        answer = self.client.post("/v1/session", json=asked)
        self.client.headers[CSRF_HEADER] = answer.json()["csrf"]

    def kill(self, rng: random.Random) -> None:
        """Kills something of it: all, the application, an executor or a worker."""
        assert self._process is not None
        whole = psutil.Process(self._process.pid)
        parts = whole.children(recursive=True)
        doomed = [whole, *parts] if rng.random() < 0.4 else [rng.choice((whole, *parts))]
        for one in doomed:
            _kill(one)
        if whole in doomed:
            self._process.wait(SOON)
            self.start()

    def stop(self) -> None:
        """Ends it in peace."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(SOON)

    def patiently(self, ask: Callable[[], httpx.Response]) -> Any:
        """An answer, however often the service goes away meanwhile."""
        end = time.monotonic() + SOON
        while True:
            with suppress(httpx.TransportError):  # It was killed, and is not back yet.
                answer = ask()
                if answer.status_code < 500:
                    assert answer.status_code < 400, answer.text
                    return answer.json()
            assert time.monotonic() < end, "the service has not come back"
            time.sleep(0.2)

    def get(self, path: str) -> Any:
        """What is at an address."""
        return self.patiently(lambda: self.client.get(path))

    def _answers(self, path: str) -> bool:
        try:
            return self.client.get(path).status_code == 200
        except httpx.TransportError:
            return False


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):  # It went along with another.
        process.send_signal(signal.SIGKILL)


def send(service: Running, folder: Path, count: int) -> list[str]:
    """Photographs, each sent in and looked into."""
    ids = []
    for number in range(count):
        path = scan(folder / f"scan{number}.png", (320, 240))
        files = {"file": (path.name, path.read_bytes())}
        sent = service.patiently(
            lambda files=files: service.client.post("/v1/photographs", files=files)
        )  # type: ignore[misc]
        ids.append(str(sent["photograph"]["id"]))
    until(lambda: all(one["state"] == "ready" for one in service.get("/v1/photographs")["items"]))
    return ids


def order(service: Running, ids: list[str]) -> tuple[str, str, list[str]]:
    """Orders a restoration and a film; their ids, and those of their jobs."""
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    restoration = service.patiently(lambda: service.client.post("/v1/restorations", json=asked))
    toml = film_of(ids, 'recipe = "scan-clean"\n', shots=2, caption="A day")
    made = service.patiently(
        lambda: service.client.post("/v1/productions", json={"title": "T", "toml": toml})
    )
    film = service.patiently(
        lambda: service.client.post("/v1/films", json={"production": made["id"]})
    )
    return restoration["id"], film["id"], [restoration["job"]["id"], film["job"]["id"]]


def bytes_of(service: Running, restoration: str, film: str) -> dict[str, str]:
    """Digests of all pictures and films that were made."""
    found: dict[str, str] = {}
    for one in service.get(f"/v1/restorations/{restoration}/photographs")["items"]:
        assert one["state"] == "done", one
        found |= {x["name"]: x["sha256"] for x in one["results"] if x["kind"] == "picture"}
    results = service.get(f"/v1/films/{film}")["results"]
    return found | {x["name"]: x["sha256"] for x in results if x["kind"] in ("film", "captions")}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data")
    running.start()
    running.sign_in()
    yield running
    running.stop()


@pytest.mark.slow
def test_killed_again_and_again_it_gives_the_same_bytes(service: Running, tmp_path: Path) -> None:
    ids = send(service, tmp_path, 6)
    restoration, film, jobs = order(service, ids)

    def over() -> bool:
        return all(service.get(f"/v1/jobs/{id}")["state"] == "succeeded" for id in jobs)

    until(over)
    calm = bytes_of(service, restoration, film)
    assert len(calm) == 9

    # The same in an empty place, where something dies every few seconds.
    wild = Running(tmp_path / "wild")
    wild.start()
    wild.sign_in()
    rng = random.Random(1931)
    kills = 0
    try:
        ids = send(wild, tmp_path, 6)
        restoration, film, jobs = order(wild, ids)
        for _ in range(20):
            time.sleep(rng.uniform(0.2, 3))
            states = [wild.get(f"/v1/jobs/{id}")["state"] for id in jobs]
            assert "failed" not in states, [wild.get(f"/v1/jobs/{id}") for id in jobs]
            if set(states) == {"succeeded"}:
                break
            wild.kill(rng)
            kills += 1
        until(lambda: all(wild.get(f"/v1/jobs/{id}")["state"] == "succeeded" for id in jobs))
        assert bytes_of(wild, restoration, film) == calm
        assert kills > 3
    finally:
        wild.stop()
