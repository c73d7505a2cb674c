"""Where the service puts what is on its way: below its own folder, where there is room for
photographs and whoever looks after the service finds it; not in the system's folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photochrom.scratch import scratch, sweep_scratch

WORK = "work"
"""Folder of what is not finished yet, in the data folder."""

SCRATCH = "scratch"
"""Folder of what goes with the process that made it, in there."""


@contextmanager
def on_the_way(data: Path) -> Iterator[Path]:
    """An empty folder that is gone when the block ends.

    Args:
        data: The service's folder.

    Raises:
        OSError: It cannot be made.
    """
    place = data / WORK / SCRATCH
    place.mkdir(parents=True, exist_ok=True)
    with scratch(place) as folder:
        yield folder


def sweep(data: Path) -> int:
    """Removes what processes left that were killed; returns how many folders that were."""
    return sweep_scratch(data / WORK / SCRATCH)
