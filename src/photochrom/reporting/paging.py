"""A report as pages: HTML files that need nothing else, the first of which people name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photochrom.errors import PhotochromError
from photochrom.files import printable
from photochrom.phrases import phrases_for
from photochrom.production.treatment import treatment
from photochrom.record import Record
from photochrom.reporting.overlays import RAMP, SPREAD, overlay
from photochrom.reporting.pictures import Shown, pair
from photochrom.reporting.rows import Row, percent

if TYPE_CHECKING:
    from jinja2 import Template

GENERATOR: Final = "photochrom report"
"""What tells our pages from other people's."""


@dataclass(frozen=True)
class Page:
    """Which of the pages one is.

    Attributes:
        number: 1 for the first.
        of: How many there are.
        before: Name of the file before it; empty for the first.
        after: Name of the file after it; empty for the last.
    """

    number: int
    of: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Card:
    """One photograph on a page.

    Attributes:
        row: What is told of it.
        before: The scan, if it can be shown.
        after: The result, if it can be shown.
        alt_before: The scan in words.
        alt_after: The result in words.
        filled: What was filled, as an overlay.
        sureness: How sure its colors are, as an overlay.
        documented: Documented colors, with their sources.
        details: What else the record says, a line each.
    """

    row: Row
    before: Shown | None = None
    after: Shown | None = None
    alt_before: str = ""
    alt_after: str = ""
    filled: Shown | None = None
    sureness: Shown | None = None
    documented: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Of what is shown; (1, 1) if nothing is."""
        shown = self.after or self.before
        return (1, 1) if shown is None else (shown.width, shown.height)


def card_of(row: Row, side: int, limit: int) -> Card:
    """A photograph as a page shows it; its pixels are read.

    Args:
        row: What is told of it.
        side: The longer side of its pictures, in pixels, at most.
        limit: Bytes that each of them may take.
    """
    verdict = row.verdict
    after = verdict.pictures[0] if verdict.pictures else None
    record = _record(verdict.place) if row.statement else None
    geometry = None if record is None else record.geometry
    first, second = pair(verdict.original, after, side, limit, geometry)
    subject = verdict.of.alt or verdict.of.caption or printable(verdict.name)
    colored = record is not None and record.colored
    card = Card(
        row,
        first,
        second,
        f"{subject}, as scanned",
        f"{subject}, {'restored and colored' if colored else 'restored'}",
    )
    if record is None:
        return card
    return replace(
        card,
        filled=overlay(record, "repair"),
        sureness=overlay(record, "color"),
        documented=treatment(record, phrases_for()).documented,
        details=tuple(_details(record)),
    )


def _details(record: Record) -> Iterator[str]:
    original = record.original
    yield (
        f"Scan: {original.get('file')}, {original.get('width')} × {original.get('height')} pixels, "
        f"SHA-256 {original['sha256']}"
    )
    said = treatment(record, phrases_for())
    yield f"Recipe: {record.recipe.get('name')} ({said.steps})"
    yield f"Emulsion: {record.emulsion.get('name')}, {record.emulsion.get('because')}"
    if said.networks:
        yield f"Networks: {', '.join(said.networks)}"
    change = record.result.get("luminance_change")
    if isinstance(change, dict):
        mean, most = change.get("mean"), change.get("max")
        yield f"Light moved by color: {mean} L* on average, {most} at most"


def rendered(title: str, totals: str, warned: int, page: Page, cards: Sequence[Card]) -> str:
    """A page.

    Args:
        title: Of the report.
        totals: All photographs, counted.
        warned: How many of them have warnings.
        page: Which page it is.
        cards: The photographs on it.
    """
    return _template().render(
        title=title,
        totals=totals,
        warned=warned,
        page=page,
        cards=cards,
        ramp=RAMP,
        spread=SPREAD,
        percent=percent,
        generator=GENERATOR,
    )


def _record(place: Path) -> Record | None:
    try:
        return Record.open(place)
    except PhotochromError:
        return None  # Somebody was faster than we.


@lru_cache
def _template() -> Template:
    """Escapes all that it is given, and fails where something is missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("photochrom.reporting", "")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return pages.get_template("report.html")
