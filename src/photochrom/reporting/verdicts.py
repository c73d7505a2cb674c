"""What has become of restored photographs since they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from photochrom.record import Record
from photochrom.reporting.finished import Finished
from photochrom.source import Source

Kind = Literal[
    "original_changed",
    "original_missing",
    "changed",
    "orphaned",
    "missing",
    "unfinished",
    "unreadable",
    "outdated",
]

KINDS: Final[MappingProxyType[Kind, str]] = MappingProxyType(
    {
        "original_changed": "whose original has changed",
        "original_missing": "whose original is missing",
        "changed": "changed since they were made",
        "orphaned": "orphaned",
        "missing": "not made yet",
        "unfinished": "unfinished",
        "unreadable": "unreadable",
        "outdated": "made otherwise than they would be now",
    }
)
"""What can be found, the gravest first, and what it is called in totals."""

WHOLE: Final = "whole"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was.

    Attributes:
        kind: What.
        where: The file, or its place.
        what: In words.
    """

    kind: Kind
    where: Path
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Verdict:
    """What has become of one restored photograph.

    Attributes:
        of: The photograph.
        findings: What is not as it was; none if all is.
        record: What its record says; None if there is none that can be read.
        original: The scan that it was made from, if it was found.
        pictures: Its derivatives that are there.
    """

    of: Finished
    findings: tuple[Finding, ...]
    record: Record | None = field(default=None, repr=False)
    original: Source[Path] | None = None
    pictures: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.of.name

    @property
    def place(self) -> Path:
        """Where its record lies, or would lie."""
        return self.of.place

    @property
    def state(self) -> str:
        """The gravest kind of what was found, or "whole"."""
        found = {one.kind for one in self.findings}
        return next((kind for kind in KINDS if kind in found), WHOLE)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "name": self.name,
            "state": self.state,
            "record": str(self.place),
            "original": None if self.original is None else str(self.original.file),
            "derivatives": [str(path) for path in self.pictures],
            "findings": [
                {"kind": one.kind, "where": str(one.where), "what": one.what}
                for one in self.findings
            ],
        }


class Totals:
    """Counts verdicts as they come, and keeps what was found: of whole ones nothing is held."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lines: dict[str, list[str]] = {}

    def counted(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """The same verdicts, counted."""
        for verdict in verdicts:
            state = verdict.state
            self._counts[state] += 1
            if state != WHOLE:
                said = "; ".join(map(str, _gravest_first(verdict.findings)))
                self._lines.setdefault(state, []).append(said)
            yield verdict

    @property
    def count(self) -> int:
        """All."""
        return self._counts.total()

    def of(self, state: str) -> int:
        """Those in one state."""
        return self._counts[state]

    @property
    def wrong(self) -> int:
        """Those that are neither whole nor merely of another day."""
        return self.count - self._counts[WHOLE] - self._counts["outdated"]

    @property
    def groups(self) -> Iterator[tuple[str, list[str]]]:
        """What was found, a line for each photograph, by its gravest kind."""
        for kind, words in KINDS.items():
            if kind in self._lines:
                yield words, self._lines[kind]

    def __str__(self) -> str:
        """ "19 photographs: 17 whole, 2 changed since they were made"."""
        words = [(WHOLE, WHOLE), *KINDS.items()]
        said = [f"{self._counts[one]} {what}" for one, what in words if self._counts[one]]
        plural = "" if self.count == 1 else "s"
        return f"{self.count} photograph{plural}: {', '.join(said) or 'none'}"


def _gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    order = list(KINDS)
    return sorted(findings, key=lambda one: order.index(one.kind))
