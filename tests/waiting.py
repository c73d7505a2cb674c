"""Waiting for what others do, for tests."""

from __future__ import annotations

import time
from collections.abc import Callable

SOON = 300
"""Seconds after which a test that waits has failed; it takes a moment as a rule."""


def until(holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)
