"""What this machine has to work with."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import psutil

from photochrom.files import expanded

CACHE_VARIABLE = "PHOTOCHROM_CACHE"
"""Environment variable: the folder for what can be made again."""


def cache_folder() -> Path:
    """The user's folder for what can be made again: `$PHOTOCHROM_CACHE`, or the platform's.

    Raises:
        PhotochromError: It begins with a home folder that is not known.
    """
    if named := os.environ.get(CACHE_VARIABLE):
        return expanded(named)
    return platformdirs.user_cache_path("photochrom", appauthor=False)


def memory() -> int:
    """Bytes of memory of this machine."""
    return int(psutil.virtual_memory().total)
