"""A production's film in an editing program: its cut as a file, and the edited cut taken back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from photochrom.engine import Control, Progress, nobody
from photochrom.errors import ProductionError
from photochrom.files import resolved
from photochrom.places import Place, place_of
from photochrom.production.bringing import Openable, opened, put_back
from photochrom.production.delivering import deliver_whole, written_at
from photochrom.production.file import ProductionFile
from photochrom.production.matching import in_frames, joined, known, matched, moved
from photochrom.production.pacing import clock
from photochrom.production.schema import Entry
from photochrom.production.viewing import screening_of, spare_scans
from photochrom.toml_edit import Kept, NotInTables, rearranged

if TYPE_CHECKING:
    from photochrom.film.exchange.cut import Media, Timeline
    from photochrom.production.footage import Screening

Format = Literal["otio", "fcpxml", "edl", "prores"]

_FACTS = ("id", "caption", "date", "place", "credit", "license", "source")


@dataclass(frozen=True)
class Taken:
    """What has been taken back from an edited timeline.

    Attributes:
        moved: Names of shots that stand elsewhere.
        removed: Names of shots that are gone.
        lengths: Names of shots that are longer or shorter.
        backup: Where the production file is as it was; None: nothing had changed.
    """

    moved: tuple[str, ...]
    removed: tuple[str, ...]
    lengths: tuple[str, ...]
    backup: Place | None


def export(
    production: Openable,
    to: Format,
    output: str | Place | None = None,
    *,
    version: str = "",
    handles: int | None = None,
    jobs: int | None = None,
    progress: Progress = nobody,
    control: Control | None = None,
) -> Place:
    """Writes the cut of a production's film, or all of it as ProRes, for editing programs.

    Clips show the restored pictures in the output folder, or files that are rendered for them.

    Args:
        production: The production file; its pictures have been built.
        to: OpenTimelineIO, Final Cut Pro XML, or CMX 3600; or "prores", the whole film as one
            file, with its sound.
        output: The file; by default beside the film, with the film's name.
        version: Which version of the film; "" for the film as it is.
        handles: Render each shot and card as a file of its own, with so many frames more at both
            ends, into `shots` in the output folder. None: shots are stills with key frames.
        jobs: How many of them are rendered at a time; by default one a core.
        progress: Told of each.
        control: Says whether it is to go on; may be told from other threads.

    Returns:
        The file.

    Raises:
        PhotochromError: The pictures are not up to date, the film cannot be said in that format,
            or the file cannot be written.
        StoppedError: By `control`, before all was done.
    """
    from photochrom.files import write_text

    opening = opened(production, progress=progress)
    with opening.mirror.plainly():
        if to == "prores":
            from photochrom.production.whole import as_prores

            reins = control or Control()
            if handles is not None:
                raise ProductionError(
                    "a whole film has no handles", fix='ask for "otio", "fcpxml" or "edl"'
                )
            return as_prores(opening.in_version(version), output, jobs, progress, reins)
        screening = screening_of(opening, version=version)
        file = screening.file
        target = place_of(output) if output is not None else file.film.with_suffix(f".{to}")
        if isinstance(target, Path):
            spare_scans(file, target)
        timeline = timeline_for(screening)
        if handles is not None:
            from photochrom.production.desk import Desk
            from photochrom.production.shot_files import with_shot_files

            reins = control or Control()
            with Desk(file, "shots", jobs=jobs, progress=progress, control=reins) as desk:
                timeline = with_shot_files(desk, screening, timeline, handles)
        with written_at(target) as path:
            write_text(path, _writer(to)(timeline))
        if output is None and isinstance(target, Path):
            deliver_whole(file, [target], progress=progress)
    return target


def _writer(to: Format) -> Callable[[Timeline], str]:
    if to == "otio":
        from photochrom.film.exchange.otio import otio as write
    elif to == "fcpxml":
        from photochrom.film.exchange.fcpxml import fcpxml as write
    else:
        from photochrom.film.exchange.edl import edl as write
    return write


def timeline_for(screening: Screening) -> Timeline:
    """The cut of a film, with the pictures in the output folder as its media.

    Raises:
        ProductionError: One of them is not there.
    """
    from photochrom.film.exchange.cut import timeline_of

    file = screening.file
    media = {id: _picture(screening, id) for id in screening.pictures}
    keys = [key for key, _ in known(file.production.shots)]
    timeline = timeline_of(screening.plan.storyboard, screening.plan.segments, media, keys)
    return replace(timeline, sound=_sound(file, timeline.size, timeline.length))


def take_back(production: Openable, edited: str | Path) -> Taken:
    """Takes order, lengths and removals of an edited timeline into the production file.

    Nothing else in the file changes, comments and all. The file as it was is kept beside it.

    Args:
        production: The production file.
        edited: An .otio file that came from `export` and has been edited.

    Raises:
        PhotochromError: The timeline cannot be read, has what a production cannot say, or does
            not belong to the production. The production file is then as it was.
    """
    from photochrom.files import write_text
    from photochrom.film.exchange.otio import read_otio

    file, edited = opened(production, inputs=False), Path(edited)
    rate = file.production.film.rate
    shots = file.production.shots
    clips = joined(read_otio(edited, rate))
    found = matched(file, clips, edited)
    lengths = {
        index: length
        for index, length in found.items()
        if in_frames(length, rate) != in_frames(shots[index].length, rate)
    }
    names = [name for _, name in known(shots)]
    taken = Taken(
        moved=tuple(names[index] for index in moved(list(found))),
        removed=tuple(name for index, name in enumerate(names) if index not in found),
        lengths=tuple(names[index] for index in lengths),
        backup=None,
    )
    if not (taken.moved or taken.removed or taken.lengths):
        return taken
    target = resolved(file.path, ProductionError)  # A link goes on leading there.
    old = target.read_bytes()
    new = _rewritten(file, old.decode("utf-8-sig"), list(found), lengths, edited)
    mark = "\ufeff" if old.startswith(b"\xef\xbb\xbf") else ""
    if file.home is not None:
        return replace(taken, backup=put_back(file, old, (mark + new).encode()))
    backup = _backup_path(target)
    write_text(backup, old.decode())
    write_text(target, mark + new)
    return replace(taken, backup=backup)


def _rewritten(
    file: ProductionFile,
    text: str,
    order: Sequence[int],
    lengths: Mapping[int, float],
    edited: Path,
) -> str:
    written = tomllib.loads(text)["shot"]
    # A length in minutes stays one.
    values = {
        index: clock(length) if isinstance(written[index].get("length"), str) else length
        for index, length in lengths.items()
    }
    kept = [Kept(index, {"length": values[index]} if index in values else {}) for index in order]
    try:
        new = rearranged(text, "shot", kept)
    except NotInTables as error:
        raise file.error(
            "the shots are written in a way that cannot be taken apart",
            "shot",
            fix="write each as a [[shot]] table",
        ) from error
    try:
        ProductionFile.parse(new, file.path, file.home)
    except ProductionError as error:
        raise ProductionError(
            f"does not make a film: {error.what}", where=edited, fix=error.fix
        ) from error
    return new


def _backup_path(path: Path) -> Path:
    """A name beside the file that nothing has yet."""
    backup, number = path.with_name(f"{path.name}.bak"), 1
    while backup.exists():
        number += 1
        backup = path.with_name(f"{path.name}.{number}.bak")
    return backup


def _picture(screening: Screening, id: str) -> Media:
    from photochrom.film.exchange.cut import Media
    from photochrom.record import Record

    built = screening.pictures[id]
    path = screening.file.folder / "pictures" / built.color.name
    if not path.is_file():
        raise ProductionError(
            "is not there", where=path, fix=f"run first: photochrom make {screening.file.where}"
        )
    result = Record.open(built.record).result
    facts = _facts(screening.file.production.entry(id))
    return Media(path, (int(result["width"]), int(result["height"])), facts)


def _facts(entry: Entry) -> dict[str, str]:
    facts = {name: getattr(entry, name) or "" for name in _FACTS}
    facts["people"] = ", ".join(entry.people)
    return {name: said for name, said in facts.items() if said}


def _sound(file: ProductionFile, size: tuple[int, int], frames: int) -> Media | None:
    """The film that has been made, if it is as long as the cut, for its sound."""
    import av
    import av.error

    from photochrom.film.exchange.cut import Media
    from photochrom.film.output.muxing import frames_of

    path = file.film
    if not path.is_file():
        return None
    try:
        with av.open(str(path)) as film:
            heard = film.streams.audio and film.streams.video
            return Media(path, size) if heard and frames_of(film) == frames else None
    except av.error.FFmpegError:
        return None
