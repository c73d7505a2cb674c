"""What lies already where a derivative is to go, and whose it is.

The record beside a derivative is the evidence: it names the scan, the order, and the digest of each
file that it describes. It outlives every cache and travels with the folder. Only of what a run that
was killed had put there before it came to the record, a ledger knows.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from photochrom.batch.jobs import Job
from photochrom.engine import Ledger
from photochrom.errors import PhotographError, RetouchedError
from photochrom.files import resolved, sha256_of, usable
from photochrom.orders import Order
from photochrom.photograph import ENDINGS, made_by_us
from photochrom.record import BESIDE, Record
from photochrom.source import Source
from photochrom.steps.plate import Pin

State = Literal["whole", "unfinished", "changed", "strange"]

PICTURES: Mapping[str, str] = MappingProxyType({**ENDINGS, **BESIDE})
"""How the names of all that a job makes end, but for the record, by format or kind."""

_FIX = "rename it to keep it, or run again with --force to replace it"


@dataclass(frozen=True)
class Standing:
    """What lies where the results of a job go.

    Attributes:
        record: The record there; None if there is none.
        formats: Of the derivatives that lie there and are as the record says.
        beside: The same of what is to be looked at with them, by kind (`record.BESIDE`).
    """

    record: Record | None = None
    formats: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The documented colors that were told before."""
        told = [] if self.record is None else self.record.pins
        return tuple(map(Pin.recorded, told))

    def is_of(self, key: str, order: Order) -> bool:
        """Whether what lies there is just what an order, with this key, would make, all of it."""
        made_for = None if self.record is None else self.record.order
        there = {*self.formats, *self.beside}
        return made_for == key and there >= set(wanted_of(order))


def standing(
    job: Job,
    sha256: str | None,
    wanted: Collection[str],
    ledger: Ledger,
    *,
    scans: Collection[Path] = (),
    force: bool,
) -> Standing:
    """Looks at what lies where the results of a job go.

    Args:
        job: The job.
        sha256: Digest of its scan; None of one that lies elsewhere and has not been read.
        wanted: Formats and kinds (`record.BESIDE`) of what it is to make.
        ledger: Knows what a run that was killed was about to put there.
        scans: Those of the whole batch, resolved; none is ever replaced.
        force: Take what is ours for replaceable, whoever has changed it.

    Raises:
        RetouchedError: All that is in the way is results of this scan that somebody has changed.
        PhotographError: Something there is not ours, or belongs to another scan.
    """
    folder = job.folder
    assert isinstance(folder, Path)
    record = _record_at(folder / job.record.name, force=force)
    if record is not None and not _is_of(record, sha256, job) and not force:
        raise PhotographError(
            f"describes what was made of another scan than {job.source}",
            where=folder / job.record.name,
            fix="choose another output folder, or run again with --force to replace it",
        )
    described = {} if record is None else record.files
    whole = []
    changed: list[Path] = []
    for kind, ending in PICTURES.items():
        path = folder / (job.name + ending)
        ours = path.name in described
        if not os.path.lexists(path) or (kind not in wanted and not ours):
            continue
        if not path.is_file():
            what = "has the name that a result is to get, and is no file"
            raise PhotographError(what, where=path, fix="move it away")
        if resolved(path, PhotographError) in scans:
            raise PhotographError(
                "would replace the original photograph",
                where=path,
                fix="choose another output, or add something to its name with --suffix",
            )
        state = state_of(path, described.get(path.name), ledger)
        if state == "whole":
            whole.append(kind)
        elif state == "unfinished":
            continue
        elif state == "changed" and not force:
            changed.append(path)
        elif state == "strange" and not ((force or kind in BESIDE) and made_by_us(path)):
            # It may be a scan, and not even by force is one replaced. A sheet or a mask of ours
            # that no record speaks of, as `photochrom compare` makes them, is nobody's work.
            what = "was put there by somebody else and is left as it is"
            fix = "move it away, or choose another output"
            if made_by_us(path):
                what = "was made by photochrom, has no record, and is left as it is"
                fix = _FIX
            raise PhotographError(what, where=path, fix=fix)
    if changed:
        others = f", as {' and '.join(one.name for one in changed[1:])} was" if changed[1:] else ""
        what = f"was changed by somebody{others}, and is left as it is"
        raise RetouchedError(what, where=changed[0], fix=_FIX)
    return Standing(record, *apart(whole))


def wanted_of(order: Order) -> tuple[str, ...]:
    """Formats and kinds of all that an order makes."""
    return (*order.formats, *(one.kind for one in order.beside))


def apart(whole: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Formats, and kinds of what lies beside derivatives, told apart."""
    formats = tuple(one for one in ENDINGS if one in whole)
    return formats, tuple(one for one in BESIDE if one in whole)


def state_of(path: Path, described: str | None, ledger: Ledger) -> State:
    """What has become of a file of this machine where a derivative goes, or was put.

    Args:
        path: The file.
        described: The digest that the record beside it gives; None if that does not name it.
        ledger: Knows what a run that was killed was about to put there.

    Returns:
        "whole", as the record says; "unfinished", put there by a run that did not come to the
        record; "changed" by somebody since; or "strange", which nothing says to be ours.

    Raises:
        PhotographError: It cannot be read.
    """
    with usable(path, PhotographError):
        sha256 = sha256_of(path)
    if sha256 == described:
        return "whole"
    if sha256 in ledger.ours(path):
        return "unfinished"
    return "strange" if described is None else "changed"


def _is_of(record: Record, sha256: str | None, job: Job) -> bool:
    """Whether a record speaks of the scan of a job, and of the same page of it."""
    source = Source.of(job.source)
    if sha256 is None:
        same = record.original.get("file") == source.file.name
    else:
        same = record.original["sha256"] == sha256
    return bool(same and record.original.get("page", 1) == (source.page or 1))


def _record_at(path: Path, *, force: bool) -> Record | None:
    if not path.exists():
        return None
    try:
        return Record.open(path)
    except PhotographError as error:
        if force and path.is_file():
            return None
        raise PhotographError(
            f"{error.what}, and is left as it is", where=path, fix=_FIX
        ) from error
