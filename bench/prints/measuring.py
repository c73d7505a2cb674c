"""Everything measured, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import cv2

from bench.features import Features
from bench.harness import THREADS, Progress
from bench.prints import faces, memory
from bench.prints.scans import levels
from bench.prints.tasks import TASKS
from bench.prints.truths import SETS, grays, middle, reason_missing
from bench.prints.ways import enlarging

# Photographs at most, by set and task: Real-ESRGAN x4plus takes 5 seconds each on two free cores.
COUNTS: Final = {
    "eval-dev": {
        "repair": 24,
        "enlarge_worn": 24,
        "enlarge_clean_4": 8,
        "enlarge_clean_2": 8,
        "leave_alone": 24,
        "kinds": 6,
        "faces": 12,
    },
    "packages": {
        "repair": 5,
        "enlarge_worn": 5,
        "enlarge_clean_4": 5,
        "enlarge_clean_2": 5,
        "leave_alone": 5,
        "kinds": 5,
        "faces": 3,
    },
}


def measured(count: int | None, progress: Progress) -> dict[str, Any]:
    """Measure repair, clean and clarity on both sets; see `bench.harness.Bench`."""
    figures: dict[str, Any] = {"sets": {}, "missing": enlarging(4, worn=True).missing}
    if reason := faces.reason_missing():
        figures["missing"]["identity of faces"] = reason
    with two_cores():
        features = Features(threads=THREADS)
        for which in SETS:
            if reason := reason_missing(which):
                figures["missing"][which] = reason
                continue
            counts = {
                task: most if count is None else min(most, count)
                for task, most in COUNTS[which].items()
            }
            found: dict[str, Any] = {"counts": counts}
            for task, run in TASKS.items():
                found[task] = run(which, counts[task], features, progress)
            if "identity of faces" not in figures["missing"]:
                found["faces"] = faces.identity(which, counts["faces"], progress)
            figures["sets"][which] = found
        gray = next(iter(grays("packages", 2)))[1]
        progress("memory", 0.98)
        figures["memory"] = {
            "repair": memory.peak_by_way("repair", levels(middle(gray, 512, 16))),
            "enlarge": memory.peak_by_way("enlarge", levels(middle(gray, 128, 16))),
        }
    return figures


@contextmanager
def two_cores() -> Iterator[None]:
    """Hold this process and its children to two cores, where the system can."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(THREADS)
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if cores:
        os.sched_setaffinity(0, sorted(cores)[:THREADS])
    try:
        yield
    finally:
        cv2.setNumThreads(before)
        if cores:
            os.sched_setaffinity(0, cores)
