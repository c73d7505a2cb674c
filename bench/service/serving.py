"""`photochrom serve` in processes of its own, with accounts and keys that were made beforehand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from photochrom.service.access.credentials import CSRF_HEADER
from photochrom.service.accounts.service import create_account
from photochrom.service.context import Context
from photochrom.service.migrations import upgrade
from photochrom.service.settings import PREFIX, Settings

CLIENTS_EACH: Final = 20
"""Clients of one organization, each with a key of its own."""

_PASSWORD: Final = "correct horse battery"
_SOON: Final = 120
_EXECUTOR: Final = "photochrom.service.work"


@dataclass(frozen=True)
class Served:
    """A service that runs.

    Attributes:
        address: Where.
        data: Its folder.
        log: What it writes, a line of JSON each.
        process: The one that answers requests; executors are its children.
    """

    address: str
    data: Path
    log: Path
    process: psutil.Popen

    def executors(self) -> list[psutil.Process]:
        """The processes that do jobs."""
        return [one for one in self.process.children() if _EXECUTOR in " ".join(_said(one))]

    def errors(self) -> list[dict[str, Any]]:
        """What the log tells as a mistake."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        others = [{"event": line} for line in lines if not line.startswith("{")]
        return [one for one in told if one.get("level") in ("error", "critical")] + others


@contextmanager
def served(folder: Path, executors: int, organizations: int, **settings: Any) -> Iterator[Served]:
    """A service on this machine alone, in an empty folder; it has ended in peace after the block.

    Args:
        folder: For its data and its log.
        executors: How many, of one picture at a time each.
        organizations: How many there are, each with an owner.
        settings: Others that are told to it.

    Raises:
        RuntimeError: It does not start, or does not end as it should.
    """
    data, log = folder / "data", folder / "log"
    _accounts(data, organizations)
    told = {"workers": 1, "log": "json", **settings}
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env |= {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}
    command = [sys.executable, "-m", "photochrom", "serve", "--port", "0"]
    command += ["--data", str(data), "--executors", str(executors)]
    with log.open("ab") as written:
        process = psutil.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=written
        )
    try:
        line = process.stdout.readline().decode()
        if not line.startswith("photochrom is at"):
            raise RuntimeError(f"the service did not start: {log.read_text()[-2000:]}")
        yield Served(line.split()[-1], data, log, process)
        process.terminate()
        if (code := process.wait(_SOON)) != 0:
            raise RuntimeError(f"the service ended with {code}: {log.read_text()[-2000:]}")
    finally:
        if process.is_running():
            process.kill()
            process.wait()
        process.stdout.close()


def keys(address: str, clients: int) -> list[str]:
    """A key for each client, made by the owners as they would in a browser."""
    made: list[str] = []
    with httpx.Client(base_url=f"{address}/v1", timeout=_SOON) as owner:
        for number in range(organizations_of(clients)):
            asked = {"email": _email(number), "password": _PASSWORD}
            session = owner.post("/session", json=asked).raise_for_status().json()
            headers = {CSRF_HEADER: session["csrf"]}
            for _ in range(min(CLIENTS_EACH, clients - len(made))):
                wanted = {"name": f"client {len(made)}", "permissions": ["view", "edit"]}
                key = owner.post("/keys", json=wanted, headers=headers).raise_for_status()
                made.append(key.json()["key"])
            owner.cookies.clear()
    return made


def organizations_of(clients: int) -> int:
    """How many organizations so many clients are of."""
    return -(-clients // CLIENTS_EACH)


@dataclass(frozen=True)
class Sample:
    """What the service's processes hold at a moment.

    Attributes:
        at: Seconds, of the clock of `time.monotonic`.
        api_mb: Resident memory of the process that answers requests.
        executors_mb: The same of executors, a mean of them.
        files: Open files and connections of the process that answers.
        threads: Threads of the same.
        processes: How many there are in all, with those that look into photographs.
        wal_mb: SQLite's log of writes.
        api_cpu_seconds: Of processors, that the process that answers has taken so far.
    """

    at: float
    api_mb: float
    executors_mb: float
    files: int
    threads: int
    processes: int
    wal_mb: float
    api_cpu_seconds: float


class Watching(threading.Thread):
    """Looks at a service's processes now and then, until it is told to stop.

    Args:
        service: Which.
        every: Seconds between two looks.
    """

    def __init__(self, service: Served, every: float):
        super().__init__(name="watching", daemon=True)
        self.samples: list[Sample] = []
        self._service, self._every = service, every
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self._every):
            self.samples.append(_sample(self._service))

    def stop(self) -> None:
        """Ends it."""
        self._over.set()
        self.join()


def _sample(service: Served) -> Sample:
    process, wal = service.process, service.data / "photochrom.db-wal"
    held = [memory for one in service.executors() if (memory := _resident(one))]
    return Sample(
        time.monotonic(),
        _resident(process),
        sum(held) / max(1, len(held)),
        process.num_fds() if hasattr(process, "num_fds") else 0,
        process.num_threads(),
        1 + len(process.children(recursive=True)),
        wal.stat().st_size / 1e6 if wal.exists() else 0.0,
        sum(process.cpu_times()[:2]),
    )


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss / 1e6)
    except psutil.Error:  # It has just ended.
        return 0.0


def _said(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _accounts(data: Path, count: int) -> None:
    with Context.opened(Settings.read(data=data)) as context:
        upgrade(context.database)
        for number in range(count):
            create_account(context, _email(number), _PASSWORD, f"Archive {number}")


def _email(number: int) -> str:
    return f"archive{number}@example.org"
