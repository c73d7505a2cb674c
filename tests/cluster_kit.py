"""Nodes of a Ray cluster on one machine, each at an address of its own, as on several."""

from __future__ import annotations

import itertools
import socket
from typing import Any

_OBJECTS = 80 * 2**20
_hosts = itertools.count(2)


def node(cpus: int = 1, memory: int = 2**31) -> dict[str, Any]:
    """How a node is started: with what it says that it has (it need not be there in fact), at the
    next address of this machine from 127.0.0.2 on; at its usual one, where the system has just one.

    Args:
        cpus: Processors.
        memory: Bytes.
    """
    said = {"num_cpus": cpus, "memory": memory, "object_store_memory": _OBJECTS}
    address = f"127.0.0.{next(_hosts)}"
    with socket.socket() as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return said
    return {"node_ip_address": address, **said}
