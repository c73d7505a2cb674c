"""Writing and changing productions."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import Unit
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.problems import (
    ConflictError,
    NotFoundError,
    TooLargeError,
)
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import State
from photochrom.service.productions.reading import asset_name, read
from photochrom.service.productions.repository import Productions
from photochrom.service.productions.schemas import ProductionAsked, ProductionChanged
from photochrom.service.productions.tables import Asset, Production


def create(unit: Unit, asked: ProductionAsked) -> Production:
    """A new production.

    Raises:
        InvalidError: The file is none; names line and key.
        NotFoundError: A photograph is not there.
        ConflictError: A photograph is not ready.
    """
    productions = Productions(unit.session)
    if asked.toml is not None:
        _check(productions, read(asked.toml).photographs)
    else:
        _check(productions, asked.photographs)
    draft = {"photographs": list(dict.fromkeys(asked.photographs)), "seconds": asked.seconds}
    row = Production(
        organization_id=unit.access.organization,
        by=unit.access.by,
        title=asked.title,
        toml=asked.toml,
        draft=None if asked.toml is not None else draft,
    )
    productions.add(row)
    return row


def change(unit: Unit, id: str, asked: ProductionChanged) -> Production:
    """Changes a production.

    Raises:
        NotFoundError: It is not there, or a photograph that it names.
        ConflictError: Somebody else has changed it meanwhile.
        InvalidError: The file is none.
    """
    productions = Productions(unit.session)
    row = productions.get(id, change=True)
    if asked.revision not in (None, row.revision):
        raise ConflictError(
            f"somebody has changed the production meanwhile: its revision is {row.revision}"
        )
    if asked.toml is not None:
        _check(productions, read(asked.toml).photographs)
        row.toml = asked.toml
    row.title = asked.title or row.title
    row.revision += 1
    row.changed = now()
    return row


def forget(session: Session, id: str) -> None:
    """Forgets a production and its files.

    Raises:
        NotFoundError: There is none.
        ConflictError: It has films.
    """
    productions = Productions(session)
    row = productions.get(id, change=True)
    Photographs(session).doom(f"{row.organization_id}/productions/{row.id}")
    try:
        productions.remove(row)
    except IntegrityError as error:
        raise ConflictError("the production has films", fix="forget them first") from error


async def receive(
    context: Context, access: Access, id: str, name: str, body: AsyncIterator[bytes], limit: int
) -> Asset:
    """Takes in a file that a production names; it replaces one of the same name.

    Raises:
        NotFoundError: The production is not there.
        InvalidError: The name is none for a file.
        TooLargeError: It is too large.
    """
    asset_name(name)
    await run_in_threadpool(_production, context, access.organization, id)
    with TemporaryDirectory(prefix="photochrom-") as folder:
        path, size, digest = Path(folder) / "file", 0, hashlib.sha256()
        with path.open("wb") as file:
            async for piece in body:
                size += len(piece)
                if size > limit:
                    raise TooLargeError(f"the file has more than {limit} bytes")
                digest.update(piece)
                await run_in_threadpool(file.write, piece)
        return await run_in_threadpool(
            _kept, context, access.organization, id, name, path, size, digest.hexdigest()
        )


def _production(context: Context, organization: str, id: str) -> None:
    with context.database.reading(organization) as session:
        Productions(session).get(id)


def _kept(
    context: Context, organization: str, id: str, name: str, path: Path, size: int, sha256: str
) -> Asset:
    blob = f"{organization}/productions/{id}/files/{sha256[:16]}/{name}"
    context.blobs.put(blob, path)
    with context.database.writing(organization) as session:
        productions = Productions(session)
        productions.get(id)
        row = productions.asset(id, name)
        if row is None:
            row = Asset(organization_id=organization, production_id=id, name=name)
        row.size, row.sha256, row.blob = size, sha256, blob
        productions.add(row)
        return row


def _check(productions: Productions, ids: Sequence[str]) -> None:
    rows = productions.photographs(ids)
    for id in ids:
        if id not in rows:
            raise NotFoundError("there is no such photograph", where=id)
        if rows[id].state is not State.READY:
            raise ConflictError(f"the photograph is not ready: it is {rows[id].state}", where=id)
