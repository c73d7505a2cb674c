"""Which engine runs a batch: the one of this machine, or a cluster's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from photochrom.engine.local import kept_engine
from photochrom.engine.store import Store
from photochrom.engine.supervisor import Engine
from photochrom.errors import EngineError

LOCAL = "local"
RAY = "ray"
_CLIENT = "ray://"


def is_cluster(name: str) -> bool:
    """Whether an engine's workers are on other machines.

    Raises:
        EngineError: There is no such engine.
    """
    if name == LOCAL:
        return False
    if name == RAY or (name.startswith(_CLIENT) and len(name) > len(_CLIENT)):
        return True
    raise EngineError(
        f"there is no engine {name!r}", fix=f"take {LOCAL}, {RAY}, or {_CLIENT}HOST:PORT"
    )


@contextmanager
def opened(name: str, store: Store, jobs: int | None, *, gpus: float = 0.0) -> Iterator[Engine]:
    """An engine whose workers live as long as the block, so that they start once for all batches.

    Args:
        name: "local"; "ray", for the cluster that this machine belongs to or that `RAY_ADDRESS`
            names; "ray://HOST:PORT", for one that is reached from outside.
        store: Where results go.
        jobs: How many tasks at a time; None for what there is room for, on this machine one.
        gpus: Share of a GPU that each worker of a cluster holds.

    Raises:
        EngineError: There is no such engine, or it cannot be reached.
    """
    if not is_cluster(name):
        with kept_engine(store, jobs or 1) as engine:
            yield engine
        return
    from photochrom.engine.cluster import cluster_engine

    address = name if name.startswith(_CLIENT) else None
    with cluster_engine(store, address, jobs, gpus=gpus) as supervisor:
        yield supervisor
