"""The cue sheet: what the film shows when, whose it is, and what was done to it.

It is made from the plan that the film is made from, so its times are the film's, to the frame; what
was done comes from the records.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from photochrom.errors import StoryboardError
from photochrom.film.exchange.timecode import timecode
from photochrom.film.plan.cues import Cue
from photochrom.film.plan.subtitles import in_one_line, words_on
from photochrom.film.storyboard import ComparisonCard, Narration, Shot
from photochrom.places import public
from photochrom.production.schema import Entry
from photochrom.production.words import Treatment, treatment
from photochrom.record import Record

COLUMNS = (
    "number",
    "kind",
    "time_in",
    "time_out",
    "duration",
    "seconds_in",
    "seconds_out",
    "seconds",
    "frames",
    "photograph",
    "shown",
    "text",
    "people",
    "date",
    "place",
    "credit",
    "license",
    "source",
    "file",
    "sha256",
    "steps",
    "networks",
    "color",
    "documented_colors",
    "narration",
)
"""Of the CSV file, in order."""

_MANY = "; "

Voices = Callable[[str | None], str]
"""Says who speaks in a recording; empty where that is not known."""


@dataclass(frozen=True)
class Picture:
    """A photograph as the cue sheet names it.

    Attributes:
        entry: What the production says of it.
        record: What was done to it.
    """

    entry: Entry
    record: Record

    @property
    def treatment(self) -> Treatment:
        return treatment(self.record)


@dataclass(frozen=True)
class Line:
    """One item of the film.

    Attributes:
        number: 1 for the first.
        kind: "photograph" or which card ("title card").
        start: First frame.
        stop: Frame after the last one; the next line begins there.
        text: The caption of a shot, or of its photograph where the shot has none; the first
            words on a card.
        credit: Of the shot, or of its photograph where the shot has none; empty for cards.
        shown: Which states of the photograph are seen, in order.
        picture: The photograph; None for cards that show none.
        narration: Who speaks, and what; empty if nobody does.
    """

    number: int
    kind: str
    start: int
    stop: int
    text: str
    credit: str = ""
    shown: tuple[str, ...] = ()
    picture: Picture | None = None
    narration: str = ""

    @property
    def frames(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class CueSheet:
    """All items of a film in order.

    Attributes:
        title: The film's.
        film: Name of its file.
        size: Width and height in pixels.
        rate: Frames a second.
        lines: One for each item, without a gap.
        language: Of the title, of captions and of what cards say, BCP 47; "" if it is not said.
        narration: Who speaks throughout the film, and what; empty if nobody does.
    """

    title: str
    film: str
    size: tuple[int, int]
    rate: Fraction
    lines: tuple[Line, ...]
    language: str = ""
    narration: str = ""

    @property
    def frames(self) -> int:
        """The film's length; the lines add up to it."""
        return sum(line.frames for line in self.lines)

    def seconds(self, frames: int) -> str:
        """Frames as seconds, to the millisecond."""
        return f"{float(frames / self.rate):.3f}"

    def timecode(self, frames: int) -> str:
        """Frames as timecode from the film's first frame; empty where the rate has none."""
        try:
            return timecode(frames, self.rate)
        except StoryboardError:
            return ""

    def to_csv(self) -> str:
        """The sheet as RFC 4180 text; its last line is the film as a whole ("total")."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(self._row(line) for line in self.lines)
        total = {"kind": "total", "text": self.title, "narration": self.narration}
        writer.writerow(total | self._times(0, self.frames))
        return out.getvalue()

    def _times(self, start: int, stop: int) -> dict[str, str | int]:
        return {
            "time_in": self.timecode(start),
            "time_out": self.timecode(stop),
            "duration": self.timecode(stop - start),
            "seconds_in": self.seconds(start),
            "seconds_out": self.seconds(stop),
            "seconds": self.seconds(stop - start),
            "frames": stop - start,
        }

    def _row(self, line: Line) -> dict[str, str | int]:
        row: dict[str, str | int] = {"number": line.number, "kind": line.kind, "text": line.text}
        row |= self._times(line.start, line.stop) | {"narration": line.narration}
        if line.picture is None:
            return row
        entry, record, done = line.picture.entry, line.picture.record, line.picture.treatment
        return row | {
            "photograph": entry.id,
            "shown": _MANY.join(line.shown),
            "people": _MANY.join(entry.people),
            "date": entry.date or "",
            "place": entry.place,
            "credit": line.credit,
            "license": entry.license,
            "source": entry.source,
            "file": _file_in(record),
            "sha256": str(record.original["sha256"]),
            "steps": done.steps,
            "networks": _MANY.join(done.networks),
            "color": done.color,
            "documented_colors": _MANY.join(done.documented),
        }


def _file_in(record: Record) -> str:
    """The original's name, with the page where its file has several."""
    name, page = str(record.original["file"]), record.original.get("page", 1)
    return f"{name}#page={page}" if record.original.get("pages", 1) > 1 else name


def narration_in(narration: Narration | None, voices: Voices | None = None) -> str:
    """Who speaks, and what, in one line; empty if nobody is heard.

    Args:
        narration: Of an item, or of the film.
        voices: Says who speaks in a recording.
    """
    if narration is None or narration.file is None:
        return ""
    speaker = (voices(narration.file) if voices else "") or public(narration.file)
    return f"{speaker}: {_one_line(narration.text)}" if narration.text.strip() else speaker


def cue_lines(
    items: Sequence[Cue], pictures: Mapping[str, Picture], voices: Voices | None = None
) -> tuple[Line, ...]:
    """The lines of a cue sheet.

    Args:
        items: The items of the film, from `photochrom.film.plan.cues.cues`.
        pictures: By photograph, at least those that the film shows.
        voices: Says who speaks in a recording.
    """
    return tuple(
        replace(_line(number, cue, pictures), narration=narration_in(cue.item.narration, voices))
        for number, cue in enumerate(items, start=1)
    )


def _line(number: int, cue: Cue, pictures: Mapping[str, Picture]) -> Line:
    item = cue.item
    if not isinstance(item, Shot):
        kind = f"{item.card} card"
        if not isinstance(item, ComparisonCard):
            text = _one_line(next((word for word in words_on(cue.take) if word.strip()), ""))
            return Line(number, kind, cue.start, cue.stop, text)
        text = _one_line(item.heading)
    else:
        kind, text = "photograph", in_one_line(item.caption.plain)
    picture = pictures[item.photograph]
    names = {
        "scan": "scan as it came",
        "gray": "restored",
        "color": "colored" if picture.record.colored else "restored",
    }
    states = dict.fromkeys(names[one] for one in cue.take.versions(0, cue.take.span))
    return Line(
        number=number,
        kind=kind,
        start=cue.start,
        stop=cue.stop,
        text=text or in_one_line(picture.entry.caption),
        credit=_one_line(item.credit or picture.entry.credit),
        shown=tuple(states),
        picture=picture,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
