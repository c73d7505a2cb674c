"""Threads that want the same thing get it one after the other, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """One at a time; who has waited longest is next, and is told at once.

    A plain lock promises no order, and SQLite's own lock is asked for again and again with pauses
    between: under load some get it each time, and others never.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Waits for one's turn; False if it has not come in so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # It has come just now.
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """Ends one's turn; the next one has it from here on."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
