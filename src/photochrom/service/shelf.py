"""Where the engine keeps results for an organization: a shelf of its own, so that nobody learns
from how long something takes what others have."""

from __future__ import annotations

from pathlib import Path

from photochrom.engine import FolderStore, Store
from photochrom.places import Url, place_of
from photochrom.service.context import Context


def folder_of(context: Context, organization: str) -> Path:
    """Where results of an organization lie on this machine."""
    return context.settings.data / "cache" / organization


def store_of(context: Context, organization: str) -> Store:
    """The store of an organization: in the data folder, and in the bucket if there is one.

    Raises:
        PhotochromError: The folder cannot be used.
    """
    near = FolderStore(folder_of(context, organization))
    if context.settings.storage is None:
        return near
    place = place_of(context.settings.storage)
    if not isinstance(place, Url):
        return near
    from photochrom.engine.bucket import BucketStore

    return BucketStore(place.folder / organization / "cache/", near)
