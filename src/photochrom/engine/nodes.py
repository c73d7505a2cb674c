"""The nodes of a Ray cluster, as Ray tells of them."""

from __future__ import annotations

import time
from typing import Any

_EVERY_SECONDS = 2.0


class Nodes:
    """Which nodes there are; asked now and then.

    Args:
        ray: The library, connected.

    Attributes:
        room: CPUs of all.
        count: How many have any.
        memory: Bytes of each that is alive, by what people call it.
    """

    def __init__(self, ray: Any):
        self._ray = ray
        self._looked = 0.0
        self._places: dict[str, str] = {}
        self.room = 0.0
        self.count = 0
        self.memory: dict[str, int] = {}

    def look(self, *, again: bool = False) -> None:
        """Asks, unless that was a moment ago.

        Args:
            again: Even then.
        """
        now = time.monotonic()
        if not again and now - self._looked < _EVERY_SECONDS:
            return
        self._looked = now
        nodes = [node for node in self._ray.nodes() if node["Alive"]]
        cpus = [node["Resources"].get("CPU", 0) for node in nodes]
        self.room, self.count = sum(cpus), sum(map(bool, cpus))
        self._places = {node["NodeID"]: _place(node) for node in nodes}
        self.memory = {_place(node): int(node["Resources"].get("memory", 0)) for node in nodes}

    def __str__(self) -> str:
        """For people: "2 nodes"."""
        return f"{self.count} node{'' if self.count == 1 else 's'}"

    def place(self, node: str) -> str:
        """What people call a node, by Ray's name for it."""
        return self._places.get(node, node)


def _place(node: dict[str, Any]) -> str:
    """Several may have one address."""
    return f"{node['NodeManagerAddress']} ({node['NodeID'][:6]})"
