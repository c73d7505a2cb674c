"""Looking at a scan before it is ordered: what stands for its bytes, wherever it lies."""

from __future__ import annotations

from dataclasses import dataclass

from photochrom.batch.jobs import Job
from photochrom.engine import Ledger
from photochrom.errors import PhotographError, PlaceError
from photochrom.photograph import sidecar_digest
from photochrom.places import Object, Url, find, head, listed, mark_of
from photochrom.source import Source


@dataclass(frozen=True)
class Scan:
    """What is known of a scan before it is read, or because it has been.

    Attributes:
        sha256: Its digest, or what stands for that.
        is_read: Whether it is the digest.
        sidecar: The same of its sidecar; None without one.
        sidecar_at: Where that lies, if it is elsewhere.
        bytes: Its size, if it is elsewhere.
    """

    sha256: str
    is_read: bool
    sidecar: str | None = None
    sidecar_at: Url | None = None
    bytes: int = 0


def looked_at(job: Job, ledger: Ledger) -> Scan:
    """Looks at a scan.

    Raises:
        PhotographError: It is not there, or cannot be read.
        PlaceError: The same, elsewhere.
    """
    if isinstance(job.source, Url):
        return _far(job, Source.of(job.source).file)
    scan = Source.of(job.source).file
    try:
        if scan.exists() and not scan.is_file():
            raise PhotographError("is no file", where=job.source, fix="name a photograph")
        return Scan(ledger.digest(scan), True, sidecar_digest(scan))
    except OSError as error:
        what = f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise PhotographError(what, where=job.source, fix="check the name") from error


def _far(job: Job, scan: Url) -> Scan:
    seen, sidecar = job.seen, job.sidecar
    if seen is None:
        seen = _seen(scan)
        if not scan.is_web:
            names = (f"{scan.name}.xmp", f"{scan.stem}.xmp")
            sidecar = next((one for name in names if (one := find(scan.with_name(name)))), None)
    mark = None if sidecar is None else mark_of(sidecar)
    at = None if sidecar is None else sidecar.url
    return Scan(mark_of(seen), False, mark, at, seen.size)


def _seen(scan: Url) -> Object:
    try:
        return head(scan)
    except PlaceError as error:
        if error.kind == "missing" and not scan.is_web and next(listed(scan.folder), None):
            fix = f"a folder ends in a slash: {scan.folder}"
            raise PlaceError("is a folder", where=str(scan), fix=fix, kind="missing") from error
        raise
