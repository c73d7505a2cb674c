"""From pictures to the film of a production, and to what is written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from photochrom.engine import Event, Task
from photochrom.errors import ProductionError
from photochrom.film import render
from photochrom.film.plan import Plan
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
    if desk.force:
        for key in (plan.key, *plan.parts):
            store.forget(key)
    tasks = render.parts_to_make(plan, store, desk.workers)
    made = store.get(plan.key) is None
    if made:
        make_parts(desk, tasks)
        with store.writing(plan.key, "film") as folder:
            join(desk, plan, folder / name)
    else:
        # Of its parts only these are used once more: beside the film, and to say how loud it is.
        make_parts(desk, [one for one in tasks if one.kind in ("sound", "poster")])
    beside = sidecars(desk, screening)
    loudness = str(render.loudness(plan, store))
    lent = tuple(borrowed(segment.take for segment in plan.segments))
    return Filmed(plan.key, store.path(plan.key) / name, made, beside, loudness, lent)


def make_parts(desk: Desk, tasks: Sequence[Task]) -> None:
    """Makes what a film is joined from; progress is told in frames.

    Args:
        desk: The production, opened.
        tasks: From `parts_to_make`.

    Raises:
        PartsError: Some could not be made; the others are there.
    """
    outcomes = desk.run(_STAGE, tasks, InFrames(tasks, desk.progress))
    failures = [(one.task.item, one.failure) for one in outcomes if one.failure is not None]
    if failures:
        raise PartsError([desk.failed(f"film, {name}", _STAGE, why) for name, why in failures])


def join(desk: Desk, plan: Plan, out: Path) -> None:
    """Joins a film whose parts are there.

    Raises:
        StoryboardError: It cannot be written.
    """
    frames = plan.frames
    desk.progress(Event(_STAGE, "joined", frames, frames, "joining with sound", 0.5))
    render.join(plan, desk.store, out)
    desk.progress(Event(_STAGE, "joined", frames, frames, "made", 1.0))
