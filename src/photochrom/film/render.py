"""From a plan to a film: segments rendered side by side, then joined."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from types import MappingProxyType

import cv2

from photochrom.engine.keys import FRAMES, key_of
from photochrom.errors import StoryboardError
from photochrom.film.frames.ahead import ahead
from photochrom.film.output import encode, muxing
from photochrom.film.output.dither import samples_of
from photochrom.film.plan.cues import chapters, cues
from photochrom.film.plan.poster import Labels, Poster, poster
from photochrom.film.plan.reels import Reel, reels
from photochrom.film.plan.sentences import sentences, together
from photochrom.film.plan.subtitles import captions
from photochrom.film.plan.timeline import Segment, plan
from photochrom.film.scenes.opened import Scenes
from photochrom.film.scenes.shooting import frames_of, picture_at
from photochrom.film.sound.mastering import sound_of
from photochrom.film.sound.reading import SoundFile
from photochrom.film.sound.schedule import Soundtrack, schedule
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Film, Storyboard
from photochrom.film.words.subtitles import Subtitle
from photochrom.photograph import Photograph

POSTER_QUALITY = 90
"""Of the poster's JPEG."""

Progress = Callable[[str, float], None]
"""Called with (what was finished, share of the film done 0..1)."""

Mapper = Callable[[Callable[[Reel], Path], Sequence[Reel]], Iterable[Path]]
"""Applies a function to reels, wherever it likes, and gives the results in order."""


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
        map_: Runs the reels instead of a process pool of our own, on that many `workers`.
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
    todo = reels(list(missing.values()), cache, workers)
    report = progress or (lambda name, done: None)
    total = sum(reel.frames for reel in todo)
    done = 0
    with _aside(sound_of, track, cache, film.encoder.kind.sound) as sound:
        for reel, _ in zip(todo, _mapped(todo, workers, map_), strict=True):
            done += reel.frames
            report(reel.name, 0.97 * done / total)
        words, spoken = subtitles_of(segments, track, film), bool(track.speech)
        join(segments, sound.result(), out, cache, film, key, labels, words, spoken=spoken)
    report("film", 1.0)
    return out


def render(segment: Segment, cache: Path, scenes: Scenes | None = None) -> Path:
    """The file of a segment, rendered and encoded unless it is there.

    Args:
        segment: From `plan`.
        cache: Folder for segments.
        scenes: Those of the segments around it: what is open is not opened again.
    """
    path = segment_path(segment, cache)
    if not path.is_file():
        film = segment.take.film
        with closing(ahead(samples_of(frames_of(segment, scenes=scenes), film))) as frames:
            encode.encode_segment(
                path, frames, size=film.size, rate=film.rate, encoder=film.encoder
            )
    return path


def render_reel(reel: Reel) -> Path:
    """`render` of all that is in a reel, for mappers; the last file."""
    scenes = Scenes(reel.segments)
    return [render(segment, reel.cache, scenes) for segment in reel.segments][-1]


def join(
    segments: Sequence[Segment],
    sound: Path | None,
    out: Path,
    cache: Path,
    film: Film,
    key: str,
    labels: Labels | None = None,
    words: Sequence[Subtitle] = (),
    *,
    spoken: bool = False,
) -> None:
    """Join rendered segments to the film, without encoding them again; `key` is from `film_key`,
    `words` from `subtitles_of`."""
    parts = [(segment_path(segment, cache), segment.frames) for segment in segments]
    metadata = {"comment": comment(key)}
    if film.title:
        metadata["title"] = film.title
    muxing.join(
        parts,
        sound,
        out,
        rate=film.rate,
        metadata=metadata,
        captions=words,
        chapters=chapters(cues(segments), film),
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
    words, marks = subtitles_of(segments, track, film), chapters(cues(segments), film)
    facts = [
        [segment.key for segment in segments],
        film.title,
        film.language,
        words,
        marks,
    ]
    inputs = {"sound": track.key, "poster": poster(segments, labels).key}
    return key_of("film", muxing.CODE, facts, inputs=inputs, libraries=FRAMES)


@contextmanager
def _aside(work: Callable[..., Path], *arguments: object) -> Iterator[Future[Path]]:
    """Work in a thread beside the block; it ends soon when the block is left by an error.

    Args:
        work: Its last argument is called every now and then, and raises when the block was left.
        arguments: Those before it.
    """
    left = Event()

    def heed() -> None:
        if left.is_set():
            raise CancelledError

    with ThreadPoolExecutor(1) as thread:
        try:
            yield thread.submit(work, *arguments, heed)
        except BaseException:
            left.set()
            raise


def _mapped(todo: Sequence[Reel], workers: int, map_: Mapper | None) -> Iterator[Path]:
    if map_ is not None:
        yield from map_(render_reel, todo)
    elif workers <= 1 or len(todo) <= 1:
        yield from map(render_reel, todo)
    else:
        context = multiprocessing.get_context("spawn")
        count = min(workers, len(todo))
        with ProcessPoolExecutor(count, context, initializer=_single_threaded) as pool:
            yield from pool.map(render_reel, todo)


def _single_threaded() -> None:
    """In a pool each process has one core; OpenCV would start as many threads as there are."""
    cv2.setNumThreads(1)


def subtitles_of(segments: Sequence[Segment], track: Soundtrack, film: Film) -> list[Subtitle]:
    """The film's track of text: captions and narration, never two at once."""
    return together([*captions(cues(segments)), *sentences(track.words, film.rate)])


def comment(key: str) -> str:
    """By which a film is known again, in its file; `key` is from `film_key`."""
    return f"photochrom {key}"
