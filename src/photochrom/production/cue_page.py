"""The cue sheet as a page to read and to print: one HTML file that needs nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from photochrom.production.cue_sheet import CueSheet, Line

if TYPE_CHECKING:
    from jinja2 import Template

_COLUMNS = ("in", "out", "length", "shown", "rights", "done")


def cue_page(sheet: CueSheet) -> str:
    """The page.

    Args:
        sheet: What it shows.
    """
    first: dict[str, int] = {}
    for line in sheet.lines:
        if line.picture is not None:
            first.setdefault(line.picture.entry.id, line.number)
    rate = f"{sheet.rate}" if sheet.rate.denominator == 1 else f"{float(sheet.rate):.3f}"
    return _template().render(
        sheet=sheet,
        say=sheet.say,
        first=first,
        rate=rate,
        credits=screen_time(sheet),
        columns=[f"cues-{name}" for name in _COLUMNS],
    )


def screen_time(sheet: CueSheet) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Photographs, shots and frames by credit and license; cards come last, without a license.

    Args:
        sheet: Whose lines are counted.
    """
    found: dict[tuple[str, str], list[Line]] = {}
    cards, nobody = (sheet.say("cues-cards"), ""), sheet.say("cues-no-credit")
    for line in sheet.lines:
        key = cards
        if line.picture is not None:
            key = (line.credit or nobody, line.picture.entry.license)
        found.setdefault(key, []).append(line)
    return {
        key: (
            len({line.picture.entry.id for line in lines if line.picture is not None}),
            len(lines),
            sum(line.frames for line in lines),
        )
        # Cards are nobody's: they come last.
        for key, lines in sorted(found.items(), key=lambda pair: pair[0] == cards)
    }


@lru_cache
def _template() -> Template:
    """Escapes all that it is given, and fails where something is missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("photochrom.production", "")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return page.get_template("cue_page.html")
