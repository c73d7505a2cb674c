"""How many of a production's tasks are worked on at a time."""

from __future__ import annotations

from photochrom.engine.machine import cores, memory

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
