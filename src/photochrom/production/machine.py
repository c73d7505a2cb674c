"""What this machine has to work with."""

from __future__ import annotations

import os

MEMORY_FOR_A_JOB = 3 * 2**30
"""Bytes that restoring a large scan may take besides what other programs need."""


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes of memory of this machine; where it does not tell, enough for one job."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return MEMORY_FOR_A_JOB
