"""From a plan to a film: segments rendered side by side, then joined."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import cv2

from photochrom.errors import StoryboardError
from photochrom.film import encode, muxing
from photochrom.film.cues import Chapter, chapters, cues
from photochrom.film.dither import Dither, Samples
from photochrom.film.frames import Planes
from photochrom.film.pictures import Stills
from photochrom.film.poster import Labels, Poster, poster
from photochrom.film.shooting import frames_of, picture_at
from photochrom.film.sound.mastering import sound_of
from photochrom.film.sound.reading import SoundFile
from photochrom.film.sound.schedule import Soundtrack, schedule
from photochrom.film.storyboard import Film, Storyboard
from photochrom.film.subtitles import Subtitle, captions
from photochrom.film.timeline import Segment, plan
from photochrom.photograph import Photograph

POSTER_QUALITY = 90
"""Of the poster's JPEG."""

Progress = Callable[[str, float], None]
"""Called with (what was finished, share of the film done 0..1)."""

Mapper = Callable[[Callable[["Task"], Path], Sequence["Task"]], Iterable[Path]]
"""Applies a function to tasks, wherever it likes, and gives the results in order."""


@dataclass(frozen=True)
class Task:
    """A segment and the folder for its file: all that `render_task` needs, in one pickle."""

    segment: Segment
    cache: Path


def make_film(
    storyboard: Storyboard,
    stills: Mapping[str, Stills],
    out: Path,
    cache: Path,
    *,
    progress: Progress | None = None,
    workers: int = 2,
    map_: Mapper | None = None,
    labels: Labels | None = None,
    sounds: Mapping[str, SoundFile] = MappingProxyType({}),
) -> Path:
    """Build the film; what is in the cache, or is already in `out`, is not made again.

    Args:
        storyboard: What to show.
        stills: For each photograph id, its files.
        out: The film, ending as its encoder's files do; appears whole or not at all.
        cache: Folder for segments; may be shared by many films.
        progress: Told of each finished segment.
        workers: Processes; 1 renders in this one. Processes are spawned: a script that asks for
            more than one needs the usual `if __name__ == "__main__":`.
        map_: Runs the tasks instead of a process pool of our own.
        labels: What the poster says of itself, by the photograph that it shows.
        sounds: For each sound file that the storyboard names, what is in it.

    Returns:
        `out`.

    Raises:
        StoryboardError: If the storyboard cannot be filmed or the film cannot be written.
        PhotographError: If a still cannot be read.
    """
    film = storyboard.film
    if not film.encoder.suits(out):
        raise StoryboardError(
            f"is no name for {film.encoder.kind.title}",
            where=out,
            fix=f"let it end in {film.encoder.ending}",
        )
    segments = plan(storyboard, stills)
    track = schedule(storyboard, sounds)
    key = film_key(segments, film, track, labels)
    if muxing.metadata_of(out).get("comment") == comment(key):
        return out
    missing = {s.key: s for s in segments if not segment_path(s, cache).is_file()}
    tasks = [Task(segment, cache) for segment in missing.values()]
    # Long segments first, so that no worker is left alone with one at the end.
    tasks.sort(key=lambda task: -task.segment.frames)
    report = progress or (lambda name, done: None)
    total = sum(task.segment.frames for task in tasks)
    done = 0
    with ThreadPoolExecutor(1) as aside:
        sound = aside.submit(sound_of, track, cache, film.encoder.kind.sound)
        for task, _ in zip(tasks, _mapped(tasks, workers, map_), strict=True):
            done += task.segment.frames
            report(task.segment.name, 0.97 * done / total)
        spoken = bool(track.speech)
        join(segments, sound.result(), out, cache, film, key, labels, spoken=spoken)
    report("film", 1.0)
    return out


def render(segment: Segment, cache: Path) -> Path:
    """The file of a segment, rendered and encoded unless it is there.

    Args:
        segment: From `plan`.
        cache: Folder for segments.
    """
    path = segment_path(segment, cache)
    if not path.is_file():
        film = segment.take.film
        encode.encode_segment(
            path, _samples(segment), size=film.size, rate=film.rate, encoder=film.encoder
        )
    return path


def render_task(task: Task) -> Path:
    """`render`, for mappers."""
    return render(task.segment, task.cache)


def join(
    segments: Sequence[Segment],
    sound: Path | None,
    out: Path,
    cache: Path,
    film: Film,
    key: str,
    labels: Labels | None = None,
    *,
    spoken: bool = False,
) -> None:
    """Join rendered segments to the film, without encoding them again; `key` is from `film_key`."""
    parts = [(segment_path(segment, cache), segment.frames) for segment in segments]
    metadata = {"comment": comment(key)}
    if film.title:
        metadata["title"] = film.title
    words, marks = _words(segments, film)
    muxing.join(
        parts,
        sound,
        out,
        rate=film.rate,
        metadata=metadata,
        captions=words,
        chapters=marks,
        cover=write_poster(poster(segments, labels), cache),
        language=film.language,
        spoken=spoken,
    )


def write_poster(chosen: Poster, cache: Path) -> Path:
    """The file of a poster, rendered unless it is there.

    Args:
        chosen: From `poster`.
        cache: Folder for segments.

    Raises:
        PhotographError: If it cannot be written, or its still cannot be read.
    """
    path = chosen.path(cache)
    if not path.is_file():
        picture = Photograph.from_array(picture_at([chosen.segment], 0))
        picture.save(path, quality=POSTER_QUALITY, provenance=chosen.label)
    return path


def segment_path(segment: Segment, cache: Path) -> Path:
    ending = segment.take.film.encoder.ending
    return cache / segment.key[:2] / f"{segment.key}{ending}"


def film_key(
    segments: Sequence[Segment], film: Film, track: Soundtrack, labels: Labels | None = None
) -> str:
    """SHA-256 of everything in the film: sound, title, text track, chapters and cover included."""
    words, marks = _words(segments, film)
    facts = [
        muxing.CODE,
        [segment.key for segment in segments],
        track.key,
        film.title,
        film.language,
        [asdict(one) for one in words],
        [asdict(one) for one in marks],
        poster(segments, labels).key,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _samples(segment: Segment) -> Iterator[Samples]:
    film = segment.take.film
    dither = Dither(film.size, film.encoder.depth, film.encoder.kind.sampling)
    last: tuple[Planes, Samples] | None = None
    for planes in frames_of(segment):
        if last is None or last[0] is not planes:
            last = planes, dither.to_samples(planes)
        yield last[1]


def _mapped(tasks: Sequence[Task], workers: int, map_: Mapper | None) -> Iterator[Path]:
    if map_ is not None:
        yield from map_(render_task, tasks)
    elif workers <= 1 or len(tasks) <= 1:
        yield from map(render_task, tasks)
    else:
        context = multiprocessing.get_context("spawn")
        count = min(workers, len(tasks))
        with ProcessPoolExecutor(count, context, initializer=_single_threaded) as pool:
            yield from pool.map(render_task, tasks)


def _single_threaded() -> None:
    """In a pool each process has one core; OpenCV would start as many threads as there are."""
    cv2.setNumThreads(1)


def _words(segments: Sequence[Segment], film: Film) -> tuple[list[Subtitle], list[Chapter]]:
    items = cues(segments)
    return captions(items), chapters(items, film)


def comment(key: str) -> str:
    """By which a film is known again, in its file; `key` is from `film_key`."""
    return f"photochrom {key}"
