"""A photograph is taken in: looked into by a child, then ready or refused."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from photochrom.engine.keys import FILES, key_of
from photochrom.errors import PhotochromError
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import NotFoundError
from photochrom.service.core.scratch import on_the_way
from photochrom.service.events.repository import announce
from photochrom.service.intake import looking
from photochrom.service.intake.child import Facts, Refused, looked_into
from photochrom.service.photographs import names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph, State

_VERSION = 1
"""Raised when a preview or what is said of a file comes out otherwise."""


def take_in(context: Context, photograph_id: str) -> None:
    """Looks into a photograph, and notes that it is ready, or why it is refused.

    Doing it twice does no harm: previews lie under the digest of what they depend on, and a row
    that is ready with them stays as it is. A photograph that is gone is passed over.

    Args:
        context: The service.
        photograph_id: Whose.

    Raises:
        PhotochromError: Nothing that the file is to blame for: database or storage are away, there
            is no room, the machine goes down. It is to be tried again.
    """
    with context.database.reading(EVERYONE) as session:
        row = Photographs(session).find(photograph_id)
    if row is None:
        return
    key = key_of("intake", _VERSION, {}, inputs={"file": row.sha256}, libraries=FILES)
    if row.state == State.READY and row.intake == key:
        return
    name = names.original(row.organization_id, row.id, row.name)
    with on_the_way(context.settings.data) as folder:
        found = _looked_into(context, name, folder)
        if isinstance(found, Facts):
            _keep(context, row, key, folder)
        if not _note(context, row, key, found):
            # It was deleted meanwhile; what was just kept goes after the rest.
            context.blobs.remove_all(names.of_photograph(row.organization_id, row.id))


def _looked_into(context: Context, name: str, folder: Path) -> Facts | Refused:
    settings = context.settings
    try:
        with context.blobs.near(name) as file:
            return looked_into(
                file,
                folder,
                pixels=settings.pixel_limit,
                memory=settings.decode_memory,
                seconds=settings.decode_seconds,
            )
    except NotFoundError:
        return Refused("its file is not there any more")


def _keep(context: Context, row: Photograph, key: str, folder: Path) -> None:
    for name, file in (
        (names.preview(row.organization_id, row.id, key), folder / looking.PREVIEW),
        (names.thumbnail(row.organization_id, row.id, key), folder / looking.THUMBNAIL),
    ):
        if not file.is_file() or file.is_symlink():
            raise PhotochromError("decoding left no picture", where=row.id, fix="try it again")
        context.blobs.put(name, file)


def _note(context: Context, before: Photograph, key: str, found: Facts | Refused) -> bool:
    """Writes down how it went; False if the photograph is gone."""
    with context.database.writing(before.organization_id) as session:
        photographs = Photographs(session)
        row = photographs.find(before.id, change=True)
        if row is None:
            return False
        row.taken_in = now()
        if isinstance(found, Refused):
            row.state, row.reason, row.intake = State.REFUSED, found.reason, None
        else:
            row.state, row.reason, row.intake = State.READY, None, key
            for name in ("format", "width", "height", "bit_depth", "channels"):
                setattr(row, name, getattr(found, name))
            row.found = found.found.model_dump(mode="json")
        photographs.changed(row)
        _tell(session, row)
    return True


def _tell(session: Session, row: Photograph) -> None:
    said = {"id": row.id, "filename": row.filename, "state": str(row.state), "reason": row.reason}
    announce(session, row.organization_id, "photograph", row.id, said)
