"""Bytes become a photograph: kept as an original, with a row, in one transaction with whatever ends
with that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from photochrom.files import sha256_of
from photochrom.service.audit.service import Doer, audit_by
from photochrom.service.collections import service as collections
from photochrom.service.context import Context
from photochrom.service.core.ids import new_id
from photochrom.service.core.problems import InvalidError, NotFoundError
from photochrom.service.photographs import names
from photochrom.service.photographs.intake_queue import enqueue_intake
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph
from photochrom.service.quotas import repository as quotas
from photochrom.service.quotas.repository import Amount


class OtherBytesError(InvalidError):
    """The file is not the one whose SHA-256 was told."""

    code = "other_bytes"


@dataclass(frozen=True)
class Incoming:
    """A file that has come, and what is wanted of it.

    Attributes:
        doer: Who sent it, and for whom.
        filename: As they call it.
        sha256: What they say that it is; None if they do not.
        collection: To which it is added, if that is still there.
        keep_duplicate: Whether it shall be a photograph of its own even if there is one with the
            same bytes.
        id: Of the photograph that it will be.
    """

    doer: Doer
    filename: str
    sha256: str | None = None
    collection: str | None = None
    keep_duplicate: bool = False
    id: str = field(default_factory=lambda: new_id("ph"))

    @property
    def organization(self) -> str:
        """Whose it will be."""
        return self.doer.organization


@dataclass(frozen=True)
class Became:
    """What a file has become.

    Attributes:
        photograph: A new one, or the one that has the same bytes.
        is_new: Which of the two.
    """

    photograph: Photograph
    is_new: bool


def become(
    context: Context,
    incoming: Incoming,
    file: Path,
    ends: Callable[[Session, Became], None],
    needs: Amount | None = None,
) -> Became:
    """Makes a file a photograph. Doing it twice with the same `incoming` makes one.

    Args:
        context: The service.
        incoming: What it is.
        file: Its bytes, which nobody changes any more.
        ends: What else belongs to the same transaction; if it raises, there is no photograph.
        needs: What the quota has to have room for besides what counts already; None if that has
            been asked before.

    Raises:
        OtherBytesError: Its SHA-256 is another than was told.
        OverQuotaError: There is no room.
    """
    # Nothing of the database is held while bytes are read and copied.
    digest, size = sha256_of(file), file.stat().st_size
    if incoming.sha256 not in (None, digest):
        raise OtherBytesError("the file that came is not the one whose SHA-256 you told")
    name = names.safe(incoming.filename)
    kept = names.original(incoming.organization, incoming.id, name)
    with context.database.reading(incoming.organization) as session:
        twin = Photographs(session).first_with(digest)
    if twin is None or incoming.keep_duplicate or twin.id == incoming.id:
        context.blobs.adopt(kept, file)
    row = Photograph(
        id=incoming.id,
        organization_id=incoming.organization,
        by=incoming.doer.by,
        filename=names.shown(incoming.filename),
        name=name,
        bytes=size,
        sha256=digest,
        found={},
        people=[],
    )
    became = _entered(context, incoming, row, ends, needs)
    if not became.is_new and became.photograph.id != incoming.id:
        context.blobs.remove(kept)
    return became


def _entered(
    context: Context,
    incoming: Incoming,
    row: Photograph,
    ends: Callable[[Session, Became], None],
    needs: Amount | None,
) -> Became:
    with context.database.writing(incoming.organization) as session:
        quotas.alone(session, incoming.organization)
        photographs = Photographs(session)
        twin = photographs.first_with(row.sha256)
        if twin is not None and not incoming.keep_duplicate:
            became = Became(twin, False)
        else:
            if needs is not None:
                quotas.check(context.settings, quotas.held(session) + needs)
            row.duplicate_of = None if twin is None else twin.id
            photographs.add(row)
            enqueue_intake(session, row)
            became = Became(row, True)
        ends(session, became)
        told = {"filename": row.filename, "sha256": row.sha256, "duplicate": not became.is_new}
        audit_by(
            session, incoming.doer, "upload.finished", subject=became.photograph.id, details=told
        )
        if incoming.collection is not None:
            _collect(session, incoming.collection, became.photograph.id)
    return became


def _collect(session: Session, collection: str, photograph: str) -> None:
    try:
        collections.append(session, collection, photograph)
    except NotFoundError:
        # It was deleted while the bytes came: the photograph counts, and is not refused for it.
        return
