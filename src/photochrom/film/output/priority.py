"""What an encoder's threads may take of the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_THREADS = Path("/proc/self/task")


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Give back a real-time priority that the block took.

    SVT-AV1, when it is opened by root (as in many containers), gives its threads, and the one that
    opens it, the highest real-time priority that Linux has: until the process ends everything else
    on the machine waits for it, and whatever the process starts inherits it. Threads that had such
    a priority before the block keep it.
    """
    before = _real_time()
    try:
        yield
    finally:
        for thread in _real_time() - before:
            try:
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
            except ProcessLookupError:  # ended meanwhile
                continue


def _real_time() -> set[int]:
    """The threads of this process that have a real-time priority; none where not on Linux."""
    if not _THREADS.is_dir():
        return set()
    found = set()
    for thread in (int(path.name) for path in _THREADS.iterdir()):
        try:
            if os.sched_getscheduler(thread) in (os.SCHED_FIFO, os.SCHED_RR):
                found.add(thread)
        except ProcessLookupError:
            continue
    return found
