"""Which restored photographs somebody means: those in a folder, or those of a production."""

from __future__ import annotations

from pathlib import Path

from photochrom.engine import Progress, nobody
from photochrom.errors import PhotographError
from photochrom.places import Place, Url
from photochrom.reporting.finished import Collection
from photochrom.reporting.folders import Folder


def collected(place: Place, progress: Progress = nobody) -> Collection:
    """Opens a folder or a production.

    Args:
        place: A folder of this machine, or a production file here or elsewhere.
        progress: Told of scans that are brought to this machine.

    Raises:
        PhotographError: It is neither.
        ProductionError: The production cannot be read, or puts its pictures elsewhere.
    """
    if place.suffix == ".toml":
        from photochrom.production import opened
        from photochrom.reporting.productions import Production

        return Production(opened(place, progress=progress))
    if isinstance(place, Url):
        raise PhotographError(
            "lies elsewhere", where=str(place), fix="bring the folder to this machine"
        )
    if not place.is_dir():
        what = "is no folder" if place.exists() else "there is no such folder"
        raise PhotographError(what, where=place, fix="name a folder, or a production.toml")
    return Folder(place)


def root_of(place: Place) -> Path:
    """The folder of this machine below which a collection lies."""
    return place if isinstance(place, Path) and place.is_dir() else Path()
