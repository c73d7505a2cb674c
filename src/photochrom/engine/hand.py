"""One worker of a Ray cluster, as the supervisor holds it, and whether it may work for us."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from photochrom.engine.actor import Arrival
from photochrom.engine.keys import versions
from photochrom.engine.store import FolderStore, Store
from photochrom.engine.task import Task
from photochrom.errors import EngineError

if TYPE_CHECKING:
    import ray.actor


@dataclass
class Hand:
    """The supervisor's end of a worker."""

    actor: ray.actor.ActorHandle[Any]
    arrival: Any
    place: str = ""
    task: Task | None = None
    work: Any = None
    news: Any = None
    seen: int = 0
    started: float = 0.0
    heard: float = field(default_factory=time.monotonic)
    next_news: float = 0.0

    @property
    def is_idle(self) -> bool:
        return self.arrival is None and self.task is None

    @property
    def refs(self) -> list[Any]:
        """What it may answer to."""
        return [ref for ref in (self.arrival, self.work, self.news) if ref is not None]


def ray_or_error() -> Any:
    """The library.

    Raises:
        EngineError: It is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise EngineError(
            "Ray is not installed", fix="pip install 'photochrom[ray]', on every node"
        ) from error
    return ray


def check(arrival: Arrival, place: str, store: Store) -> None:
    """Sees to it that a worker that has started makes what we would make, where we look for it.

    Args:
        arrival: What it says of itself.
        place: What its node is called.
        store: Ours.

    Raises:
        EngineError: Its libraries have other versions, or it does not see the store.
    """
    mine = versions()
    other = {
        name: (arrival.versions.get(name), own)
        for name, own in mine.items()
        if arrival.versions.get(name) != own
    }
    if other:
        told = ", ".join(f"{name} {theirs} (here {own})" for name, (theirs, own) in other.items())
        raise EngineError(
            f"has other versions: {told}; results would differ",
            where=f"node {place}",
            fix="install the same on all",
        )
    if not arrival.sees_store:
        assert isinstance(store, FolderStore)
        raise EngineError(
            f"does not see the folder {store.root}",
            where=f"node {place}",
            fix="name a bucket, or a folder that all nodes share, in PHOTOCHROM_CACHE",
        )


def died(error: Exception) -> str:
    """How a worker has died."""
    return f"the worker died ({in_a_line(error)})"


def in_a_line(error: BaseException) -> str:
    """The first line of what an error says; Ray's say much."""
    first = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return " ".join(first.split())[:300]
