"""Whoever dies, and whenever: every accepted job ends once, and nothing of it is done twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select

import service_kill
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.events.tables import Event
from photochrom.service.identity.tables import Organization
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Job
from photochrom.service.migrations import upgrade

SOON = 600
"""Seconds after which a test that waits has failed."""

TESTS = Path(__file__).parent


class Killed:
    """A service that is killed and started again, and whoever wants jobs of it."""

    def __init__(self, data: Path, url: str, **env: str):
        self.database = Database(url)
        upgrade(self.database)
        with self.database.writing(EVERYONE) as session:
            session.add(Organization(id=service_kill.ORGANIZATION, name="killed"))
        settings = {
            "DATA": str(data),
            "DATABASE": url,
            "PORT": "0",
            "EXECUTORS": "2",
            "HEARTBEAT_SECONDS": "0.2",
            "TAKEOVER_SECONDS": "3",
            "DRAIN_SECONDS": "5",
        }
        told = {f"PHOTOCHROM_SERVICE_{name}": value for name, value in settings.items()}
        paths = os.pathsep.join((str(TESTS), os.environ.get("PYTHONPATH", "")))
        self._env = {**os.environ, **told, **env, "PYTHONPATH": paths}
        self._log = (data.parent / "log").open("ab")
        self.accepted: list[str] = []

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service_kill", "serve"],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._env,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("photochrom is at"), line
        self.url = line.split()[-1]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def want(self, count: int) -> None:
        """Wants jobs; those that were not accepted, or of which nobody knows, do not count."""
        for number in range(count):
            try:
                answer = httpx.post(f"{self.url}/v1/kill/th_{number}", timeout=SOON)
            except httpx.HTTPError:
                return
            if answer.status_code == 200:
                self.accepted.append(answer.json())

    def executors(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def wait(self) -> None:
        """Until all that was accepted is over."""
        pause = threading.Event()
        for _ in range(SOON * 4):
            if all(one.state.is_over for one in self.jobs()):
                return
            pause.wait(0.25)
        raise AssertionError(Counter(str(one.state) for one in self.jobs()))

    def ended(self) -> int:
        """How many jobs are over."""
        return sum(one.state.is_over for one in self.jobs())

    def jobs(self) -> list[Job]:
        with self.database.reading(EVERYONE) as session:
            return list(session.scalars(select(Job)))

    def check(self) -> None:
        """Every accepted job has ended once, and each of its items was done once."""
        jobs = {one.id: one for one in self.jobs()}
        assert set(self.accepted) <= jobs.keys()
        assert {one.state for one in jobs.values()} == {State.SUCCEEDED}
        with self.database.reading(EVERYONE) as session:
            events = session.scalars(select(Event)).all()
        made = Counter((one.job_id, one.subject) for one in events if one.kind == "made")
        assert made == {(id, item): 1 for id in jobs for item in service_kill.ITEMS}
        ended = Counter(
            one.job_id for one in events if one.kind == "job" and one.data["state"] == "succeeded"
        )
        assert ended == dict.fromkeys(jobs, 1)


@contextmanager
def killed(folder: Path, url: str, **env: str) -> Iterator[Killed]:
    service = Killed(folder / "data", url, **env)
    service.start()
    try:
        yield service
    finally:
        service.process.terminate()
        service.process.communicate()
        service.database.close()


def rounds(service: Killed, moments: int, each: int) -> None:
    """Kills the service or an executor while jobs are wanted and done, so often."""
    dice = random.Random(20261128)
    pause = threading.Event()
    for _ in range(moments):
        before = service.ended()
        wants = threading.Thread(target=service.want, args=(each,))
        wants.start()
        # In the midst of work: while executors start there is little to lose.
        for _ in range(SOON * 10):
            if service.ended() > before:
                break
            pause.wait(0.1)
        pause.wait(dice.uniform(0.0, 1.5))
        if dice.random() < 0.5:
            service.kill()
            wants.join()
            service.start()
        else:
            for one in service.executors()[: dice.randint(1, 2)]:
                one.kill()
            wants.join()
    service.wait()
    service.check()
    assert service.accepted


def test_kills_at_some_moments(database_url: str, tmp_path: Path) -> None:
    with killed(tmp_path, database_url) as service:
        rounds(service, 3, 25)


@pytest.mark.slow
def test_kills_at_fifty_moments(database_url: str, tmp_path: Path) -> None:
    with killed(tmp_path, database_url) as service:
        rounds(service, 50, 20)


def test_a_clock_that_is_set_back(database_url: str, tmp_path: Path) -> None:
    with killed(tmp_path, database_url, **{service_kill.BACK: "7"}) as service:
        rounds(service, 2, 15)


def test_a_database_that_is_stopped_and_started(tmp_path: Path) -> None:
    import postgres_kit

    with (
        postgres_kit.postgres_server() as server,
        killed(tmp_path, server.get_uri()) as service,
    ):
        service.want(20)
        server.stop()
        # Nothing is accepted meanwhile, and whoever wants it is told so.
        answer = httpx.post(f"{service.url}/v1/kill/th_x", timeout=SOON)
        assert answer.status_code == 503
        assert httpx.get(f"{service.url}/readyz", timeout=SOON).status_code == 503
        server.ensure_postgres_running()
        service.want(20)
        service.wait()
        service.check()
        assert len(service.accepted) == 40
