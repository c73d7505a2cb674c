"""What this machine has to work with."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import psutil

from photochrom.cgroup import limits
from photochrom.engine.store import FolderStore
from photochrom.errors import PlaceError
from photochrom.files import expanded
from photochrom.places import Place, Url, place_of

CACHE_VARIABLE = "PHOTOCHROM_CACHE"
"""Environment variable: the folder, or the URL, for what can be made again."""


def cache_folder() -> Path:
    """The user's folder for what can be made again: `$PHOTOCHROM_CACHE`, unless that is a URL, or
    the platform's.

    Raises:
        PhotochromError: It begins with a home folder that is not known.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named and not isinstance(place_of(named), Url):
        return expanded(named)
    return platformdirs.user_cache_path("photochrom", appauthor=False)


def cache_setting() -> Place | None:
    """What `$PHOTOCHROM_CACHE` names, which may be a URL; None if it is not set.

    Raises:
        PlaceError: It is no URL of ours.
    """
    named = os.environ.get(CACHE_VARIABLE)
    place = place_of(named) if named else None
    if isinstance(place, Url) and place.is_web:
        raise PlaceError(
            "the web takes no files", where=CACHE_VARIABLE, fix="name a bucket", kind="settings"
        )
    return place.folder if isinstance(place, Url) else place


def folder_store() -> FolderStore:
    """The store in the user's folder of this machine."""
    return FolderStore(cache_folder())


def memory(root: Path = Path("/")) -> int:
    """Bytes of memory that this process may use: all of the machine's, or what its container has.

    Args:
        root: Where `proc` and the file systems of control groups are.
    """
    whole = int(psutil.virtual_memory().total)
    share = limits(root).memory
    return whole if share is None else min(whole, share)
