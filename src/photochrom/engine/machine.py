"""What this machine has to work with."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import psutil

from photochrom.cgroup import limits

CACHE_VARIABLE = "PHOTOCHROM_CACHE"
"""Environment variable: the folder for what can be made again."""


def cache_folder() -> Path:
    """The user's folder for what can be made again: `$PHOTOCHROM_CACHE`, or the platform's."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser()
    return platformdirs.user_cache_path("photochrom", appauthor=False)


def memory(root: Path = Path("/")) -> int:
    """Bytes of memory that this process may use: all of the machine's, or what its container has.

    Args:
        root: Where `proc` and the file systems of control groups are.
    """
    whole = int(psutil.virtual_memory().total)
    share = limits(root).memory
    return whole if share is None else min(whole, share)
