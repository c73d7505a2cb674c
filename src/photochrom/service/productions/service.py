"""Writing and changing productions."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import Doer, audit, audit_by
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.ids import new_id
from photochrom.service.core.problems import (
    ConflictError,
    NotFoundError,
    TooLargeError,
)
from photochrom.service.core.races import Broken, broken
from photochrom.service.core.revisions import check_seen, revise
from photochrom.service.core.scratch import on_the_way
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.service import check_ready
from photochrom.service.productions.reading import asset_name, read
from photochrom.service.productions.repository import Productions
from photochrom.service.productions.schemas import ProductionAsked, ProductionChanged
from photochrom.service.productions.tables import Asset, Production
from photochrom.service.quotas import repository as quotas
from photochrom.service.quotas.repository import Amount


def create(unit: Unit, asked: ProductionAsked) -> Production:
    """A new production.

    Raises:
        InvalidError: The file is none; names line and key.
        NotFoundError: A photograph is not there.
        ConflictError: A photograph is not ready.
    """
    wanted = asked.photographs if asked.toml is None else read(asked.toml).photographs
    check_ready(unit.session, wanted)
    draft = {"photographs": list(dict.fromkeys(asked.photographs)), "seconds": asked.seconds}
    row = Production(
        organization_id=unit.access.organization,
        by=unit.access.by,
        title=asked.title,
        toml=asked.toml,
        draft=None if asked.toml is not None else draft,
    )
    Productions(unit.session).add(row)
    audit(unit, "production.created", subject=row.id, details={"title": row.title})
    return row


def change(unit: Unit, id: str, asked: ProductionChanged, seen: str | None) -> Production:
    """Changes a production.

    Raises:
        NotFoundError: It is not there, or a photograph that it names.
        PreconditionError: It is not any more what was `seen`.
        InvalidError: The file is none.
    """
    productions = Productions(unit.session)
    row = productions.get(id, change=True)
    revise(row, seen)
    if asked.toml is not None:
        check_ready(unit.session, read(asked.toml).photographs)
        row.toml = asked.toml
    row.title = asked.title or row.title
    row.changed = now()
    audit(unit, "production.changed", subject=row.id, details={"revision": row.revision})
    return row


def forget(unit: Unit, id: str, seen: str | None) -> None:
    """Forgets a production and its files.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
        ConflictError: It has films.
    """
    productions = Productions(unit.session)
    row = productions.get(id, change=True)
    check_seen(row, seen)
    Photographs(unit.session).doom(f"{row.organization_id}/productions/{row.id}")
    try:
        productions.remove(row)
    except IntegrityError as error:
        if broken(error) is not Broken.REFERENCE:
            raise
        raise ConflictError("the production has films", fix="forget them first") from error
    audit(unit, "production.forgotten", subject=id, details={"title": row.title})


def forget_file(unit: Unit, id: str, name: str) -> None:
    """Forgets a file of a production.

    Raises:
        NotFoundError: There is none.
    """
    productions = Productions(unit.session)
    row = productions.asset(productions.get(id).id, name)
    if row is None:
        raise NotFoundError("there is no such file")
    productions.remove(row)
    Photographs(unit.session).doom(_folder_of(row.blob))
    audit(unit, "production.file_forgotten", subject=id, details={"name": name})


async def receive(
    context: Context, doer: Doer, id: str, name: str, body: AsyncIterator[bytes], length: int
) -> Asset:
    """Takes in a file that a production names; it replaces one of the same name.

    Args:
        context: The service.
        doer: Who sends it.
        id: The production's.
        name: The file's.
        body: Its bytes.
        length: How many are announced; 0 if nobody says.

    Raises:
        NotFoundError: The production is not there.
        InvalidError: The name is none for a file.
        TooLargeError: It is too large.
        OverQuotaError: The organization has no room for it.
    """
    asset_name(name)
    limit = context.settings.small_upload_limit
    await run_in_threadpool(_check_before, context, doer.organization, id, name, length)
    with on_the_way(context.settings.data) as folder:
        path, size, digest = folder / "file", 0, hashlib.sha256()
        with path.open("wb") as file:
            async for piece in body:
                size += len(piece)
                if size > limit:
                    raise _too_large(limit)
                digest.update(piece)
                await run_in_threadpool(file.write, piece)
        return await run_in_threadpool(
            _kept, context, doer, id, name, path, size, digest.hexdigest()
        )


def _check_before(context: Context, organization: str, id: str, name: str, length: int) -> None:
    """Says what speaks against a file before its bytes are read."""
    limit = context.settings.small_upload_limit
    if length > limit:
        raise _too_large(limit)
    with context.database.reading(organization) as session:
        productions = Productions(session)
        _check_quota(context, session, productions.asset(productions.get(id).id, name), length)


def _check_quota(context: Context, session: Session, before: Asset | None, size: int) -> None:
    """Asks whether there is room for a file in the place of another."""
    more = size - (0 if before is None else before.size)
    if more > 0:
        quotas.check(context.settings, quotas.held(session) + Amount(bytes=more))


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"the file has more than {limit} bytes")


def _kept(
    context: Context, doer: Doer, id: str, name: str, path: Path, size: int, sha256: str
) -> Asset:
    # A folder of its own: it goes without another file, sent before or after it, that is the same.
    blob = f"{doer.organization}/productions/{id}/files/{new_id('fo')}/{name}"
    context.blobs.put(blob, path)
    try:
        return _entered(context, doer, id, name, size, sha256, blob)
    except Exception:
        context.blobs.remove_all(_folder_of(blob))
        raise


def _entered(
    context: Context, doer: Doer, id: str, name: str, size: int, sha256: str, blob: str
) -> Asset:
    with context.database.writing(doer.organization) as session:
        quotas.alone(session, doer.organization)
        productions = Productions(session)
        # Two that send the same name come one after the other, and nobody forgets it meanwhile.
        productions.get(id, change=True)
        row = productions.asset(id, name)
        _check_quota(context, session, row, size)
        if row is None:
            row = Asset(organization_id=doer.organization, production_id=id, name=name)
        else:
            Photographs(session).doom(_folder_of(row.blob))
        row.size, row.sha256, row.blob = size, sha256, blob
        productions.add(row)
        told = {"name": name, "bytes": size, "sha256": sha256}
        audit_by(session, doer, "production.file_sent", subject=id, details=told)
        return row


def _folder_of(blob: str) -> str:
    return blob.rpartition("/")[0]
