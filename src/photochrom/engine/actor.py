"""A worker on a node of a Ray cluster."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from photochrom.engine.crew import Ended, Said
from photochrom.engine.keys import versions
from photochrom.engine.store import Store
from photochrom.engine.task import Task
from photochrom.engine.worker import perform

_BEAT_SECONDS = 5.0


@dataclass(frozen=True)
class Arrival:
    """What a worker says of itself when it has started."""

    node: str
    versions: dict[str, str | None]
    sees_store: bool


class Actor:
    """A worker, in a process of its own somewhere in the cluster."""

    def __init__(self, store: Store, token: Path | None):
        self._store = store.at_home()
        self._token = token
        self._changed = threading.Condition()
        self._said: tuple[int, Said | None] = (0, None)

    def arrive(self) -> Arrival:
        import ray

        node = ray.get_runtime_context().get_node_id()
        sees = self._token is None or self._token.exists()
        return Arrival(node, versions(), sees)

    def work(self, task: Task) -> Ended:
        def report(message: str, share: float) -> None:
            with self._changed:
                self._said = (self._said[0] + 1, Said(message, share))
                self._changed.notify_all()

        return Ended(perform(task, self._store, report))

    def news(self, seen: int) -> tuple[int, Said | None]:
        """What was last said, as soon as it is another than was seen, or else after a while: an
        answer is also a sign of life."""
        with self._changed:
            self._changed.wait_for(lambda: self._said[0] != seen, _BEAT_SECONDS)
            return self._said
