"""What happens to photographs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from photochrom.dates import is_impossible
from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.context import Context
from photochrom.service.core.paging import Page, page_of
from photochrom.service.core.problems import ConflictError, InvalidError, NotFoundError
from photochrom.service.core.revisions import revise
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.schemas import (
    Found,
    Links,
    PhotographChanges,
    PhotographsAsked,
    PhotographShown,
)
from photochrom.service.photographs.tables import Photograph, State


def listed(session: Session, asked: PhotographsAsked) -> Page[PhotographShown]:
    """Photographs, the newest first."""
    query = Photographs(session).listed(asked.state, asked.collection, asked.text)
    return page_of(session, query, Photograph.id, asked, shown)


def photograph(session: Session, id: str, *, change: bool = False) -> Photograph:
    """One by its id; with `change`, nobody else changes it until the session ends.

    Raises:
        NotFoundError: There is none, or it is another organization's.
    """
    found = Photographs(session).find(id, change=change)
    if found is None:
        raise NotFoundError("there is no such photograph")
    return found


def check_ready(session: Session, ids: Sequence[str]) -> None:
    """Asks whether photographs can be worked with.

    Raises:
        NotFoundError: One is not there, or is another organization's.
        ConflictError: One was refused, or nobody has looked into it yet.
    """
    rows = Photographs(session).named(ids)
    for id in ids:
        if id not in rows:
            raise NotFoundError("there is no such photograph", where=id)
        if rows[id].state is not State.READY:
            raise ConflictError(f"the photograph is not ready: it is {rows[id].state}", where=id)


def change(unit: Unit, id: str, changes: PhotographChanges, seen: str | None) -> PhotographShown:
    """Notes what people say of a photograph.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
        InvalidError: It is a day that no calendar has.
    """
    row = photograph(unit.session, id, change=True)
    revise(row, seen)
    if changes.date is not None and is_impossible(changes.date):
        raise InvalidError(
            f'"{changes.date}" is a day that no calendar has', where="date", fix="check it"
        )
    for name in changes.model_fields_set:
        value = getattr(changes, name)
        if name == "people":
            value = list(value or ())
        elif name != "emulsion":
            value = value or ""
        setattr(row, name, value)
    Photographs(unit.session).changed(row)
    told = {"fields": sorted(changes.model_fields_set)}
    audit(unit, "photograph.changed", subject=row.id, details=told)
    return shown(row)


def remove_doomed(context: Context) -> int:
    """Removes blobs whose rows are gone; returns of how many.

    Raises:
        PhotochromError: The storage does not answer; what is left goes another time.
    """
    # Their rows are nobody's: whose photographs they were is known no more.
    with context.database.reading(None) as session:
        doomed = Photographs(session).doomed(1000)
    for one in doomed:
        context.blobs.remove_all(one.prefix)
        with context.database.writing(None) as session:
            Photographs(session).gone(one.id)
    return len(doomed)


def shown(row: Photograph) -> PhotographShown:
    """A photograph as it is told."""
    here = f"/v1/photographs/{row.id}"
    links = Links(original=f"{here}/original")
    if row.intake is not None and row.state == State.READY:
        # With the key in it the address means these very bytes, and may be kept for good.
        links.preview = f"{here}/preview?key={row.intake}"
        links.thumbnail = f"{here}/thumbnail?key={row.intake}"
    plain = {
        name: getattr(row, name)
        for name in PhotographShown.model_fields
        if name not in ("found", "links")
    }
    return PhotographShown(**plain, found=Found.model_validate(row.found or {}), links=links)
