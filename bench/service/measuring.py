"""Clients and a service beside one another for some minutes, and what came of it."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from bench.harness import Progress
from bench.service.client import SCANS, Account, Client, crowd
from bench.service.judging import jobs, trend, waited
from bench.service.requests import TOO_MANY, Asked, Asking, latencies, statuses
from bench.service.serving import Sample, Served, Watching, keys, organizations_of, served

COUNT: Final = 200
EXECUTORS: Final = 4

_SECONDS: Final = 300.0
"""For which a client waits for an answer: how long it takes is measured, and not cut off."""

_BINS: Final = 30
"""Pieces of the time that the plots show."""


@dataclass(frozen=True)
class Load:
    """What a service is put under.

    Attributes:
        clients: How many, each with a key of its own.
        executors: Processes that do jobs.
        minutes: For which it is measured.
        warm: Minutes before, which are not.
        every: Seconds between two questions of a client how far something is, about.
        drain: Seconds that may pass until all accepted jobs are over.
    """

    clients: int
    executors: int
    minutes: float
    warm: float
    every: float
    drain: float


@dataclass
class _Run:
    """What was seen of a run."""

    asked: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    begun: float = 0.0
    ended: float = 0.0
    cpu_seconds: float = 0.0


def measured(count: int | None, progress: Progress, minutes: float) -> dict[str, Any]:
    """What so many clients see, and what the service holds meanwhile."""
    warm = min(1.0, minutes / 3)
    return loaded(Load(count or COUNT, EXECUTORS, minutes, warm, 2.0, 1200), progress)


def loaded(load: Load, progress: Progress) -> dict[str, Any]:
    """The same, for any load."""
    before = psutil.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="photochrom-bench-") as scratch:
        organizations = organizations_of(load.clients)
        with served(Path(scratch), load.executors, organizations) as service:
            seen, samples, drained = _under(service, load, progress)
            data, errors = service.data, service.errors()
        progress("counting", 0.99)
        ends = jobs(data, seen.account)
    machine = {
        "load_before": round(before, 1),
        "load_after": round(psutil.getloadavg()[0], 1),
        "cores": psutil.cpu_count(),
        "clients_cpu_seconds": round(seen.cpu_seconds, 1),
    }
    return {
        **_told(load),
        **_requests(seen, load),
        "jobs": ends | {"drain_seconds": drained},
        "held": _held(samples),
        "api_cpu_ms_a_request": _cost(seen, samples),
        "log_errors": len(errors),
        "log_says": sorted({str(one.get("event")) for one in errors})[:5],
        "machine": machine,
        "time": _over_time(seen, samples),
    }


def _under(service: Served, load: Load, progress: Progress) -> tuple[_Run, Sequence[Sample], float]:
    progress("making keys", 0.0)
    secrets, whole = keys(service.address, load.clients), load.warm + load.minutes
    watching = Watching(service, max(0.25, min(2.0, 60 * load.minutes / 100)))
    watching.start()
    try:
        run = asyncio.run(_driven(service.address, secrets, load, progress))
        share = whole / (whole + load.drain / 60)
        drained = waited(
            service.data, load.drain, lambda left: progress(f"{left} jobs are left", share)
        )
    finally:
        watching.stop()
    # What was accepted is over: only the time under load is looked at.
    return run, [one for one in watching.samples if run.begun <= one.at <= run.ended], drained


async def _driven(address: str, secrets: Sequence[str], load: Load, progress: Progress) -> _Run:
    run, busy = _Run(), time.process_time()
    start = time.monotonic()
    run.begun, run.ended = start + 60 * load.warm, start + 60 * (load.warm + load.minutes)
    context = ssl.create_default_context()  # One for all: each takes a megabyte and its time.
    clients = []
    for number, key in enumerate(secrets):
        way = httpx.AsyncClient(
            base_url=f"{address}/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=_SECONDS,
            verify=context,
        )
        asking = Asking(way, run.asked, run.broken)
        over = lambda: time.monotonic() >= run.ended  # noqa: E731
        clients.append(Client(number, asking, run.account, load.every, over))
    told = asyncio.create_task(_tell(run, start, load, progress))
    await crowd(clients)
    told.cancel()
    run.cpu_seconds = time.process_time() - busy
    return run


async def _tell(run: _Run, start: float, load: Load, progress: Progress) -> None:
    whole = 60 * (load.warm + load.minutes)
    while True:
        await asyncio.sleep(1)
        share = min(1.0, (time.monotonic() - start) / whole)
        progress(f"{len(run.asked)} requests", share * whole / (whole + load.drain))


def _told(load: Load) -> dict[str, Any]:
    return {
        "clients": load.clients,
        "organizations": organizations_of(load.clients),
        "executors": load.executors,
        "minutes": load.minutes,
        "warm_minutes": round(load.warm, 2),
        "every_seconds": load.every,
        "scans_a_round": SCANS,
    }


def _requests(seen: _Run, load: Load) -> dict[str, Any]:
    """Counts of all requests, and times of those after the warm-up."""
    inside = [one for one in seen.asked if seen.begun <= one.at < seen.ended and one.status]
    routes: dict[str, list[Asked]] = {}
    for one in inside:
        routes.setdefault(f"{one.method} {one.route}", []).append(one)
    return {
        "requests": len(seen.asked),
        "requests_a_second": round(len(inside) / (60 * load.minutes), 1),
        "statuses": statuses(seen.asked),
        "server_errors": sum(one.status >= 500 for one in seen.asked),
        "too_many": sum(one.status == TOO_MANY for one in seen.asked),
        "broken": len(seen.broken),
        "wrong": len(seen.account.wrong),
        "said": (seen.broken + seen.account.wrong)[:5],
        "results_read": seen.account.read,
        "results_damaged": seen.account.damaged,
        "reads": latencies([one for one in inside if one.is_read]),
        "writes": latencies([one for one in inside if not one.is_read]),
        "routes": {name: latencies(some) for name, some in sorted(routes.items())},
    }


def _held(samples: Sequence[Sample]) -> dict[str, Any]:
    names = ("api_mb", "executors_mb", "files", "threads", "processes", "wal_mb")
    return {name: trend(samples, name) for name in names} if samples else {}


def _cost(seen: _Run, samples: Sequence[Sample]) -> float | None:
    """Milliseconds of a processor that an answer takes, which do not depend on who else works."""
    if len(samples) < 2:
        return None
    first, last = samples[0], samples[-1]
    answered = sum(1 for x in seen.asked if first.at <= x.at + x.seconds <= last.at and x.status)
    busy = last.api_cpu_seconds - first.api_cpu_seconds
    return round(1000 * busy / answered, 2) if answered else None


def _over_time(seen: _Run, samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Pieces of the time: milliseconds of reads and writes (p50, p95), and memory at its end."""
    length = (seen.ended - seen.begun) / _BINS
    pieces = []
    for number in range(_BINS):
        start = seen.begun + number * length
        inside = [one for one in seen.asked if start <= one.at < start + length and one.status]
        held = [one for one in samples if start <= one.at < start + length]
        pieces.append(
            {
                "minute": round((number + 0.5) * length / 60, 2),
                "reads": latencies([one for one in inside if one.is_read]),
                "writes": latencies([one for one in inside if not one.is_read]),
                "api_mb": round(held[-1].api_mb, 1) if held else None,
                "executors_mb": round(held[-1].executors_mb, 1) if held else None,
            }
        )
    return pieces
