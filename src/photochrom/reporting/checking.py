"""Restored photographs against their records and originals.

All bytes are read: a disk that has lost some is found as well as somebody who has retouched. No
pixels are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from photochrom.batch import state_of
from photochrom.engine import Event, Ledger, Progress, nobody
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import sha256_of
from photochrom.nets import Registry
from photochrom.record import Record
from photochrom.reporting.finished import Collection, Finished
from photochrom.reporting.older import older
from photochrom.reporting.originals import Found, Originals
from photochrom.reporting.verdicts import Finding, Kind, Verdict
from photochrom.source import Source
from photochrom.threads import ahead, usable_cores

_STAGE = "verify"


def check(
    collection: Collection, originals: Originals | None, progress: Progress = nobody
) -> Iterator[Verdict]:
    """Looks at restored photographs, one after the other; few are held, however many there are.

    Args:
        collection: Which.
        originals: Where their originals are looked for, if the collection does not say; None: they
            are not looked for.
        progress: Told of each.

    Raises:
        PhotographError: There are none.
    """
    checker = _Checker(collection, collection.ledger, originals, Registry.default())
    total = len(collection)
    # Disks answer several better than one, and digests are computed side by side.
    verdicts = ahead(checker, iter(collection), usable_cores(), lambda _: True)
    for done, verdict in enumerate(verdicts, start=1):
        total = max(total, done)
        progress(Event(_STAGE, verdict.name, done, total, verdict.state, 1.0))
        yield verdict


@dataclass(frozen=True)
class _Checker:
    collection: Collection
    ledger: Ledger
    originals: Originals | None
    registry: Registry

    def __call__(self, one: Finished) -> Verdict:
        try:
            return self._checked(one)
        except (PhotochromError, OSError) as error:
            what = error.what if isinstance(error, PhotochromError) else _reason(error)
            return _bare(one, "unreadable", one.place, what)

    def _checked(self, one: Finished) -> Verdict:
        if one.strays:
            what = "was made by photochrom, and has no record"
            if others := ", ".join(path.name for path in one.strays[1:]):
                what += f"; nor has {others}"
            return _bare(one, "orphaned", one.strays[0], what, one.strays)
        if theirs := self.collection.owner_of(one.place):
            return _bare(one, "changed", one.place, f"belongs to another production, {theirs}")
        if not os.path.lexists(one.place):
            return _bare(one, "missing", one.place, one.absent)
        record = Record.open(one.place)
        pictures, findings = self._derivatives(record, one.place)
        found, scan = self._original(one, record)
        if found is not None:
            findings += _said_of(found, one, record)
        if not any(one.kind == "unfinished" for one in findings):
            findings += self._age(one, record, scan)
        source = None if scan is None else Source(scan, _page(record))
        return Verdict(one, tuple(findings), record, source, pictures)

    def _derivatives(self, record: Record, place: Path) -> tuple[tuple[Path, ...], list[Finding]]:
        there: list[Path] = []
        findings: list[Finding] = []
        for said in record.derivatives:
            if Path(said["file"]).name != said["file"]:
                what = "is no record: it names a file of another folder"
                raise PhotographError(what, where=place)
            path = place.with_name(said["file"])
            if not path.is_file():
                findings.append(Finding("orphaned", place, f"{path.name}, its picture, is gone"))
                continue
            there.append(path)
            state = state_of(path, said["sha256"], self.ledger)
            if state == "unfinished":
                what = "is newer than its record: a run was stopped; run it again"
                findings.append(Finding("unfinished", path, what))
            elif state == "changed":
                findings.append(Finding("changed", path, "is not as it was made"))
        if not record.derivatives:
            findings.append(Finding("orphaned", place, "names no picture"))
        return tuple(there), findings

    def _original(self, one: Finished, record: Record) -> tuple[Found | None, Path | None]:
        """What was found of the original, and the file to show as such."""
        if record.original.get("file") is None and one.scan is None:
            return None, None  # It never was a file.
        if one.scan is not None:
            found = _named(one.scan.file, record)
        elif self.originals is not None:
            found = self.originals.find(record.original, one.place.parent)
        else:
            return None, None
        return found, found.file

    def _age(self, one: Finished, record: Record, scan: Path | None) -> list[Finding]:
        said = list(older(record, self.registry))
        if one.wanted is not None and scan is not None and not said:
            digest = sha256_of(scan)
            # Of another scan than this, more is said than that.
            if digest == record.original["sha256"] and one.wanted(digest) != record.order:
                said = ["the production, or what it depends on, has changed since it was made"]
        return [Finding("outdated", one.place, "; ".join(said))] if said else []


def _page(record: Record) -> int | None:
    """Which page of its file the original is, where there are several."""
    page, pages = (record.original.get(key) for key in ("page", "pages"))
    several = isinstance(page, int) and isinstance(pages, int) and pages > 1
    return page if several else None


def _named(scan: Path, record: Record) -> Found:
    """A scan whose place is known."""
    if not scan.is_file():
        return Found("missing")
    same = sha256_of(scan) == record.original["sha256"]
    return Found("whole" if same else "changed", scan)


def _said_of(found: Found, one: Finished, record: Record) -> list[Finding]:
    name = record.original.get("file")
    if found.state == "missing":
        place = one.place if one.scan is None else one.scan.file
        what = f"its original, {name}, is not there"
        if found.namesakes:
            what = f"none of {found.namesakes} files called {name} is its original"
        return [Finding("original_missing", place, what)]
    if found.state == "changed":
        assert found.file is not None
        what = f"is another file than {one.name} was made from"
        return [Finding("original_changed", found.file, what)]
    return []


def _bare(
    one: Finished, kind: Kind, where: Path, what: str, pictures: tuple[Path, ...] = ()
) -> Verdict:
    return Verdict(one, (Finding(kind, where, what),), pictures=pictures)


def _reason(error: OSError) -> str:
    return f"cannot be read ({(error.strerror or str(error)).lower()})"
