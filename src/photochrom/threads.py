"""How many threads OpenCV works with, which it keeps for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import cv2

_lock = Lock()
_inside = 0
_before = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it OpenCV works alone; afterwards with as many threads as before.

    For work of which several run side by side, and for pictures too small to be worth more. It may
    be entered by several threads at once, and serves as a decorator, too.
    """
    global _inside, _before
    with _lock:
        if not _inside:
            _before = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                cv2.setNumThreads(_before)
