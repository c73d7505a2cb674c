"""Folders of films whose makers have died: nobody goes on in them, so they are removed."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import is_id, new_id
from photochrom.service.core.scratch import SCRATCH
from photochrom.service.films.stage import folder_of_stages
from photochrom.service.jobs.repository import Jobs

_GONE = ".gone-"
"""How a folder is called that is being removed: who makes the film anew makes it anew."""

_STRANGE = timedelta(days=1)
"""So long anything else stays that lies there."""


def clear_stages(context: Context) -> int:
    """Removes folders of films that are over, or gone; returns how many."""
    root = folder_of_stages(context)
    removed = 0
    for folder in list(root.iterdir()) if root.is_dir() else []:
        gone = _set_aside(context, folder)
        if gone is None:
            continue
        if gone.is_dir() and not gone.is_symlink():
            shutil.rmtree(gone, ignore_errors=True)
        else:
            gone.unlink(missing_ok=True)
        removed += 1
    return removed


def _set_aside(context: Context, folder: Path) -> Path | None:
    """A folder under a name by which nobody finds it any more; None if it stays."""
    if folder.name == SCRATCH:
        return None  # It is swept by itself.
    if folder.name.startswith(_GONE):
        return folder
    if not is_id("fi", folder.name):
        return folder if _age(folder) > _STRANGE else None
    # Nobody tries the film again between the look and the renaming.
    with context.database.writing(EVERYONE) as session:
        job = Jobs(session).about(folder.name, change=True)
        if job is not None and not job.state.is_over:
            return None
        try:
            return folder.rename(folder.with_name(f"{_GONE}{new_id('fo')}"))
        except FileNotFoundError:
            return None  # Another one was faster.


def _age(path: Path) -> timedelta:
    try:
        return timedelta(seconds=time.time() - path.lstat().st_mtime)
    except FileNotFoundError:
        return timedelta(0)
