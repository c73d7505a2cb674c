"""From a plan to a film: its parts are tasks of an engine, and are then joined.

Segments, the sound and the poster are results in a store, by keys that hang on nothing but what is
seen or heard: a part is valid forever, and is made once, whichever film it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from photochrom.engine import (
    Control,
    Failure,
    GoneError,
    Needs,
    Progress,
    Report,
    Store,
    Task,
    local_engine,
    nobody,
    twice,
)
from photochrom.errors import StoryboardError
from photochrom.film.frames.ahead import ahead
from photochrom.film.output import encode, muxing
from photochrom.film.output.dither import samples_of
from photochrom.film.plan import Plan
from photochrom.film.plan.poster import Poster
from photochrom.film.plan.reels import Reel, reels
from photochrom.film.plan.timeline import Segment
from photochrom.film.scenes.opened import Scenes
from photochrom.film.scenes.shooting import frames_of, picture_at
from photochrom.film.sound.loudness import Loudness
from photochrom.film.sound.mastering import loudness_of, make_sound
from photochrom.film.sound.schedule import Soundtrack
from photochrom.photograph import Photograph
from photochrom.threads import limited_threads

POSTER_QUALITY = 90
"""Of the poster's JPEG."""

MEMORY = 3 * 2**28
"""Bytes that rendering takes, whatever the size of the frame: the pictures of two shots."""

MEMORY_A_PIXEL = 300
"""Bytes for each pixel of the frame besides."""

_STAGE = "film"


def _never(key: str) -> bool:
    return False


def make_film(
    plan: Plan,
    out: Path,
    store: Store,
    *,
    jobs: int = 1,
    progress: Progress = nobody,
    control: Control | None = None,
) -> Path:
    """Makes a film; what is in the store, or is already in `out`, is not made again.

    Args:
        plan: The film.
        out: Its file, ending as its encoder's files do; appears whole or not at all.
        store: For its parts; may be shared by many films.
        jobs: How many of them are worked on at a time; 1 works in this process, more in others.
        progress: Told of each part.
        control: Says whether it is to go on; may be told from other threads.

    Returns:
        `out`.

    Raises:
        StoryboardError: If the film, or a part of it, cannot be made.
        StoppedError: By `control`, before all parts were made.
    """
    check_name(plan, out)
    if is_film_of(plan, out):
        return out
    twice(lambda: _make(plan, out, store, jobs, progress, control))
    return out


def _make(
    plan: Plan, out: Path, store: Store, jobs: int, progress: Progress, control: Control | None
) -> None:
    failures: list[Failure] = []
    parts = parts_to_make(plan, store, jobs)
    running = local_engine(store, jobs).run(_STAGE, parts, progress, control)
    with closing(running) as outcomes:
        failures += (one.failure for one in outcomes if one.failure is not None)
    if failures:
        gone = next((one.as_error(StoryboardError) for one in failures if one.gone), None)
        raise StoryboardError("; ".join(dict.fromkeys(one.message for one in failures))) from gone
    join(plan, store, out)


def parts_to_make(
    plan: Plan, store: Store, workers: int, anew: Callable[[str], bool] = _never
) -> list[Task]:
    """The tasks that make what a film is joined from, but for what is there.

    Args:
        plan: The film.
        store: For the parts.
        workers: How many of the tasks are worked on at a time.
        anew: Says of a key whether its result is to be made even if it is there.
    """

    def wanted(key: str) -> bool:
        return anew(key) or not store.has(key)

    missing = {one.key: one for one in plan.segments if wanted(one.key)}
    again = any(anew(key) for key in missing)
    shots = [
        Task(one.key, one.name, shoot, one, one.files(), needs_of(plan.film.size), "segment", again)
        for one in reels(list(missing.values()), store, workers, anew=again)
    ]
    # The sound first: it takes longest, and nothing else can be done to it side by side.
    sound, picture = (
        [replace(one, anew=anew(one.key))] if wanted(one.key) else []
        for one in (_sound_of(plan), _poster_of(plan))
    )
    return [*sound, *shots, *picture]


def _sound_of(plan: Plan) -> Task:
    argument = plan.track, plan.film.encoder.kind.sound
    return Task(plan.sound_key, "sound", mix, argument, plan.track.files(), kind="sound")


def _poster_of(plan: Plan) -> Task:
    poster, needs = plan.poster, needs_of(plan.film.size)
    files = poster.segment.take.files()
    return Task(poster.key, "poster", draw, poster, files, needs, "poster")


def needs_of(size: tuple[int, int]) -> Needs:
    """What rendering frames of a size takes of a machine."""
    return Needs(memory=MEMORY + MEMORY_A_PIXEL * size[0] * size[1])


# In a worker each process has a core; in this process the frames are too small to be worth it.
@limited_threads(1)
def shoot(folder: Path, reel: Reel, inputs: Mapping[str, Path], report: Report) -> None:
    """Renders the segments of a reel; each goes into the store as soon as it is done."""
    reel = reel.at(inputs)
    scenes, store = Scenes(reel.segments), reel.store
    done = 0
    for segment in reel.segments:
        report(segment.name, done / reel.frames)
        if segment.key == reel.key:
            render(segment, folder, scenes)
        elif reel.anew or store.get(segment.key) is None:
            with store.writing(segment.key, "segment", replace=reel.anew) as own:
                render(segment, own, scenes)
        done += segment.frames


def render(segment: Segment, folder: Path, scenes: Scenes | None = None) -> Path:
    """Renders and encodes a segment.

    Args:
        segment: From a plan.
        folder: Where its file goes.
        scenes: Those of the segments around it: what is open is not opened again.
    """
    film = segment.take.film
    path = folder / _name_of(segment)
    with closing(ahead(samples_of(frames_of(segment, scenes=scenes), film))) as frames:
        encode.encode_segment(path, frames, size=film.size, rate=film.rate, encoder=film.encoder)
    return path


def mix(
    folder: Path, argument: tuple[Soundtrack, str], inputs: Mapping[str, Path], report: Report
) -> None:
    """Makes the sound of a film."""
    track, ending = argument
    make_sound(track.at(inputs), folder / f"sound{ending}", partial(report, "mixed", 0.0))


@limited_threads(1)
def draw(folder: Path, poster: Poster, inputs: Mapping[str, Path], report: Report) -> None:
    """Makes the picture of a poster."""
    picture = Photograph.from_array(picture_at([poster.at(inputs).segment], 0))
    picture.save(folder / "poster.jpg", quality=POSTER_QUALITY, provenance=poster.label)


def join(plan: Plan, store: Store, out: Path) -> None:
    """Joins the parts of a film, without encoding them again.

    Args:
        plan: The film.
        store: Has its parts.
        out: Its file; appears whole or not at all.

    Raises:
        GoneError: A part is not there.
        StoryboardError: A part is damaged, or the film cannot be written.
    """
    check_name(plan, out)
    film = plan.film
    muxing.join(
        [(segment_file(one, store), one.frames) for one in plan.segments],
        sound_file(plan, store),
        out,
        rate=film.rate,
        metadata={"comment": _comment(plan)} | ({"title": film.title} if film.title else {}),
        captions=plan.words,
        chapters=plan.chapters,
        cover=poster_file(plan, store),
        language=film.language,
        spoken=bool(plan.track.speech),
    )


def check_name(plan: Plan, out: Path) -> None:
    """Makes sure that a film's file is called as its encoder's files are.

    Raises:
        StoryboardError: It is not.
    """
    encoder = plan.film.encoder
    if not encoder.suits(out):
        raise StoryboardError(
            f"is no name for {encoder.kind.title}",
            where=out,
            fix=f"let it end in {encoder.ending}",
        )


def is_film_of(plan: Plan, path: Path) -> bool:
    """Whether a file is the film of a plan, by what it says of itself."""
    return muxing.metadata_of(path).get("comment") == _comment(plan)


def segment_file(segment: Segment, store: Store) -> Path:
    """The file of a segment that has been rendered."""
    return _result(segment.key, store) / _name_of(segment)


def sound_file(plan: Plan, store: Store) -> Path:
    """The file of a film's sound that has been made."""
    return _result(plan.sound_key, store) / f"sound{plan.film.encoder.kind.sound}"


def poster_file(plan: Plan, store: Store) -> Path:
    """The file of a film's poster that has been drawn."""
    return _result(plan.poster.key, store) / "poster.jpg"


def loudness(plan: Plan, store: Store) -> Loudness:
    """What the sound of a film measures."""
    return loudness_of(sound_file(plan, store))


def _result(key: str, store: Store) -> Path:
    folder = store.get(key)
    if folder is None:
        raise GoneError("a part of the film is gone", fix="make the film again")
    return folder


def _name_of(segment: Segment) -> str:
    return f"segment{segment.take.film.encoder.ending}"


def _comment(plan: Plan) -> str:
    """By which a film is known again, in its file."""
    return f"photochrom {plan.key}"
