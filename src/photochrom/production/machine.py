"""What this machine has to work with."""

from __future__ import annotations

import os

MEMORY_FOR_A_JOB = 3 * 2**30
"""Bytes that restoring a large scan may take besides what other programs need."""

MEMORY_TO_FILM = 3 * 2**28
"""Bytes that rendering takes, whatever the size of the frame: the pictures of two shots."""

MEMORY_A_PIXEL = 300
"""Bytes for each pixel of the frame besides."""


def film_jobs(size: tuple[int, int]) -> int:
    """How many parts of a film are rendered at a time.

    Args:
        size: Width and height of the frame.
    """
    need = MEMORY_TO_FILM + MEMORY_A_PIXEL * size[0] * size[1]
    return max(1, min(cores(), memory() // need))


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
