"""Looking at the film of a production without making it: one frame, or a sheet of many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photochrom.engine import Event, Progress, nobody, twice
from photochrom.errors import ProductionError
from photochrom.faults import shown
from photochrom.places import Place, place_of
from photochrom.production.bringing import Openable, opened
from photochrom.production.checking import check
from photochrom.production.delivering import written_at
from photochrom.production.desk import Desk
from photochrom.production.file import ProductionFile
from photochrom.production.pacing import clock

if TYPE_CHECKING:
    from photochrom.film.plan.timeline import Segment
    from photochrom.film.takes import Take
    from photochrom.production.footage import Screening

Pixels = NDArray[np.uint8]

_STAGE = "sheet"


def screening_of(production: Openable, widest: int | None = None, version: str = "") -> Screening:
    """Plans the film of a production from the pictures that have been built; it is not heard.

    Args:
        production: The production file.
        widest: Plan a smaller film, at most so many pixels wide. None: as it is.
        version: Which version of the film; "" for the film as it is.

    Raises:
        ProductionError: The file is not a production, has no film or no such version, or its
            pictures are not up to date.
    """
    from photochrom.film.sound.schedule import Soundtrack

    file = opened(production).in_version(version)
    desk = Desk(file, jobs=1).with_film()
    check(file, heard=False)
    scans, pictures = desk.footage()
    silence = Soundtrack(file.production.film.sound, 0, (), ())
    size = _at_most(file.production.film.size, widest)
    return desk.screening(
        scans,
        pictures,
        silence,
        changed=lambda film: film.model_copy(update={"size": size}),
    )


def frame_at(screening: Screening, at: str) -> int:
    """The frame that is on the screen at a time of the film.

    Args:
        screening: The film.
        at: Seconds ("83.5"), "m:ss", "h:mm:ss", or timecode from the beginning of the film
            ("00:01:23:12").

    Raises:
        ProductionError: It is no time, or the film is over by then.
    """
    plan = screening.plan
    frame = _frame_of(at.strip(), plan.film.rate)
    if frame is None:
        raise ProductionError(f"{shown(at)} is no time", fix=_why_no_time(at, plan.film.rate))
    if frame >= plan.frames:
        length = clock(float(plan.frames / plan.film.rate))
        raise ProductionError(
            f"the film is over at {at}: it is {length} long", where=screening.file.where
        )
    return frame


def frame(production: Openable, at: str, version: str = "") -> Pixels:
    """One frame of a production's film, as it is before it is encoded.

    Args:
        production: The production file; its pictures have been built.
        at: When, as for `frame_at`.
        version: Which version of the film; "" for the film as it is.

    Returns:
        (H, W, 3) sRGB-encoded RGB, of the film's size.

    Raises:
        ProductionError: There is no such frame, or the pictures are not up to date.
    """
    return twice(lambda: _drawn(production, at, version))[0]


def _drawn(production: Openable, at: str, version: str) -> tuple[Pixels, tuple[str, ...]]:
    """A frame, and what it does not show of what was asked for."""
    from photochrom.film.scenes.shooting import picture_at
    from photochrom.production.fitting import told_of

    screening = screening_of(production, version=version)
    number, segments = frame_at(screening, at), screening.plan.segments
    told = tuple(
        line
        for index, take in _takes_at(segments, number)
        for line in told_of(screening.file, take, index)
    )
    return picture_at(segments, number), told


def _takes_at(segments: Sequence[Segment], number: int) -> Iterator[tuple[int, Take]]:
    """The takes that are seen at a frame, and which of the film's items each is."""
    order: dict[int, int] = {}
    for segment in segments:
        index = order.setdefault(id(segment.take), len(order))
        if segment.start <= number < segment.start + segment.frames:
            if segment.before is not None:
                yield index - 1, segment.before
            yield index, segment.take


def sheet(
    production: Openable, every: float = 2.0, version: str = "", *, progress: Progress = nobody
) -> Pixels:
    """A contact sheet of a production's film: frames in rows, with their timecodes.

    Frames are made in the size in which the sheet shows them.

    Args:
        production: The production file; its pictures have been built.
        every: Seconds from one frame to the next.
        version: Which version of the film; "" for the film as it is.
        progress: Told of each frame.

    Returns:
        (H, W, 3) sRGB-encoded RGB.

    Raises:
        ProductionError: The pictures are not up to date.
    """
    return twice(lambda: _sheet(production, every, version, progress))


def _sheet(production: Openable, every: float, version: str, progress: Progress) -> Pixels:
    from photochrom.film.scenes.shooting import pictures_at
    from photochrom.film.sheet import CELL, contact_sheet, moments

    plan = screening_of(production, widest=CELL, version=version).plan
    film = plan.film
    chosen = moments(plan.frames, film.rate, every)

    def pictures() -> Iterator[tuple[int, Pixels]]:
        drawn = pictures_at(plan.segments, chosen)
        for done, (number, picture) in enumerate(zip(chosen, drawn, strict=True), start=1):
            yield number, picture
            name = clock(float(number / film.rate))
            progress(Event(_STAGE, name, done, len(chosen), "drawn", 1.0))

    return contact_sheet(pictures(), len(chosen), film)


def save_frame(
    production: Openable, at: str, output: str | Place, version: str = ""
) -> tuple[str, ...]:
    """Writes what `frame` gives as PNG, whole or not at all.

    Args:
        production: The production file; its pictures have been built.
        at: When, as for `frame_at`.
        output: A file name that ends in .png.
        version: Which version of the film; "" for the film as it is.

    Returns:
        What the frame does not show of what was asked for, a line each.

    Raises:
        PhotochromError: As for `frame`; or the name has another ending, is a scan's, or the file
            cannot be written.
    """
    file = opened(production)
    with file.mirror.plainly():
        target = _png(file, output)
        pixels, told = twice(lambda: _drawn(file, at, version))
        _write(pixels, target)
    return told


def save_sheet(
    production: Openable,
    output: str | Place,
    every: float = 2.0,
    version: str = "",
    *,
    progress: Progress = nobody,
) -> None:
    """Writes what `sheet` gives as PNG, whole or not at all.

    Args:
        production: The production file; its pictures have been built.
        output: A file name that ends in .png.
        every: Seconds from one frame to the next.
        version: Which version of the film; "" for the film as it is.
        progress: Told of each frame.

    Raises:
        PhotochromError: As for `sheet`; or the name has another ending, is a scan's, or the file
            cannot be written.
    """
    file = opened(production, progress=progress)
    with file.mirror.plainly():
        target = _png(file, output)
        _write(sheet(file, every, version, progress=progress), target)


def _png(file: ProductionFile, output: str | Place) -> Place:
    target = place_of(output)
    if target.suffix.lower() != ".png":
        raise ProductionError("is no name for a PNG", where=str(target), fix="let it end in .png")
    if isinstance(target, Path):
        spare_scans(file, target)
    return target


def _write(pixels: Pixels, target: Place) -> None:
    from photochrom.photograph import Photograph

    with written_at(target) as path:
        Photograph.from_array(pixels).save(path)


def spare_scans(file: ProductionFile, target: Path) -> None:
    """Makes sure that what is about to be written does not take the place of a scan.

    Raises:
        ProductionError: It would.
    """
    for entry in file.production.photographs:
        original = file.scan(entry).file
        if target.exists() and original.exists() and target.samefile(original):
            raise ProductionError(
                "is a scan, which is never replaced", where=target, fix="choose another -o"
            )


def _frame_of(at: str, rate: Fraction) -> int | None:
    """The frame at a time or timecode; None if it is neither."""
    from photochrom.film.exchange.timecode import drops, nominal, timecode

    if code := re.fullmatch(r"(\d\d):(\d\d):(\d\d)[:;](\d\d)", at):
        hours, minutes, seconds, frames = map(int, code.groups())
        minutes += hours * 60
        dropped = drops(rate) * (minutes - minutes // 10)
        frame = (minutes * 60 + seconds) * nominal(rate) + frames - dropped
        # Not every number is a timecode: there are no 24 frames in a second of 24.
        return frame if timecode(frame, rate).replace(";", ":") == at.replace(";", ":") else None
    time = re.fullmatch(r"(?:(?:(\d+):(?=\d\d:))?(\d+):(?=[0-5]\d))?(\d+(?:\.\d+)?)", at)
    if time is None:
        return None
    hours, minutes = (int(part or 0) for part in time.groups()[:2])
    # A hair more: 1.0416 s is meant to be the frame that begins at 1.041666... s.
    return int((hours * 3600 + minutes * 60 + Fraction(time[3])) * rate + Fraction(1, 100))


def _why_no_time(at: str, rate: Fraction) -> str:
    """What is wrong with what looks like a time and is none."""
    from photochrom.film.exchange.timecode import nominal

    parts = re.findall(r"\d+", at)
    if re.fullmatch(r"\s*\d\d:\d\d:\d\d[:;]\d\d\s*", at):
        if max(map(int, parts[1:3])) > 59:
            return "minutes and seconds of a timecode go from 00 to 59"
        if int(parts[3]) >= nominal(rate):
            return f"frames of a timecode go from 00 to {nominal(rate) - 1:02d} in this film"
        return "timecode of this rate leaves it out: write the frame after it"
    if re.fullmatch(r"\s*(\d+:)?\d+:\d\d(\.\d+)?\s*", at):
        return "minutes and seconds after a colon go from 00 to 59"
    return 'write seconds, "1:23" or a timecode ("00:01:23:12")'


def _at_most(size: tuple[int, int], width: int | None) -> tuple[int, int]:
    """A size of the same shape, of even numbers, no wider than an even `width`."""
    if width is None or size[0] <= width:
        return size
    return width, round(size[1] * width / size[0] / 2) * 2
