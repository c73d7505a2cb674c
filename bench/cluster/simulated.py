"""A cluster of so many workers, each of which sleeps for work: how busy one supervisor keeps them.

The supervisor, its messages and Ray are real. The workers are threads of a few processes, as this
machine has no room for hundreds.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.cluster.cluster import Nowhere, cluster
from bench.cluster.tasks import tasks
from photochrom.engine.actor import Actor
from photochrom.engine.actors import Actors, Limits
from photochrom.engine.supervisor import Supervisor

SECONDS = 5.0
TASKS_A_WORKER = 10
HOSTS = 4


class _Shared(Actors):
    """Workers that live together."""

    def host(self, actors: list[Any]) -> None:
        self._actors = cycle(actors)

    def _hire(self) -> Any:
        return next(self._actors)


def main(workers: int) -> None:
    import ray

    with tempfile.TemporaryDirectory() as folder, cluster(nodes=1, cpus=workers):
        Path(folder, "begun").touch()
        store = Nowhere(Path(folder))
        limits = Limits()
        threads = 2 * -(-workers // HOSTS) + 4
        make = ray.remote(num_cpus=0, max_concurrency=threads)(Actor)
        hosts = [make.remote(store, None) for _ in range(HOSTS)]
        ray.get([one.arrive.remote() for one in hosts])
        crew = _Shared(store, workers, 1.0, 0.0, limits)
        crew.host(hosts)
        engine = Supervisor(store, crew, keep=True)
        # All workers are there before the clock runs, as in a run of hours.
        list(engine.run("tasks", tasks(2 * workers, 0.5), total=2 * workers))
        wanted = list(tasks(workers * TASKS_A_WORKER, SECONDS))
        work = sum(task.argument for task in wanted)
        started, busy = time.perf_counter(), time.process_time()
        done = sum(1 for _ in engine.run("tasks", iter(wanted), total=len(wanted)))
        seconds, used = time.perf_counter() - started, time.process_time() - busy
        engine.close()
    assert done == len(wanted)
    # No order of tasks can be faster than this, but for the last ones of each worker.
    print(
        json.dumps(
            {
                "tasks": done,
                "seconds": round(seconds, 1),
                "efficiency": round(work / workers / seconds, 3),
                "driver_cpu_ms_a_task": round(1000 * used / done, 2),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
