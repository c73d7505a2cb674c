"""Running tasks on a Ray cluster: each worker is an actor, under the supervisor of all engines.

Ray starts, places and ends actors, moves messages, and starts an actor that has died again,
wherever there is room, for as long as it takes; what it is asked meanwhile waits. But whether a
task is tried again, and how often, the supervisor decides: Ray can either give up after so many
deaths of whatever cause, or try for ever what kills each worker.

Workers hold networks in memory from task to task, like those of one machine.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from photochrom.engine.actors import Actors, Limits
from photochrom.engine.hand import in_a_line, ray_or_error
from photochrom.engine.store import Store
from photochrom.engine.supervisor import Supervisor
from photochrom.errors import EngineError

_KNOCK_SECONDS = 20.0


@contextmanager
def cluster_engine(
    store: Store,
    address: str | None = None,
    jobs: int | None = None,
    *,
    cpus: float = 1.0,
    gpus: float = 0.0,
    limits: Limits | None = None,
) -> Iterator[Supervisor]:
    """The engine for a Ray cluster; its workers live as long as the block.

    Args:
        store: Where results go; every node opens it for itself.
        address: Of the cluster: "HOST:PORT" of its head, "ray://HOST:PORT" of its client server;
            None for the one that `RAY_ADDRESS` names or this machine belongs to, and else for one
            of this machine's cores, started for the block.
        jobs: How many workers at most; None for as many as the cluster has room for.
        cpus: What each takes of Ray's CPUs; may be a fraction.
        gpus: The same of GPUs.
        limits: How long to be patient.

    Raises:
        EngineError: Ray is not installed, or the cluster does not answer.
    """
    ray = ray_or_error()
    if named := address or os.environ.get("RAY_ADDRESS"):
        _knock(named)
    with ExitStack() as stack:
        if not ray.is_initialized():
            _connect(ray, address)
            stack.callback(ray.shutdown)
        crew = Actors(store, jobs, cpus, gpus, limits or Limits())
        engine = Supervisor(store, crew, keep=True)
        stack.callback(engine.close)
        yield engine


def _connect(ray: Any, address: str | None) -> None:
    hush(ray)
    try:
        with _signals_kept():
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level="ERROR",
                namespace="photochrom",
                # Of a cluster that is started here; another has its own.
                **({} if address else {"include_dashboard": False}),
            )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise EngineError(
            f"the cluster does not answer ({in_a_line(error)})",
            where=address or "ray",
            fix="check the address, and that this machine has the same versions of Ray and Python",
        ) from error


def hush(ray: Any) -> None:
    """Keeps Ray from writing to standard output, from a thread of its own, what it thinks of dead
    workers and of nodes that are late, of which the supervisor tells: `log_to_driver` is not about
    that, and no setting is. Whoever connects to a cluster before an engine does calls it, too.

    Args:
        ray: The module.
    """
    ray._private.worker._worker_logs_enabled = False


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Keeps what somebody here does when told to end: Ray puts its own in the place of it."""
    mine = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if callable(mine) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, mine)


def _knock(address: str) -> None:
    """Ray itself goes on knocking for minutes where nobody is.

    Raises:
        EngineError: Nobody answers.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    host = host.removeprefix("[").removesuffix("]")  # of IPv6
    if not (host and port.isdecimal()):
        return  # "auto", "local": whatever Ray makes of it
    try:
        with socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS):
            return
    except OSError as error:
        raise EngineError(
            f"nobody answers there ({(error.strerror or str(error)).lower()})",
            where=address,
            fix="check the address of the cluster (RAY_ADDRESS, or --engine ray://HOST:PORT)",
        ) from error
