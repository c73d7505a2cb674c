"""A production's film in an editing program: its cut as a file, and the edited cut taken back."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from photochrom.engine import Control, Progress, digest_of, nobody
from photochrom.errors import ProductionError
from photochrom.files import resolved
from photochrom.film.storyboard import Shot
from photochrom.places import Place, place_of
from photochrom.production.bringing import Openable, opened, put_back
from photochrom.production.delivering import deliver_whole, written_at
from photochrom.production.file import ProductionFile
from photochrom.production.pacing import clock
from photochrom.production.schema import Entry, Item
from photochrom.production.viewing import screening_of, spare_scans
from photochrom.toml_edit import Kept, NotInTables, rearranged

if TYPE_CHECKING:
    from photochrom.film.exchange.cut import Media, Timeline
    from photochrom.film.exchange.otio import EditedClip
    from photochrom.production.footage import Screening

Format = Literal["otio", "fcpxml", "edl"]

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
    """Writes the cut of a production's film for editing programs.

    Clips show the restored pictures in the output folder, or files that are rendered for them.

    Args:
        production: The production file; its pictures have been built.
        to: OpenTimelineIO, Final Cut Pro XML, or CMX 3600.
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
    keys = [key for key, _ in _known(file.production.shots)]
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
    clips = _joined(read_otio(edited, rate))
    found = _matched(file, clips, edited)
    lengths = {
        index: length
        for index, length in found.items()
        if _in_frames(length, rate) != _in_frames(shots[index].length, rate)
    }
    names = [name for _, name in _known(shots)]
    taken = Taken(
        moved=tuple(names[index] for index in _moved(list(found))),
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


def _known(shots: Sequence[Item]) -> list[tuple[str, str]]:
    """Key and name of each shot. Keys hang on what a shot shows, not on its place or length."""
    known = []
    seen: Counter[str] = Counter()
    for shot in shots:
        said = shot.model_dump(mode="json", exclude={"length", "transition"})
        digest = digest_of(said)[:16]
        seen[digest] += 1
        known.append((f"{digest}-{seen[digest]}", _name(shot)))
    return known


def _name(shot: Item) -> str:
    return shot.photograph if isinstance(shot, Shot) else f"{shot.card} card"


def _joined(clips: Sequence[EditedClip]) -> list[EditedClip]:
    """Pieces that a clip was cut into and that still stand side by side, as one again."""
    joined: list[EditedClip] = []
    for clip in clips:
        if joined and clip.key and clip.key == joined[-1].key:
            joined[-1] = replace(joined[-1], frames=joined[-1].frames + clip.frames)
        else:
            joined.append(clip)
    return joined


def _matched(file: ProductionFile, clips: Sequence[EditedClip], edited: Path) -> dict[int, float]:
    """Which shot of the production each clip is, and its length in seconds; in the clips' order.

    By its key, which holds as long as nobody has changed the shot in the production; else by what
    it shows, in order of the file, of those that are left.
    """
    rate = file.production.film.rate
    known = _known(file.production.shots)
    by_key = {key: index for index, (key, _) in enumerate(known)}
    found = [by_key.pop(clip.key, None) for clip in clips]
    left: dict[str, deque[int]] = defaultdict(deque)
    for index in sorted(by_key.values()):
        left[known[index][1]].append(index)
    keys = {key for key, _ in known}
    matched = {}
    for clip, place in zip(clips, found, strict=True):
        if place is None:
            if clip.key in keys:
                raise ProductionError(
                    f"the shot {clip.name!r} stands in the timeline twice, at {clip.at} again",
                    where=edited,
                    fix="only order, lengths and removals can be taken back",
                )
            name = next((name for name in (clip.name, clip.media) if left.get(name)), None)
            if name is None:
                raise ProductionError(
                    f"the clip {clip.name!r} at {clip.at} is no shot of {file.where}",
                    where=edited,
                    fix="only order, lengths and removals can be taken back",
                )
            place = left[name].popleft()
        if clip.frames < 1:
            raise ProductionError(f"the clip {clip.name!r} has no length", where=edited)
        matched[place] = float(clip.frames / rate)
    return matched


def _in_frames(length: float, rate: Fraction) -> int:
    return round(Fraction(length).limit_denominator(100_000) * rate)


def _moved(order: Sequence[int]) -> list[int]:
    """The fewest whose moving makes this order of a rising one."""
    best: list[list[int]] = []
    for index in order:
        before = (row for row in best if row[-1] < index)
        best.append([*max(before, key=len, default=[]), index])
    staying = max(best, key=len, default=[])
    return [index for index in order if index not in staying]


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
