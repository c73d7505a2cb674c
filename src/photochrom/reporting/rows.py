"""What a report says of each photograph, without its pixels: little enough to hold for many."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from photochrom.files import printable
from photochrom.reporting.figures import PARTS, Figures, figures_of
from photochrom.reporting.verdicts import Finding, Verdict

MUCH_FILLED: Final = 0.05
"""Share of a picture from which what was filled is warned of."""

MUCH_DOUBT: Final = 0.5
"""Share of what is colored from which its being a guess is warned of."""

COLUMNS: Final = (
    "name",
    "state",
    "filled_share",
    "filled_places",
    "certainty",
    "colored_share",
    "colored_certainty",
    "doubtful_share",
    *(f"{part}_certainty" for part in PARTS),
    "documented_colors",
    "variant",
    "statement",
    "warnings",
    "notices",
    "original",
    "derivatives",
    "record",
)
"""Of the CSV file, in order."""

_MANY = "; "
_FORMULAS: Final = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Row:
    """One photograph of a report.

    Attributes:
        verdict: What has become of it; without its record, which is read again when it is shown.
        figures: What can be counted.
        statement: What was done, in words; empty without a record.
        warnings: What people should look at, the gravest first.
        notices: What may be good to know: that it is outdated, and what had to be chosen or left
            out to read the scan.
    """

    verdict: Verdict
    figures: Figures
    statement: str = ""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """The less, the sooner it is to be looked at: what is wrong, what is doubtful, the rest."""
        if any(one.kind != "outdated" for one in self.verdict.findings):
            return 0
        return 1 if self.warnings else 2 if self.notices else 3

    @classmethod
    def of(cls, verdict: Verdict) -> Row:
        """That of a photograph that was looked at."""
        found = [_said(one) for one in verdict.findings if one.kind != "outdated"]
        if verdict.record is None:
            return cls(verdict, Figures(), warnings=tuple(found))
        record = verdict.record
        figures = figures_of(record)
        warnings = (*found, *_seen_in(figures))
        old = [one.what for one in verdict.findings if one.kind == "outdated"]
        notices = (*old, *map(str, record.notices))
        return cls(replace(verdict, record=None), figures, record.statement(), warnings, notices)


def to_csv(rows: Iterable[Row], root: Path | None = None) -> str:
    """The figures as RFC 4180 text.

    Args:
        rows: Of the photographs.
        root: The folder from which on files are named; None: as they were found.
    """

    def named(path: Path) -> str:
        return str(path if root is None else path.relative_to(root))

    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for row in rows:
        verdict, figures = row.verdict, row.figures
        said = {
            "name": verdict.name,
            "state": verdict.state,
            "filled_share": figures.filled,
            "filled_places": figures.places,
            "certainty": figures.certainty,
            "colored_share": figures.colored,
            "colored_certainty": figures.sure,
            "doubtful_share": figures.doubtful,
            **{f"{part}_certainty": value for part, value in figures.parts.items()},
            "documented_colors": figures.documented if row.statement else None,
            "variant": figures.variant,
            "statement": row.statement,
            "warnings": _MANY.join(row.warnings),
            "notices": _MANY.join(row.notices),
            "original": verdict.original and named(verdict.original.file),
            "derivatives": _MANY.join(map(named, verdict.pictures)),
            "record": named(verdict.place),
        }
        writer.writerow({key: _cell(value) for key, value in said.items()})
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else printable(str(value))
    # Names are other people's, and spreadsheets would do what they say.
    return f"'{text}" if text.startswith(_FORMULAS) and isinstance(value, str) else text


def _seen_in(figures: Figures) -> list[str]:
    said = []
    if figures.filled is not None and figures.filled >= MUCH_FILLED:
        said.append(f"{percent(figures.filled)} of the picture was filled in")
    if figures.doubtful is not None and figures.doubtful >= MUCH_DOUBT:
        said.append(f"of its colors {percent(figures.doubtful)} are guesses more than not")
    return said


def percent(share: float) -> str:
    """A share for people: "0 %", "under 0.1 %", "3.2 %", "41 %"."""
    value = share * 100
    if 0 < value < 0.1:
        return "under 0.1 %"
    return f"{value:.0f} %" if value == 0 or value >= 9.95 else f"{value:.1f} %"


def _said(finding: Finding) -> str:
    return f"{printable(finding.where.name)}: {finding.what}"
