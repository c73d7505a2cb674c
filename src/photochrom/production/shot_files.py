"""The shots of a production's film as files of their own, for editing programs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from photochrom.engine import FolderStore, Ledger, Progress, Report, Serial, Task, Workers
from photochrom.errors import PhotochromError, ProductionError
from photochrom.film.cues import cues
from photochrom.film.exchange.cut import Media, Timeline, with_files
from photochrom.film.exchange.prerender import Prerendered
from photochrom.film.storyboard import Shot
from photochrom.production.outputs import Outputs

if TYPE_CHECKING:
    from photochrom.production.viewing import Screening

FOLDER = "shots"
"""Beside the film, in the output folder."""

_STAGE = "shots"


def with_shot_files(
    screening: Screening, timeline: Timeline, handles: int, jobs: int, progress: Progress
) -> Timeline:
    """A cut whose clips show files of their own, which are rendered unless they are there.

    Args:
        screening: The film.
        timeline: Its cut, with photographs as media.
        handles: Frames before and after each.
        jobs: How many are rendered at a time.
        progress: Told of each.

    Raises:
        PhotochromError: One cannot be rendered, or lies where somebody else has put something.
    """
    file = screening.file
    store, ledger = FolderStore(file.cache), Ledger(file.cache)
    shots = [Prerendered(cue.take, handles) for cue in cues(screening.segments)]
    names = [_name(number, shot, len(shots)) for number, shot in enumerate(shots, start=1)]
    tasks = [
        Task(shot.key, Path(name).stem, work, shot) for shot, name in zip(shots, names, strict=True)
    ]
    engine = Serial(store) if jobs == 1 else Workers(store, jobs)
    with closing(engine.run(_STAGE, tasks, progress)) as outcomes:
        failures = [
            f"{one.task.item}: {one.failure.message}" for one in outcomes if one.failure is not None
        ]
    if failures:
        raise ProductionError(f"shots cannot be rendered: {'; '.join(failures)}", where=file.path)
    outputs = Outputs(file, store, ledger, force=False)
    media = []
    for shot, name in zip(shots, names, strict=True):
        target = file.folder / FOLDER / name
        try:
            outputs.put(_file(store.path(shot.key), shot), target)
        except PhotochromError as error:
            raise ProductionError(error.what, where=target, fix="move it away") from error
        size = shot.take.film.size
        media.append(Media(target, size, frames=shot.frames, first=handles))
    return with_files(timeline, media)


def work(folder: Path, shot: Prerendered, inputs: Mapping[str, Path], report: Report) -> None:
    """Renders a shot into a folder."""
    cv2.setNumThreads(1)
    shot.write(_file(folder, shot))


def _file(folder: Path, shot: Prerendered) -> Path:
    return folder / f"shot{shot.encoder.ending}"


def _name(number: int, shot: Prerendered, count: int) -> str:
    """By place and photograph, so that they are in order in a folder: "03-hopper.mov"."""
    item = shot.take.item
    said = item.photograph if isinstance(item, Shot) else f"{item.card}-card"
    return f"{number:0{max(2, len(str(count)))}d}-{said}{shot.encoder.ending}"
