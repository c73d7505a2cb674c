"""How many threads a piece of work may use."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.cgroup import limits

_LOCK = threading.Lock()
_LIMITS: list[int] = []
_BEFORE: list[int] = []


def usable_cores(root: Path = Path("/")) -> int:
    """How many cores this process may use, at least one: those that it may run on, and no more than
    its container has time for. A part of a core counts as one, or else nobody would use it.

    Args:
        root: Where `proc` and the file systems of control groups are.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    share = limits(root).cores
    return cores if share is None else max(1, min(cores, math.ceil(share)))


@contextmanager
def limited_threads(count: int) -> Iterator[None]:
    """Let OpenCV use no more than so many threads in the block, and as many as before after it.

    OpenCV knows one number for the whole process: where blocks overlap, as in a server, the lowest
    of their numbers holds, and the last one to end puts back what was before the first. No result
    depends on it. It serves as a decorator, too.
    """
    import cv2  # Whoever only counts cores need not load it.

    with _LOCK:
        if not _LIMITS:
            _BEFORE[:] = [cv2.getNumThreads()]
        _LIMITS.append(count)
        cv2.setNumThreads(min(_LIMITS))
    try:
        yield
    finally:
        with _LOCK:
            _LIMITS.remove(count)
            cv2.setNumThreads(min(_LIMITS, default=_BEFORE[0]))
