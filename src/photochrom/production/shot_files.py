"""The shots of a production's film as files of their own, for editing programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from photochrom.engine import Report, Task, there, twice
from photochrom.errors import PhotochromError, ProductionError
from photochrom.film.exchange.cut import Media, Timeline, with_files
from photochrom.film.exchange.prerender import Prerendered
from photochrom.film.render import needs_of
from photochrom.film.storyboard import Shot
from photochrom.production.delivering import deliver_whole
from photochrom.production.desk import Desk
from photochrom.production.footage import Screening
from photochrom.threads import limited_threads

FOLDER = "shots"
"""Beside the film, in the output folder; those of a version in one of its own: `shots-upright`."""

_STAGE = "shots"


def with_shot_files(desk: Desk, screening: Screening, timeline: Timeline, handles: int) -> Timeline:
    """A cut whose clips show files of their own, which are rendered unless they are there.

    Args:
        desk: Where they are made.
        screening: The film.
        timeline: Its cut, with photographs as media.
        handles: Frames before and after each.

    Raises:
        PhotochromError: One cannot be rendered, or lies where somebody else has put something.
    """
    shots = [Prerendered(cue.take, handles) for cue in screening.plan.cues]
    names = [_name(number, shot, len(shots)) for number, shot in enumerate(shots, start=1)]
    needs = needs_of(screening.plan.film.size)
    tasks = [
        Task(shot.key, Path(name).stem, work, shot, shot.take.files(), needs, "shot")
        for shot, name in zip(shots, names, strict=True)
    ]
    paths = twice(lambda: _published(desk, tasks, shots, names))
    desk.settle()
    media = [
        Media(path, shot.take.film.size, frames=shot.frames, first=handles)
        for shot, path in zip(shots, paths, strict=True)
    ]
    return with_files(timeline, media)


def _published(
    desk: Desk, tasks: Sequence[Task], shots: Sequence[Prerendered], names: Sequence[str]
) -> list[Path]:
    """Renders shots and puts them beside the film; gives their files."""
    failures = [one for one in desk.run(_STAGE, tasks) if one.failure is not None]
    if failures:
        said = "; ".join(
            f"{one.task.item}: {one.failure.message}" for one in failures if one.failure
        )
        raise ProductionError(f"shots cannot be rendered: {said}", where=desk.file.where)
    version = desk.file.version
    folder = f"{FOLDER}-{version}" if version else FOLDER
    targets = [desk.file.folder / folder / name for name in names]
    for shot, target in zip(shots, targets, strict=True):
        try:
            desk.outputs.put(_file(there(desk.store, shot.key), shot), target)
        except PhotochromError as error:
            raise ProductionError(error.what, where=target, fix="move it away") from error
    deliver_whole(desk.file, targets, progress=desk.progress)
    return targets


@limited_threads(1)
def work(folder: Path, shot: Prerendered, inputs: Mapping[str, Path], report: Report) -> None:
    """Renders a shot into a folder."""
    shot = replace(shot, take=shot.take.at(inputs))
    shot.write(_file(folder, shot))


def _file(folder: Path, shot: Prerendered) -> Path:
    return folder / f"shot{shot.encoder.ending}"


def _name(number: int, shot: Prerendered, count: int) -> str:
    """By place and photograph, so that they are in order in a folder: "03-hopper.mov"."""
    item = shot.take.item
    said = item.photograph if isinstance(item, Shot) else f"{item.card}-card"
    return f"{number:0{max(2, len(str(count)))}d}-{said}{shot.encoder.ending}"
