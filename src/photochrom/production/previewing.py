"""The film of a production, small and soon: to see the cut before the photographs are restored.

A photograph that has been restored is shown as it is in the film; one that has not, as it was
scanned, and the result says how many those are. Nothing is restored for a preview, and it takes
the place of nothing but the preview before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.cachedir import cache_place
from photochrom.engine import Control, Progress, nobody, twice
from photochrom.errors import ProductionError
from photochrom.files import usable
from photochrom.film.storyboard import Film
from photochrom.film.storyboard.encoder import Encoder
from photochrom.production.bringing import Openable, opened
from photochrom.production.checking import check
from photochrom.production.delivering import deliver_whole
from photochrom.production.desk import Desk

LONGEST = 640
"""Pixels of a preview's longer side, at most."""

SHORTEST = 128
"""Pixels of its shorter side, at least, unless the film itself has fewer: words need them."""

SMALL = Encoder(codec="h264", quality=26, preset="ultrafast")
"""What previews are written as."""


@dataclass(frozen=True)
class Preview:
    """A preview of a film.

    Attributes:
        path: Its file.
        made: Whether it was made now.
        photographs: How many the film shows.
        scans: Ids of those that are not restored yet, or not as the production says now.
        borrowed: Fonts of this system that words are set from, because no packaged font has them.
        seconds: How long it took.
    """

    path: Path
    made: bool
    photographs: int
    scans: tuple[str, ...]
    borrowed: tuple[str, ...]
    seconds: float


def preview(
    production: Openable,
    version: str = "",
    *,
    force: bool = False,
    jobs: int | None = None,
    engine: str = "local",
    narrate: str | None = None,
    progress: Progress = nobody,
    control: Control | None = None,
) -> Preview:
    """Makes a small film of a production as it stands, with the film's exact times and its sound.

    Args:
        production: The production file; a path, a URL, or as it has been opened.
        version: Which version of the film; "" for the film as it is.
        force: Make every part anew, and replace even a preview that somebody has changed.
        jobs: How many parts of the film are worked on at a time; by default one a core.
        engine: Who works; see `build`.
        narrate: The speech engine that speaks what nobody has recorded, as for `build`.
        progress: Called with what happens.
        control: Says whether it is to go on; may be told from other threads.

    Returns:
        The preview: the film's name in the output folder, ending in `.preview.mp4`.

    Raises:
        PhotochromError: The file is not a production or has no film, a scan or a sound file cannot
            be read, or the preview cannot be written.
        StoppedError: By `control`, before all was done.
    """
    started = time.monotonic()
    file = opened(production, progress=progress).in_version(version)
    desk = Desk(file, "preview", force, jobs, engine, narrate, progress, control or Control())
    desk = desk.with_film()
    with file.mirror.plainly(), usable(file.cache, ProductionError), desk:
        check(file)
        cache_place(file.cache)
        done = twice(lambda: _made(desk))
        deliver_whole(file, [done.path], force=force, progress=progress)
    return replace(done, seconds=time.monotonic() - started)


def _made(desk: Desk) -> Preview:
    from photochrom.film import render
    from photochrom.film.plan.visible import borrowed
    from photochrom.production.filming import PartsError, join, make_parts
    from photochrom.production.hearing import track

    file, store = desk.file, desk.store
    heard = track(desk)
    scans, pictures = desk.built()
    plan = desk.screening(scans, pictures, heard, small=True, changed=_smaller).plan
    desk.needed.add(plan.parts)
    target = file.film.with_name(f"{file.film.stem}.preview.mp4")
    scanned = tuple(id for id in scans.digests if id not in pictures)
    fonts = tuple(sorted(borrowed(segment.take for segment in plan.segments)))
    done = Preview(target, True, len(scans.digests), scanned, fonts, 0.0)
    if not desk.force and render.is_film_of(plan, target):
        return replace(done, made=False)
    try:
        make_parts(desk, render.parts_to_make(plan, store, desk.workers, desk.anew))
    except PartsError as error:
        raise ProductionError("; ".join(map(str, error.parts)), where=file.where) from error
    with store.scratch() as scratch:
        join(desk, plan, scratch / target.name)
        desk.outputs.put(scratch / target.name, target)
    desk.settle()
    return done


def _smaller(film: Film) -> Film:
    """The film's settings for a preview."""
    return film.model_copy(update={"size": _size(film.size), "encoder": SMALL})


def _size(size: tuple[int, int]) -> tuple[int, int]:
    """A size of the same shape, of even numbers."""
    share = min(1.0, max(LONGEST / max(size), SHORTEST / min(size)))
    width, height = (round(side * share / 2) * 2 for side in size)
    return width, height
