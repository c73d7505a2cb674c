"""From pictures to the film of a production, and to what is written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from photochrom.engine import Event, Task, there
from photochrom.errors import ProductionError
from photochrom.film import render
from photochrom.film.plan import Plan
from photochrom.film.plan.reels import Reel
from photochrom.film.plan.visible import borrowed
from photochrom.production.desk import Desk
from photochrom.production.footage import Screening
from photochrom.production.frame_progress import InFrames
from photochrom.production.result import Failed, Filmed
from photochrom.production.sidecars import sidecars

_STAGE = "film"


class PartsError(ProductionError):
    """A film that is not made, because parts of it failed.

    Args:
        parts: Which, and why.
    """

    def __init__(self, parts: Sequence[Failed]):
        self.parts = tuple(parts)
        super().__init__(f"not made, because {len(parts)} of its parts failed")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.parts,)


def film(desk: Desk, screening: Screening) -> Filmed:
    """Makes the film of a production, or finds it in the store.

    Args:
        desk: The production, opened.
        screening: The film, planned.

    Raises:
        PartsError: Parts of it could not be made.
        PhotochromError: It cannot be joined.
    """
    plan, store = screening.plan, desk.store
    name = f"film{plan.film.encoder.ending}"
    desk.needed.add({plan.key} | plan.parts)
    tasks = render.parts_to_make(plan, store, desk.workers, desk.anew)
    if desk.anew(plan.key) or store.get(plan.key) is None:
        make_parts(desk, tasks)
        with store.writing(plan.key, "film", replace=desk.force) as folder:
            join(desk, plan, folder / name)
        desk.note_made(plan.key)
    else:
        # Of its parts only these are used once more: beside the film, and to say how loud it is.
        make_parts(desk, [one for one in tasks if one.kind in ("sound", "poster")])
    beside = sidecars(desk, screening)
    loudness = str(render.loudness(plan, store))
    lent = tuple(borrowed(segment.take for segment in plan.segments))
    made = desk.has_made(plan.key)
    return Filmed(plan.key, there(store, plan.key) / name, made, beside, loudness, lent)


def make_parts(desk: Desk, tasks: Sequence[Task]) -> None:
    """Makes what a film is joined from; progress is told in frames.

    Args:
        desk: The production, opened.
        tasks: From `parts_to_make`.

    Raises:
        PartsError: Some could not be made; the others are there.
    """
    failures: list[Failed] = []
    for one in desk.run(_STAGE, tasks, InFrames(tasks, desk.progress)):
        if one.failure is not None:
            failures.append(desk.failed(f"film, {one.task.item}", _STAGE, one.failure))
        elif isinstance(one.task.argument, Reel) and not one.kept:
            desk.note_made(*(segment.key for segment in one.task.argument.segments))
    if failures:
        lost = (one.failure for one in failures if one.failure.gone)
        gone = next((one.as_error(ProductionError) for one in lost), None)
        raise PartsError(failures) from gone


def join(desk: Desk, plan: Plan, out: Path) -> None:
    """Joins a film whose parts are there.

    Raises:
        StoryboardError: It cannot be written.
    """
    frames = plan.frames
    desk.progress(Event(_STAGE, "joined", frames, frames, "joining with sound", 0.5))
    render.join(plan, desk.store, out)
    desk.progress(Event(_STAGE, "joined", frames, frames, "made", 1.0))
