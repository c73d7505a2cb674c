"""The film of a production, small and soon: to see the cut before the photographs are restored.

A photograph that has been restored is shown as it is in the film; one that has not, as it was
scanned, and the result says how many those are. Nothing is restored for a preview, and it takes
the place of nothing but the preview before.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.engine import (
    Engine,
    Failure,
    FolderStore,
    Ledger,
    Progress,
    Serial,
    Workers,
    nobody,
)
from photochrom.engine.machine import cores
from photochrom.errors import ProductionError
from photochrom.film.storyboard import Storyboard
from photochrom.film.storyboard.encoder import Encoder
from photochrom.production.file import ProductionFile
from photochrom.production.outputs import Outputs, usable

if TYPE_CHECKING:
    from photochrom.production.cue_sheet import Picture
    from photochrom.production.narrating import Narrator

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
        seconds: How long it took.
    """

    path: Path
    made: bool
    photographs: int
    scans: tuple[str, ...]
    seconds: float


def preview(
    production: str | Path,
    *,
    force: bool = False,
    jobs: int | None = None,
    narrate: str | None = None,
    progress: Progress = nobody,
) -> Preview:
    """Makes a small film of a production as it stands, with the film's exact times and its sound.

    Args:
        production: The production file.
        force: Make every part anew, and replace even a preview that somebody has changed.
        jobs: How many parts of the film are worked on at a time; by default one a core.
        narrate: The speech engine that speaks what nobody has recorded, as for `build`.
        progress: Called with what happens.

    Returns:
        The preview: the film's name in the output folder, ending in `.preview.mp4`.

    Raises:
        PhotochromError: The file is not a production or has no film, a scan or a sound file cannot
            be read, or the preview cannot be written.
    """
    started = time.monotonic()
    file = ProductionFile.open(production)
    if not file.production.shots:
        raise ProductionError(
            "has no film", where=file.path, fix="add [[shot]] tables: docs/storyboard.md"
        )
    with usable(file.cache):
        path, made, scans = _made(file, force, jobs or cores(), narrate, progress)
    from photochrom.production.footage import shown

    return Preview(path, made, len(shown(file)), scans, time.monotonic() - started)


def _made(
    file: ProductionFile, force: bool, jobs: int, narrate: str | None, progress: Progress
) -> tuple[Path, bool, tuple[str, ...]]:
    from photochrom.film import render
    from photochrom.film.output import muxing
    from photochrom.film.sound.narration import unspoken
    from photochrom.film.sound.schedule import schedule
    from photochrom.film.timeline import plan
    from photochrom.production.filming import mapper, parts_of
    from photochrom.production.footage import described, sounds_of
    from photochrom.production.narrating import narrator
    from photochrom.production.sidecars import labels
    from photochrom.production.small_pictures import small_stills
    from photochrom.production.viewing import found

    file.cache.mkdir(parents=True, exist_ok=True)
    store, ledger = FolderStore(file.cache), Ledger(file.cache)
    voice = narrator(file, narrate) if narrate and unspoken(file.storyboard()) else None
    sounds = sounds_of(file, ledger, voice, progress)
    originals, pictures = found(file, ledger)
    known = described(file, pictures)
    storyboard = _small(file, known, [id for id in originals if id not in known], voice)

    def engine_for(store: FolderStore) -> Engine:
        return Serial(store) if jobs == 1 else Workers(store, jobs)

    stills = small_stills(file, pictures, originals, ledger, store, engine_for, progress)
    segments = plan(storyboard, stills)
    track, said = schedule(storyboard, sounds), labels(known)
    cache = store.root / "segments"
    if force:
        for part in parts_of(segments, track, said, cache):
            part.unlink(missing_ok=True)
    target = file.film.with_name(f"{file.film.stem}.preview.mp4")
    scans = tuple(id for id in originals if id not in pictures)
    comment = render.comment(render.film_key(segments, storyboard.film, track, said))
    if not force and muxing.metadata_of(target).get("comment") == comment:
        return target, False, scans
    failures: list[str] = []

    def failed(name: str, failure: Failure) -> None:
        failures.append(f"{name}: {failure.message}")

    with store.scratch() as scratch:
        try:
            film = render.make_film(
                storyboard,
                stills,
                scratch / target.name,
                cache,
                workers=jobs,
                map_=mapper(store, engine_for, failed, progress),
                labels=said,
                sounds=sounds,
            )
        except ProductionError as error:
            raise ProductionError("; ".join(failures) or error.what, where=file.path) from error
        Outputs(file, store, ledger, force).put(film, target)
    return target, True, scans


def _small(
    file: ProductionFile,
    known: Mapping[str, Picture],
    scanned: list[str],
    voice: Narrator | None = None,
) -> Storyboard:
    """The film's storyboard, smaller; its cards say what is shown as scanned."""
    from photochrom.production.footage import shown
    from photochrom.production.words import credits, disclosure

    text = disclosure([picture.record for picture in known.values()]) if known else ""
    if scanned:
        count = len(scanned)
        are = "1 photograph is" if count == 1 else f"{count} photographs are"
        text = f"Preview: {are} not restored yet and shown as scanned. {text}".rstrip()
    entries = (file.production.entry(id) for id in shown(file))
    if voice is not None:
        text = f"{text} {voice.statement}".lstrip()
    storyboard = file.storyboard(text or "No photograph is shown.", credits(entries))
    if voice is not None:
        storyboard = voice.recorded(storyboard)
    film = storyboard.film
    changed = film.model_copy(update={"size": _size(film.size), "encoder": SMALL})
    return storyboard.model_copy(update={"film": changed})


def _size(size: tuple[int, int]) -> tuple[int, int]:
    """A size of the same shape, of even numbers."""
    share = min(1.0, max(LONGEST / max(size), SHORTEST / min(size)))
    width, height = (round(side * share / 2) * 2 for side in size)
    return width, height
