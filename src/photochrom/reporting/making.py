"""A report is made: photographs are looked at, and shown page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photochrom.engine import Event, Progress, nobody
from photochrom.errors import PhotochromError
from photochrom.files import same_file, usable, write_text
from photochrom.reporting.checking import check
from photochrom.reporting.finished import Collection
from photochrom.reporting.originals import Originals
from photochrom.reporting.paging import GENERATOR, Card, Page, card_of, rendered
from photochrom.reporting.pictures import side_for
from photochrom.reporting.rows import COLUMNS, Row, to_csv
from photochrom.reporting.verdicts import Totals

A_PAGE: Final = 200
"""Photographs on a page; more are on further pages."""

LIMIT: Final = 24 * 2**20
"""Bytes of pictures on a page, before they are written as text, which takes a third more."""

_STAGE = "report"
_START = 2048
# The words alone are in the notes of whoever uses it.
_PAGE_MARK = f'<meta name="generator" content="{GENERATOR}">'


@dataclass(frozen=True)
class Made:
    """A report that was made.

    Attributes:
        pages: Its files, in order.
        totals: What was found.
        warned: How many photographs have warnings.
    """

    pages: tuple[Path, ...]
    totals: Totals
    warned: int


def report(
    collection: Collection,
    originals: Originals | None,
    output: Path,
    *,
    table: Path | None = None,
    root: Path | None = None,
    progress: Progress = nobody,
) -> Made:
    """Makes a page that shows restored photographs before and after, and what was done to them.

    Args:
        collection: Which.
        originals: Where their originals are looked for, if the collection does not say; None: they
            are neither looked for nor shown.
        output: The page. Of more than `A_PAGE` photographs the others follow on further pages
            beside it, called after it.
        table: Where the same figures go as CSV.
        root: The folder from which on files are named there; None: as they were found.
        progress: Told of each photograph, twice: when it is looked at, and when it is shown.

    Raises:
        PhotographError: There are no photographs.
        PhotochromError: Something else lies where the report is to go, or it cannot be written.
    """
    if table is not None:
        if table == output or same_file(table, output):
            fix = "name two files"
            raise PhotochromError("would be both the page and its table", where=table, fix=fix)
        _spare(table, ",".join(COLUMNS))
    _spare(output, _PAGE_MARK)
    totals = Totals()
    rows = [Row.of(one) for one in totals.counted(check(collection, originals, progress))]
    if table is not None:
        write_text(table, to_csv(rows, root), error=PhotochromError)
    warned = sum(bool(row.warnings) for row in rows)
    # Within each rank they keep their order.
    rows.sort(key=lambda row: row.rank)
    parts = [rows[first : first + A_PAGE] for first in range(0, len(rows), A_PAGE)]
    paths = [_path(output, number) for number in range(1, len(parts) + 1)]
    for path in paths[1:]:
        _spare(path, _PAGE_MARK)
    done = 0
    for number, (path, part) in enumerate(zip(paths, parts, strict=True), start=1):
        cards = []
        for card in _cards(part):
            done += 1
            progress(Event(_STAGE, card.row.verdict.name, done, len(rows), "shown", 1.0))
            cards.append(card)
        before, after = (
            paths[at].name if 0 <= at < len(paths) else "" for at in (number - 2, number)
        )
        page = Page(number, len(paths), before, after)
        text = rendered(collection.title, str(totals), warned, page, cards)
        write_text(path, text, error=PhotochromError)
    return Made(tuple(paths), totals, warned)


def _cards(rows: Sequence[Row]) -> Iterator[Card]:
    pictures = 2 * len(rows)
    side, each = side_for(pictures, LIMIT), LIMIT // pictures
    return (card_of(row, side, each) for row in rows)


def _path(output: Path, number: int) -> Path:
    return output if number == 1 else output.with_name(f"{output.stem}-{number}{output.suffix}")


def _spare(path: Path, mark: str) -> None:
    """Raises an error if something lies there that is no earlier report."""
    if path.is_dir():
        raise PhotochromError("is a folder", where=path, fix="name a file to write")
    if not path.exists():
        return
    with usable(path), path.open("rb") as file:
        start = file.read(_START)
    if mark.encode() not in start:
        what = "is there, and is no report of photochrom"
        raise PhotochromError(what, where=path, fix="name another file")
