"""Seconds of each way: measured alone, in this process, every time anew.

Ways take turns on each print and in another order each time, so that whatever else the machine does
falls on all of them alike: times are to be compared, not taken for themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2

from bench.harness import THREADS, Times
from bench.prints.truths import Print
from bench.prints.ways import Way

TIMED = 3
"""Prints of each task that every way is timed on."""


def timed(ways: Sequence[Way], prints: Sequence[Print]) -> dict[str, dict[str, float]]:
    """Seconds for a million pixels of the result, by way.

    Args:
        ways: What is compared.
        prints: What each is given.
    """
    times, pixels = {way.name: Times() for way in ways}, dict.fromkeys((w.name for w in ways), 0)
    with two_cores():
        for way in ways:
            way.run(prints[0].scan[:32, :32].copy())  # networks load on first use
        for turn, print_ in enumerate(prints):
            shift = turn % len(ways)
            for way in (*ways[shift:], *ways[:shift]):
                with times[way.name].once():
                    seen = way.run(print_.scan)
                pixels[way.name] += seen.size
    return {
        way: {
            f"{name}_per_megapixel": round(sum(getattr(one, name)) / pixels[way] * 1e6, 4)
            for name in ("seconds", "cpu_seconds")
        }
        for way, one in times.items()
    }


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
