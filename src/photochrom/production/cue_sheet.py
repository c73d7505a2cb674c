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

from photochrom.dates import is_exact
from photochrom.errors import StoryboardError
from photochrom.film.exchange.timecode import timecode
from photochrom.film.plan.cues import Cue
from photochrom.film.plan.subtitles import in_one_line, words_on
from photochrom.film.storyboard import (
    ComparisonCard,
    DrawnCard,
    Narration,
    Shot,
)
from photochrom.phrases import Phrases, dated, one_line
from photochrom.places import public
from photochrom.production.schema import Entry
from photochrom.production.treatment import Treatment, treatment
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
    "color_shares",
    "narration",
)
"""Of the CSV file, in order."""

PHOTOGRAPH = "photograph"
"""The kind of a line that is no card."""

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

    def treatment(self, say: Phrases) -> Treatment:
        """What was done to it, in the words of a film."""
        return treatment(self.record, say)


@dataclass(frozen=True)
class Line:
    """One item of the film.

    Attributes:
        number: 1 for the first.
        kind: "photograph" or which card ("title").
        start: First frame.
        stop: Frame after the last one; the next line begins there.
        text: The caption of a shot, or of its photograph where the shot has none; the first
            words on a card.
        credit: Of the shot, or of its photograph where the shot has none; empty for cards.
        shown: Which states of the photograph are seen, in order.
        picture: The photograph; None for cards that show none.
        narration: Who speaks, and what; empty if nobody does.
        source: Where what is drawn on a card is from; empty for all others.
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
    source: str = ""

    @property
    def frames(self) -> int:
        return self.stop - self.start

    @property
    def phrase(self) -> str:
        """Which phrase says its kind."""
        return "cues-photograph" if self.kind == PHOTOGRAPH else f"cues-{self.kind}-card"


@dataclass(frozen=True)
class CueSheet:
    """All items of a film in order.

    Attributes:
        title: The film's.
        film: Name of its file.
        size: Width and height in pixels.
        rate: Frames a second.
        lines: One for each item, without a gap.
        say: The film's own words; their language is that of the title, captions and cards, too.
        narration: Who speaks throughout the film, and what; empty if nobody does.
    """

    title: str
    film: str
    size: tuple[int, int]
    rate: Fraction
    lines: tuple[Line, ...]
    say: Phrases
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
        """The sheet as RFC 4180 text; its last line is the film as a whole.

        The names of columns are the same in every language, for programs; what stands below them
        is for people.
        """
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(self._row(line) for line in self.lines)
        said = self.say("cues-total")
        total = {"kind": said, "text": self.title, "narration": self.narration}
        writer.writerow(total | self._times(0, self.frames))
        return out.getvalue()

    def date(self, entry: Entry) -> str:
        """When a photograph was taken; empty if it is not known."""
        return dated(entry.date, self.say) if entry.date else ""

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
        kind = self.say(line.phrase)
        row: dict[str, str | int] = {"number": line.number, "kind": kind, "text": line.text}
        row |= self._times(line.start, line.stop) | {"narration": line.narration}
        if line.picture is None:
            return row | {"source": line.source}
        entry, record = line.picture.entry, line.picture.record
        done = line.picture.treatment(self.say)
        return row | {
            "photograph": entry.id,
            "shown": _MANY.join(line.shown),
            "people": _MANY.join(entry.people),
            "date": entry.date if entry.date and is_exact(entry.date) else self.date(entry),
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
            "color_shares": done.shares,
        }


def _file_in(record: Record) -> str:
    """The original's name, with the page where its file has several."""
    name, page = str(record.original["file"]), record.original.get("page", 1)
    return f"{name}#page={page}" if record.original.get("pages", 1) > 1 else name


def narration_in(narration: Narration | None, say: Phrases, voices: Voices | None = None) -> str:
    """Who speaks, and what, in one line; empty if nobody is heard.

    Args:
        narration: Of an item, or of the film.
        say: The film's own words.
        voices: Says who speaks in a recording.
    """
    if narration is None or narration.file is None:
        return ""
    speaker = (voices(narration.file) if voices else "") or public(narration.file)
    return say.labelled(speaker, one_line(narration.text))


def cue_lines(
    items: Sequence[Cue],
    pictures: Mapping[str, Picture],
    say: Phrases,
    voices: Voices | None = None,
) -> tuple[Line, ...]:
    """The lines of a cue sheet.

    Args:
        items: The items of the film, from `photochrom.film.plan.cues.cues`.
        pictures: By photograph, at least those that the film shows.
        say: The film's own words.
        voices: Says who speaks in a recording.
    """
    return tuple(
        replace(
            _line(number, cue, pictures, say),
            narration=narration_in(cue.item.narration, say, voices),
        )
        for number, cue in enumerate(items, start=1)
    )


def _line(number: int, cue: Cue, pictures: Mapping[str, Picture], say: Phrases) -> Line:
    item = cue.item
    kind, text = PHOTOGRAPH, ""
    if not isinstance(item, Shot):
        kind = item.card
        if not isinstance(item, ComparisonCard):
            text = one_line(next((word for word in words_on(cue.take) if word.strip()), ""))
            source = one_line(item.source) if isinstance(item, DrawnCard) else ""
            return Line(number, kind, cue.start, cue.stop, text, source=source)
        text = one_line(item.heading)
    else:
        text = in_one_line(item.caption.plain, say)
    picture = pictures[item.photograph]
    names = {
        "scan": "cues-scan",
        "gray": "cues-gray",
        "color": "cues-color" if picture.record.colored else "cues-gray",
    }
    states = dict.fromkeys(say(names[one]) for one in cue.take.versions(0, cue.take.span))
    return Line(
        number=number,
        kind=kind,
        start=cue.start,
        stop=cue.stop,
        text=text or in_one_line(picture.entry.caption, say),
        credit=one_line(item.credit or picture.entry.credit),
        shown=tuple(states),
        picture=picture,
    )
