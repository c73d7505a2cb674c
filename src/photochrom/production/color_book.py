"""The color book: who and what is seen in which colors, who says so, and what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from photochrom.engine import Event, Progress, nobody
from photochrom.production.allowing import Allowed, check_colors
from photochrom.production.bringing import Openable, opened
from photochrom.production.desk import Desk
from photochrom.production.documenting import Documented, documented
from photochrom.production.file import ProductionFile
from photochrom.production.schema import Entry
from photochrom.production.treatment import variant_of
from photochrom.record import Record
from photochrom.steps.pinning import in_picture
from photochrom.steps.plate import Pin

if TYPE_CHECKING:
    from photochrom.orders import Pictures

_STAGE = "color book"
_NOTHING: Mapping[str, float] = MappingProxyType(
    {"documented": 0.0, "reported": 0.0, "assumed": 0.0, "agreed": 0.0, "guessed": 0.0}
)
_GUESSED: Mapping[str, float] = MappingProxyType({"guessed": 1.0})


@dataclass(frozen=True)
class Seen:
    """A documented color in one photograph.

    Attributes:
        entry: The photograph.
        color: The color and where it is.
        at: The same pin in the picture, which may show a part of the scan.
        told: What the record says of it: `shown`, `difference`, `honored`, `share`; empty if the
            photograph has not been made.
        picture: The restored picture; None if it has not been made.
        conflicts: What its plate says against it.
    """

    entry: Entry
    color: Documented
    at: Pin
    told: Mapping[str, Any]
    picture: Path | None
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Lent:
    """A picture that lends its colors to a photograph.

    Attributes:
        name: The id of a photograph, or the file of a reference.
        source: Of a reference, who says that it shows the same.
        sure: How sure that is; "agreed" of photographs whose colors are guesses as well.
        share: Of the photograph that is seen in it, too.
    """

    name: str
    source: str
    sure: str
    share: float


@dataclass(frozen=True)
class Known:
    """How sure the colors of one photograph are.

    Attributes:
        entry: The photograph.
        shares: Of what is colored: `documented`, `reported`, `assumed`, `agreed`, `guessed`; empty
            if it has not been made, or has colors of its own.
        state: "made", "own" (in color itself), "gray" or "missing".
        lent: The pictures that lend it colors.
        variant: Which of several variants it shows, "b of 3"; empty of the first.
    """

    entry: Entry
    shares: Mapping[str, float]
    state: str
    lent: Sequence[Lent] = ()
    variant: str = ""


@dataclass(frozen=True)
class Book:
    """What a color book tells.

    Attributes:
        file: The production.
        seen: Every documented color of every photograph.
        known: How sure the colors of each photograph are.
        allowed: What the plates say.
        unread: What could not be read, and why.
    """

    file: ProductionFile
    seen: Sequence[Seen]
    known: Sequence[Known]
    allowed: Allowed
    unread: Sequence[str] = field(default=())


def color_book(production: Openable, *, progress: Progress = nobody) -> Book:
    """Gather what a color book tells; nothing is made.

    Args:
        production: The production file.
        progress: Told of each photograph.

    Raises:
        PhotochromError: The file is not a production, or something is missing without which
            nothing of it can be made.
    """
    file = opened(production)
    allowed = check_colors(file, progress=progress)
    pictures = _pictures(file)
    against: dict[tuple[str, int], list[str]] = {}
    for one in allowed.conflicts:
        # The book is sent to others: where the file lies here is nothing to them.
        line = one.line.replace(file.where, PurePath(file.where).name, 1)
        against.setdefault((one.photograph, one.color.number), []).append(line)
    seen: list[Seen] = []
    known: list[Known] = []
    entries = file.production.photographs
    for index, entry in enumerate(entries):
        made = pictures.get(entry.id)
        record = None if made is None else Record.open(made.record)
        notes = {} if record is None else _notes(record)
        known.append(_known(entry, record, notes))
        told = {} if record is None else _told(record, notes)
        for color in documented(file, index) if file.scan(entry).file.is_file() else ():
            said = told.get(color.pin, {})
            conflicts = tuple(against.get((entry.id, color.number), ()))
            picture = None if made is None else made.color
            at = (
                color.pin
                if record is None or record.geometry is None
                else in_picture(color.pin, record.geometry)
            )
            seen.append(Seen(entry, color, at, said, picture, conflicts))
        progress(Event(_STAGE, entry.id, index + 1, len(entries), "looked at", 1.0))
    return Book(file, seen, known, allowed, allowed.unread)


def _pictures(file: ProductionFile) -> dict[str, Pictures]:
    """The results that are up to date; who only asks is not given a cache."""
    from photochrom.orders import results_of

    if not file.cache.is_dir():
        return {}
    desk = Desk(file, jobs=1)
    orders = desk.orders(desk.scans())
    found = ((id, order, desk.store.get(task.key)) for id, (order, task) in orders.items())
    return {id: results_of(folder, order) for id, order, folder in found if folder}


def _notes(record: Record) -> Mapping[str, Any]:
    steps = [one.notes for one in record.taken if one.name == "color"]
    return steps[-1] if steps else {}


def _told(record: Record, notes: Mapping[str, Any]) -> dict[Pin, Mapping[str, Any]]:
    """What the record says of each pin; of those outside of the picture nothing."""
    pins = map(Pin.recorded, record.pins)
    return dict(zip(pins, notes.get("pinned", ()), strict=False))


def _known(entry: Entry, record: Record | None, notes: Mapping[str, Any]) -> Known:
    if record is None:
        return Known(entry, {}, "missing")
    if record.in_color:
        return Known(entry, {}, "own")
    if not record.colored:
        return Known(entry, {}, "gray")
    shares = {**_NOTHING, **(record.known or _GUESSED)}
    told = variant_of(record)
    variant = "" if told is None else f"{told['letter']} of {len(told['of'])}"
    return Known(entry, shares, "made", _lent(record, notes), variant)


def _lent(record: Record, notes: Mapping[str, Any]) -> tuple[Lent, ...]:
    """The pictures of which something is seen in this one."""
    told = zip(record.lent, notes.get("lent", ()), strict=False)
    return tuple(
        Lent(str(one["name"]), str(one.get("source", "")), str(one.get("sure", "agreed")), share)
        for one, found in told
        if (share := float(found["share"]))
    )
