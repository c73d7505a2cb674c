"""From pictures to the film of a production, and to what is written beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2

from photochrom.engine import Engine, Event, Failure, FolderStore, Ledger, Progress, Report, Task
from photochrom.errors import ProductionError
from photochrom.film import render
from photochrom.film.poster import Labels, poster
from photochrom.film.reels import Reel, Scenes
from photochrom.film.sound.loudness import Loudness
from photochrom.film.sound.mastering import loudness_of, sound_path
from photochrom.film.sound.reading import SoundFile
from photochrom.film.sound.schedule import Soundtrack, schedule
from photochrom.film.timeline import Segment, plan
from photochrom.film.words.sentences import sentences
from photochrom.production.file import ProductionFile
from photochrom.production.footage import described, stills_of, storyboard_of
from photochrom.production.frame_progress import InFrames
from photochrom.production.narrating import Narrator
from photochrom.production.pictures import Pictures
from photochrom.production.sidecars import Sidecars, labels, sidecars

Failed = Callable[[str, Failure], None]

_STAGE = "film"


@dataclass(frozen=True)
class Filmed:
    """A film in the store.

    Attributes:
        key: Its key.
        path: Its file.
        made: Whether it was made now.
        sidecars: What belongs beside it.
        loudness: What its sound measures, if that is known.
    """

    key: str
    path: Path
    made: bool
    sidecars: Sidecars
    loudness: Loudness | None


def film(
    file: ProductionFile,
    pictures: Mapping[str, Pictures],
    originals: Mapping[str, str],
    sounds: Mapping[str, SoundFile],
    *,
    narrator: Narrator | None = None,
    engine_for: Callable[[FolderStore], Engine],
    jobs: int,
    store: FolderStore,
    ledger: Ledger,
    force: bool,
    failed: Failed,
    progress: Progress,
) -> Filmed:
    """Makes the film of a production, or finds it in the store.

    Args:
        file: The production.
        pictures: Results by photograph, at least of those that the film shows.
        originals: Digest of each original by photograph.
        sounds: From `sounds_of`.
        narrator: As for that.
        engine_for: Gives the engine that is to render the segments into a store.
        jobs: How many segments it renders at a time.
        store: For the film; what films are made of is kept beside it.
        ledger: Knows digests of files.
        force: Make everything anew.
        failed: Told of each segment that could not be rendered.
        progress: Told of each segment.

    Raises:
        PhotochromError: It cannot be filmed.
    """
    known = described(file, pictures)
    storyboard = storyboard_of(file, known, narrator)
    stills = stills_of(file, pictures, originals, store, ledger)
    segments = plan(storyboard, stills)
    settings, said = storyboard.film, labels(known)
    track = schedule(storyboard, sounds)
    wanted = render.film_key(segments, settings, track, said)
    key = hashlib.sha256(f"film {wanted}".encode()).hexdigest()
    cache = store.root / "segments"
    encoder = settings.encoder
    name = f"film{encoder.ending}"
    sound = sound_path(track, cache, encoder.kind.sound)
    if force:
        store.forget(key)
        for part in parts_of(segments, track, said, cache):
            part.unlink(missing_ok=True)
    made = store.get(key) is None
    if made:
        with store.writing(key) as folder:
            render.make_film(
                storyboard,
                stills,
                folder / name,
                cache,
                workers=jobs,
                map_=mapper(store, engine_for, failed, progress),
                labels=said,
                sounds=sounds,
            )
    beside = sidecars(
        segments,
        settings,
        file.film.name,
        known,
        said=sentences(track.words, settings.rate),
        voices=narrator.voice_of if narrator is not None else None,
        store=store,
        cache=cache,
        force=force,
    )
    loudness = loudness_of(sound) if sound.is_file() else None
    return Filmed(key, store.path(key) / name, made, beside, loudness)


def parts_of(
    segments: Sequence[Segment], track: Soundtrack, said: Labels, cache: Path
) -> list[Path]:
    """The files that a film is made of, there or not.

    Args:
        segments: The film's plan.
        track: Its sound.
        said: From `labels`.
        cache: Where they are kept.
    """
    encoder = segments[0].take.film.encoder
    return [
        sound_path(track, cache, encoder.kind.sound),
        poster(segments, said).path(cache),
        *(render.segment_path(segment, cache) for segment in segments),
    ]


def work(folder: Path, reel: Reel, inputs: Mapping[str, Path], report: Report) -> None:
    """Renders segments in a folder of their own, and only then moves each to where films look."""
    # In a worker each process has a core; in this process the frames are too small to be worth it.
    cv2.setNumThreads(1)
    scenes = Scenes(reel.segments)
    done = 0
    for segment in reel.segments:
        report(segment.name, done / reel.frames)
        target = render.segment_path(segment, reel.cache)
        if not target.is_file():
            rendered = render.render(segment, folder, scenes)
            target.parent.mkdir(parents=True, exist_ok=True)
            rendered.replace(target)
        done += segment.frames


def mapper(
    store: FolderStore,
    engine_for: Callable[[FolderStore], Engine],
    failed: Failed,
    progress: Progress,
) -> render.Mapper:
    """Lets our engine render the segments of a film.

    Args:
        store: Lends the scratch folder.
        engine_for: Gives the engine that is to render them into a store.
        failed: Told of each that could not be rendered.
        progress: Told of each.
    """

    def mapped(_: Callable[[Reel], Path], reels: Sequence[Reel]) -> Iterator[Path]:
        orders = [Task(one.key, one.name, work, one) for one in reels]
        failures = 0
        # Segments go to the cache of films; what the engine's own store would keep is nothing.
        with store.scratch() as scratch:
            told = InFrames(reels, progress)
            running = engine_for(FolderStore(scratch)).run(_STAGE, orders, told)
            with closing(running) as outcomes:
                for outcome in outcomes:
                    if outcome.failure is not None:
                        failures += 1
                        failed(f"film, {outcome.task.item}", outcome.failure)
        if failures:
            raise ProductionError(f"not made, because {failures} of its parts failed")
        progress(Event(_STAGE, "joined", told.total, told.total, "joining with sound", 0.5))
        for reel in reels:
            yield render.segment_path(reel.segments[-1], reel.cache)
        progress(Event(_STAGE, "joined", told.total, told.total, "made", 1.0))

    return mapped
