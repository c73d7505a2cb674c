"""A report of photographs that are named one by one, as a task of the engine: it is made wherever
that works, by a process that can die of a picture without anybody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from photochrom.engine import Event, Far, Input, Ledger, Needs, Report, Task, key_of
from photochrom.engine.keys import FILES
from photochrom.files import linked
from photochrom.reporting.finished import Finished
from photochrom.reporting.making import report
from photochrom.source import Source

PAGE, TABLE = "report.html", "report.csv"
"""Names of its files; further pages are called after the first."""

_CODE = 1
_MEMORY_A_PIXEL: Final = 8
"""Bytes: of a scan and of what was made of it, both reduced while they are read."""


@dataclass(frozen=True)
class Item:
    """A photograph that a report shows.

    Attributes:
        id: Tells it from all others, and may be the name of a folder.
        name: What people call it.
        scan: Name of its original's file, which need not be there if nothing was made of it.
        record: Name of its record's file; empty if nothing was made of it.
        pictures: Names of the files that were made of it.
        caption: What is known of it.
        absent: Why nothing was made of it.
    """

    id: str
    name: str
    scan: str
    record: str = ""
    pictures: tuple[str, ...] = ()
    caption: str = ""
    absent: str = ""

    @property
    def original(self) -> str:
        """Where its scan lies in the report's folder: a picture of it may have the same name."""
        return f"{self.id}/scan/{self.scan}"

    def made(self, name: str) -> str:
        """Where a file lies there that was made of it."""
        return f"{self.id}/{name}"


@dataclass(frozen=True)
class _Named:
    """The photographs as their files lie in a folder."""

    title: str
    root: Path
    items: tuple[Item, ...]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.root / "ledger")

    def owner_of(self, path: Path) -> str:
        return ""

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finished]:
        for one in self.items:
            yield Finished(
                one.name,
                self.root / one.made(one.record or one.scan),
                scan=Source(self.root / one.original),
                caption=one.caption,
                absent=one.absent,
            )


def report_task(
    id: str,
    title: str,
    items: Sequence[Item],
    files: Mapping[str, Input | Far],
    pixels: int,
) -> Task:
    """The task that makes a report.

    Args:
        id: The report's: it says how all was when it was made, and is never made for another.
        title: What people call it.
        items: The photographs.
        files: All of their files, by where they lie in the report's folder.
        pixels: Of the largest.
    """
    inputs = {role: one.mark if isinstance(one, Far) else one.sha256 for role, one in files.items()}
    facts = {"id": id, "title": title, "items": items}
    key = key_of("report", _CODE, facts, inputs=inputs, libraries=FILES)
    needs = Needs(memory=_MEMORY_A_PIXEL * pixels)
    return Task(key, title, make_report, (title, tuple(items)), files, needs, "report")


def make_report(
    folder: Path,
    argument: tuple[str, tuple[Item, ...]],
    inputs: Mapping[str, Path],
    report_to: Report,
) -> None:
    """Writes the pages and the table; raises what `report` does."""
    title, items = argument

    def hear(event: Event) -> None:
        # Each is told of twice: when it is looked at, and when it is shown.
        half = 0.0 if event.stage == "verify" else 0.5
        report_to(event.item, half + 0.5 * event.done / max(1, event.total))

    with TemporaryDirectory(dir=folder) as place:
        root = Path(place)
        for role, path in inputs.items():
            (root / role).parent.mkdir(parents=True, exist_ok=True)
            linked(path, root / role)
        found = _Named(title, root, items)
        report(found, None, folder / PAGE, table=folder / TABLE, root=root, progress=hear)
