"""A Ray cluster on this machine, and a store that keeps nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness import ROOT
from photochrom.engine import Input, Stored

_SMALL = {"object_store_memory": 80 * 2**20}


@contextmanager
def cluster(nodes: int, cpus: int) -> Iterator[Any]:
    """Starts a head without processors and some nodes, and connects to it."""
    import ray
    from ray.cluster_utils import Cluster

    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **_SMALL})
    for _ in range(nodes):
        started.add_node(num_cpus=cpus, memory=2**31, **_SMALL)
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    ray.init(
        address=started.address,
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": {"PYTHONPATH": paths}},
    )
    try:
        yield started
    finally:
        ray.shutdown()
        started.shutdown()


@dataclass(frozen=True)
class Nowhere:
    """A store that throws away what is put there: what is measured is everything else."""

    root: Path

    def has(self, key: str) -> bool:
        return False

    def get(self, key: str) -> Path | None:
        """The same folder for whatever was made; nobody asks before."""
        return self.root if (self.root / "begun").exists() else None

    @contextmanager
    def writing(self, key: str, kind: str = "", *, replace: bool = False) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory()

    def at_home(self) -> Nowhere:
        return self

    def named(self, path: Path) -> Stored | None:
        return None

    def lent(self, file: Input) -> Input | Stored:
        return file

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        yield

    def forget(self, key: str) -> None:
        return

    def sweep(self) -> int:
        return 0
