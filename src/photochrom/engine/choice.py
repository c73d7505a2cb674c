"""Which engine runs a batch: the one of this machine, or a cluster's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from photochrom.engine.local import kept_engine
from photochrom.engine.store import Store
from photochrom.engine.supervisor import Engine
from photochrom.errors import EngineError

LOCAL = "local"
RAY = "ray"
_CLIENT = "ray://"
_SHARE = "cpus"


class _Cluster(NamedTuple):
    """Attributes:
    address: "ray://HOST:PORT"; None for the one that this machine belongs to, or is told of.
    cpus: What each worker takes.
    """

    address: str | None
    cpus: float


def is_cluster(name: str) -> bool:
    """Whether an engine's workers are on other machines.

    Raises:
        EngineError: There is no such engine.
    """
    return _read(name) is not None


@contextmanager
def opened(name: str, store: Store, jobs: int | None, *, gpus: float = 0.0) -> Iterator[Engine]:
    """An engine whose workers live as long as the block, so that they start once for all batches.

    Args:
        name: "local"; "ray", for the cluster that this machine belongs to or that `RAY_ADDRESS`
            names; "ray://HOST:PORT", for one that is reached from outside. Behind either of the
            last, "?cpus=0.5" says what each worker takes of Ray's CPUs, in place of 1.
        store: Where results go.
        jobs: How many tasks at a time; None for what there is room for, on this machine one.
        gpus: Share of a GPU that each worker of a cluster holds.

    Raises:
        EngineError: There is no such engine, or it cannot be reached.
    """
    cluster = _read(name)
    if cluster is None:
        with kept_engine(store, jobs or 1) as engine:
            yield engine
        return
    from photochrom.engine.cluster import cluster_engine

    with cluster_engine(store, cluster.address, jobs, cpus=cluster.cpus, gpus=gpus) as supervisor:
        yield supervisor


def _read(name: str) -> _Cluster | None:
    """What an engine's name says; None for this machine.

    Raises:
        EngineError: There is no such engine.
    """
    if name == LOCAL:
        return None
    where, mark, share = name.partition("?")
    if where != RAY and not (where.startswith(_CLIENT) and len(where) > len(_CLIENT)):
        raise EngineError(
            f"there is no engine {name!r}", fix=f"take {LOCAL}, {RAY}, or {_CLIENT}HOST:PORT"
        )
    cpus = _cpus(share, where) if mark else 1.0
    return _Cluster(None if where == RAY else where, cpus)


def _cpus(share: str, where: str) -> float:
    key, _, value = share.partition("=")
    try:
        cpus = float(value) if key == _SHARE else 0.0
    except ValueError:
        cpus = 0.0
    # Ray counts in ten-thousandths, and takes parts of one CPU, or whole ones.
    if not (math.isfinite(cpus) and cpus >= 0.01) or (cpus > 1 and cpus != int(cpus)):
        raise EngineError(
            f"{share!r} does not say what each worker takes of the CPUs",
            where=f"{where}?{share}",
            fix=f"write {where}?{_SHARE}=0.5: 0.01 to 1, or a whole number",
        )
    return cpus
