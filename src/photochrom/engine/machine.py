"""What this machine has to work with."""

from __future__ import annotations

import os

import psutil


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes of memory of this machine."""
    return int(psutil.virtual_memory().total)
