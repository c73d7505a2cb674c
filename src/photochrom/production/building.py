"""Building a production: whatever is not up to date is made, and nothing else.

The steps are functions that each return a value: scans -> pictures -> film -> publish -> stamp.
What fails is in the value, so that the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.cachedir import cache_place
from photochrom.engine import Control, Failure, Progress, nobody, twice
from photochrom.engine.needed import needed_in
from photochrom.errors import PhotochromError, ProductionError, StoppedError
from photochrom.files import usable
from photochrom.production.bringing import Openable, opened
from photochrom.production.checking import check, make_room
from photochrom.production.delivering import deliver
from photochrom.production.desk import Desk
from photochrom.production.file import ProductionFile
from photochrom.production.publishing import FILM, SIDECARS, named, publish, together
from photochrom.production.restoring import pictures
from photochrom.production.result import (
    BuildResult,
    Delivered,
    Failed,
    Filmed,
    Published,
    Restored,
    Scans,
)
from photochrom.production.stamp import Stamp, inputs_digest, stamp_path

if TYPE_CHECKING:
    from photochrom.film.sound.schedule import Soundtrack

__all__ = ["build", "film_of", "films_of", "leave_stamp", "pictures", "publish"]


def build(
    production: Openable,
    *,
    force: bool = False,
    jobs: int | None = None,
    engine: str = "local",
    narrate: str | None = None,
    progress: Progress = nobody,
    control: Control | None = None,
) -> BuildResult:
    """Builds the pictures and the film of a production.

    It may be stopped in any way at any moment; the next build goes on where it was. A photograph
    that fails does not stop the others, but the film is made only when all that it shows is there.

    Args:
        production: The production file; a path, a URL, or as it has been opened.
        force: Make everything anew, and replace even results that somebody has changed.
        jobs: How many photographs or parts of the film are worked on at a time, each in a process
            of its own; 1 works in this process. By default as many as cores and memory allow.
        engine: Who works: "local"; "ray", the cluster that `RAY_ADDRESS` names or this machine
            belongs to; "ray://HOST:PORT".
        narrate: Speech engine that speaks narrations without a recording, or "auto" for the first
            that is installed; None leaves them silent.
        progress: Called with what happens.
        control: Says whether it is to go on; may be told from other threads.

    Raises:
        ProductionError: The file is not a production.
        RecipeError: A recipe does not exist or does not hold together.
        ModelError: A network that a recipe needs does not exist.
        StoryboardError: A sound file is not there or is no sound, or does not fit the film; or no
            speech engine is there that can do what is asked.
        PlaceError: A bucket cannot be read or written to.
        StoppedError: By `control`, before all was done.
    """
    started = time.monotonic()
    file = opened(production, progress=progress)
    desk = Desk(file, "build", force, jobs, engine, narrate, progress, control or Control())
    with file.mirror.plainly(), usable(file.cache, ProductionError), desk:
        # Whoever is to speak is known, or not there, before anything else.
        silent = 0 if desk.narrator is not None else len(desk.unspoken)
        scans = desk.scans()
        last = Stamp.read(stamp_path(file))
        if last is not None and not force and not scans.failed and _holds(desk, last, scans):
            result = _kept(desk, scans, last)
        else:
            result = _built(desk, scans, last)
    return replace(result, seconds=time.monotonic() - started, silent=silent)


def _kept(desk: Desk, scans: Scans, last: Stamp) -> BuildResult:
    """Where nothing can have changed here; in a bucket somebody may still have been at work."""
    versions = desk.file.versions() if last.film_keys else ()
    names = (named(one, version) for version in versions for one in (FILM, SIDECARS))
    brought = deliver(desk.file, last.published, progress=desk.progress)
    kept = BuildResult((), (*scans.digests, *names), (), None, 0.0)
    return _delivered(kept, brought, [version.film for version in versions], desk.file)


def _built(desk: Desk, scans: Scans, last: Stamp | None) -> BuildResult:
    """Makes what is not up to date, and brings it where it belongs."""
    file = desk.file
    check(file)
    cache_place(file.cache)
    desk.store.sweep()
    make_room(desk, scans)
    restored, films, failed, published = twice(lambda: _made(desk, scans), _has_lost)
    failures = (*scans.failed, *restored.failed, *failed, *published.failed)
    left = (*restored.left, *published.left)
    files = {**restored.files, **published.files}
    brought = deliver(file, files, force=desk.force, progress=desk.progress)
    if not failures and not brought.failed:
        leave_stamp(desk, scans, films, files, restored.labels, last, look_again=bool(left))
    result = BuildResult(
        (*restored.made, *published.made),
        (*restored.kept, *published.kept),
        failures,
        None,
        0.0,
        films[0].loudness if films else None,
        borrowed=tuple(sorted({font for one in films for font in one.borrowed})),
        notices=_notices(restored),
        left=left,
    )
    there = {*published.made, *published.kept}
    shown = [one.film for one in file.versions() if named(FILM, one) in there]
    return _delivered(result, brought, shown, file)


_Made = tuple[Restored, list[Filmed], tuple[Failed, ...], Published]


def _made(desk: Desk, scans: Scans) -> _Made:
    """All that is made of the scans, and what failed."""
    # A voice that does not fit is told of before hours are spent on pictures.
    track = _track(desk) if desk.file.production.shots else None
    restored = pictures(desk, scans)
    return restored, *films_of(desk, scans, restored, track)


def _has_lost(made: _Made) -> bool:
    """Whether anything failed because a result had gone by the time it was read."""
    restored, _, failed, published = made
    every = (*restored.failed, *failed, *published.failed)
    return any(one.failure.gone for one in every)


def films_of(
    desk: Desk, scans: Scans, restored: Restored, track: Soundtrack | None
) -> tuple[list[Filmed], tuple[Failed, ...], Published]:
    """Makes and publishes the film in all of its versions; arguments as for `film_of`.

    Returns:
        The films that there are, what failed, and what was published.
    """
    films: list[Filmed] = []
    failed: list[Failed] = []
    put: list[Published] = []
    for version in desk.file.versions() if track is not None else ():
        own = desk.showing(version)
        heard = track if version.language == desk.file.language else _track(own)
        filmed, why = film_of(own, scans, restored, heard)
        failed += why
        if filmed is not None:
            films.append(filmed)
            put.append(publish(own, filmed))
    return films, tuple(failed), together(put)


def film_of(
    desk: Desk, scans: Scans, restored: Restored, track: Soundtrack | None
) -> tuple[Filmed | None, tuple[Failed, ...]]:
    """Makes the film and what belongs beside it, unless they are there.

    Args:
        desk: The production, opened.
        scans: Its originals.
        restored: Its photographs.
        track: What is heard; None if there is to be no film.

    Returns:
        The film, if there is one, and what failed.
    """
    if track is None:
        return None, ()
    from photochrom.production.filming import PartsError, film
    from photochrom.production.footage import shown

    missing = [id for id in shown(desk.file) if id not in restored.pictures]
    if missing:
        why = Failure(f"not made, because it shows {', '.join(missing)}")
        return None, (Failed(named(FILM, desk.file), "film", why),)
    try:
        return film(desk, desk.screening(scans, restored.pictures, track)), ()
    except StoppedError:
        raise
    except PhotochromError as error:
        parts = error.parts if isinstance(error, PartsError) else ()
        why = Failure.of(error)
        return None, (*parts, Failed(named(FILM, desk.file), "film", why))


def leave_stamp(
    desk: Desk,
    scans: Scans,
    films: Sequence[Filmed],
    files: Mapping[str, str],
    labels: tuple[str, ...],
    last: Stamp | None,
    *,
    look_again: bool = False,
) -> Stamp:
    """Notes what this build depended on, and what it needs of the store, after it has succeeded.

    Args:
        desk: The production, opened.
        scans: Its originals.
        films: Its film, if it has one, in all versions.
        files: Digest of each file that lies in the output folder, by its path.
        labels: Keys of its pictures with what is known of them.
        last: What the build before left.
        look_again: Whether the next build is to look at everything, whatever has changed: as long
            as something is left that somebody has changed, it is told each time, and what was made
            takes its place once it is gone.
    """
    from photochrom.nets.registry import user_folders

    watched = tuple(str(folder) for folder in user_folders())
    film_keys = tuple(key for one in films for key in (one.key, one.sidecars.key))
    # No file tells when a font of the system has changed: then each build looks again.
    inputs = ""
    if not look_again and not any(one.borrowed for one in films):
        inputs = inputs_digest(desk.file, scans.digests, watched, _speech(desk))
    stamp = Stamp(inputs, watched, files, film_keys, labels)
    stamp.write(stamp_path(desk.file))
    desk.settle()
    # Parts of films stay, so that going back to the last film takes seconds; the film itself
    # is their sum, and would be kept twice for every word that was changed in it. So would
    # pictures with what was known of them.
    superseded = {*last.film_keys, *last.label_keys} if last else set()
    for key in superseded - needed_in(desk.file.cache):
        desk.store.forget(key)
    return stamp


def _delivered(
    result: BuildResult, brought: Delivered, films: Sequence[Path], file: ProductionFile
) -> BuildResult:
    """How a build went, with what was brought elsewhere and the films that there are."""
    names = {one.name for one in brought.failed} | {one.name for one in brought.left}
    there = [one for one in films if one.relative_to(file.folder).as_posix() not in names]
    failed = tuple(_plainly(one, file) for one in (*result.failed, *brought.failed))
    said = file.mirror.said
    left = tuple(replace(one, where=said(one.where)) for one in (*result.left, *brought.left))
    main = file.film if file.film in there else None
    others = tuple(one for one in there if one != file.film)
    return replace(result, failed=failed, left=left, film=main, versions=others, sent=brought.sent)


def _plainly(failed: Failed, file: ProductionFile) -> Failed:
    """The same, with URLs in the place of the paths of their copies."""
    failure = failed.failure
    return replace(failed, failure=replace(failure, message=file.mirror.said(failure.message)))


def _notices(restored: Restored) -> tuple[str, ...]:
    from photochrom.record import Record

    told = {id: Record.open(restored.pictures[id].record).notices for id in restored.made}
    return tuple(f"{id}: {'; '.join(lines)}" for id, lines in told.items() if lines)


def _track(desk: Desk) -> Soundtrack:
    from photochrom.production.hearing import track

    return track(desk)


def _holds(desk: Desk, last: Stamp, scans: Scans) -> bool:
    inputs = inputs_digest(desk.file, scans.digests, last.watched, _speech(desk))
    return last.holds(inputs, desk.ledger)


def _speech(desk: Desk) -> str:
    return "" if desk.narrator is None else desk.narrator.speaker.key
