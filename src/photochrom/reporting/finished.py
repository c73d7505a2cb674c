"""Restored photographs, as they are found: by their records in a folder, or by a production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from photochrom.engine import Ledger
from photochrom.source import Source


@dataclass(frozen=True)
class Finished:
    """One restored photograph, before it is looked at.

    Attributes:
        name: What people call it.
        place: Where its record lies, or is to lie.
        strays: Pictures of ours that no record describes, instead of a record.
        scan: The scan that it is made from, where that is known without the record.
        wanted: Gives the key of the order that it would be made for today, of a scan's digest; None
            where nobody says.
        caption: What is known of it.
        alt: What is to be seen in it, for those who cannot see it.
        absent: What is said of it if its record is not there.
    """

    name: str
    place: Path
    strays: tuple[Path, ...] = ()
    scan: Source[Path] | None = None
    wanted: Callable[[str], str] | None = None
    caption: str = ""
    alt: str = ""
    absent: str = "is not there: photochrom make"


class Collection(Protocol):
    """Restored photographs that belong together."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def ledger(self) -> Ledger:
        """Knows what was about to be put where they lie."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Finished]: ...

    def owner_of(self, path: Path) -> str:
        """The production that a file belongs to, if that is another one; else empty."""
