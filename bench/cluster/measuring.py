"""Each figure by a process of its own, with a Ray cluster of its own on this machine."""

from __future__ import annotations

import statistics
from typing import Any, Final

from bench.harness import Progress
from bench.processes import answer, module

PICTURES: Final = 400
ROUNDS: Final = 2
DRIVER: Final = (500, 5000)
WORKERS: Final = (8, 32, 128, 512)


def run(count: int | None, progress: Progress) -> dict[str, Any]:
    """Measure; see `bench.harness.Bench`. A trial restores so many pictures, and simulates the
    smallest clusters."""
    pictures = PICTURES if count is None else count
    sizes = WORKERS if count is None else WORKERS[:2]
    held = DRIVER if count is None else (count, 2 * count)
    return {
        "throughput": _throughput(pictures, progress),
        "driver": [_driver(tasks, progress) for tasks in held],
        "simulated": [_simulated(workers, progress) for workers in sizes],
    }


def _throughput(pictures: int, progress: Progress) -> dict[str, Any]:
    """Both in turn, so that what else the machine does falls on both."""
    seconds: dict[str, list[float]] = {"local": [], "ray": []}
    for number in range(ROUNDS):
        for engine, taken in seconds.items():
            progress(f"{pictures} pictures, {engine}", 0.4 * number / ROUNDS)
            said = answer(module("bench.cluster.throughput", engine, pictures))
            taken.append(said["seconds"])
    median = {engine: statistics.median(taken) for engine, taken in seconds.items()}
    return {
        "pictures": pictures,
        "seconds": {engine: [round(one, 1) for one in taken] for engine, taken in seconds.items()},
        "ratio": round(median["local"] / median["ray"], 3),
    }


def _driver(tasks: int, progress: Progress) -> dict[str, Any]:
    progress(f"memory over {tasks} tasks", 0.45)
    return {"tasks": tasks, **answer(module("bench.cluster.driver", tasks))}


def _simulated(workers: int, progress: Progress) -> dict[str, Any]:
    progress(f"{workers} workers", 0.6)
    return {"workers": workers, **answer(module("bench.cluster.simulated", workers))}
