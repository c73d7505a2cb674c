"""Memory of the process that supervises so many tasks."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from bench.cluster.cluster import Nowhere, cluster
from bench.cluster.tasks import tasks
from bench.processes import peak
from photochrom.engine.cluster import cluster_engine


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, cluster(nodes=1, cpus=2):
        Path(folder, "begun").touch()
        with cluster_engine(Nowhere(Path(folder))) as engine:
            # What Ray itself loads is there once a few have ended.
            warm = sum(1 for _ in engine.run("tasks", tasks(50, 0.0), total=50))
            before = peak()
            done = sum(1 for _ in engine.run("tasks", tasks(count, 0.0), total=count))
    assert (warm, done) == (50, count)
    print(json.dumps({"before_mb": before, "peak_mb": peak()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
