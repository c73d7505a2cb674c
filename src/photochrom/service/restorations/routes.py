"""Ordering restorations, and getting what came of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from photochrom.service.access.guards import Editing, Viewing
from photochrom.service.core.ids import Id
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.tables import Item
from photochrom.service.photographs.schemas import PhotographId
from photochrom.service.restorations import service
from photochrom.service.restorations.repository import Restorations
from photochrom.service.restorations.schemas import (
    AT_ONCE,
    RestorationAsked,
    RestorationOut,
    RestoredOut,
    VersionOut,
    restored,
    versions,
)
from photochrom.service.restorations.tables import Restoration
from photochrom.service.results.repository import Results

router = APIRouter(prefix="/restorations", tags=["restorations"])
versions_router = APIRouter(prefix="/versions", tags=["restorations"])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
def order(asked: RestorationAsked, unit: Editing) -> RestorationOut:
    """Restore photographs. It is done as a job: the answer names it."""
    return RestorationOut.of(service.order(unit, asked))


@router.get("")
def listed(
    unit: Viewing,
    asked: AskedPage,
    photograph: Annotated[Id | None, Query(description="Only those of this one.")] = None,
) -> Page[RestorationOut]:
    """Restorations, the newest first."""
    query = Restorations(unit.session).all(photograph)
    return page_of(unit.session, query, Restoration.id, asked, RestorationOut.of)


@router.get("/{restoration_id}")
def read(restoration_id: Id, unit: Viewing) -> RestorationOut:
    """A restoration, and how far it is."""
    return RestorationOut.of(Restorations(unit.session).get(restoration_id))


@router.get("/{restoration_id}/photographs")
def photographs(restoration_id: Id, unit: Viewing, asked: AskedPage) -> Page[RestoredOut]:
    """What has become of each photograph, in the order in which they were named: its pictures and
    its record, or why it failed."""
    row = Restorations(unit.session).get(restoration_id)
    query = Jobs(unit.session).all_items(row.job.id)
    page = page_of(unit.session, query, Item.id, asked, lambda item: item, oldest_first=True)
    shown = [item.subject for item in page.items]
    results = Results(unit.session).of_all((row.id,), shown)
    return Page(items=restored(page.items, results), next=page.next)


@router.delete("/{restoration_id}", status_code=status.HTTP_204_NO_CONTENT)
def forget(restoration_id: Id, unit: Editing) -> None:
    """Forget a restoration that is over, with its results."""
    service.forget(unit, restoration_id)


@versions_router.get("")
def versions_of(
    unit: Viewing,
    photograph: Annotated[
        list[PhotographId], Query(min_length=1, max_length=AT_ONCE, description="Which.")
    ],
    latest: Annotated[
        bool, Query(description="Of each only the newest, and the newest that is done.")
    ] = False,
) -> list[VersionOut]:
    """What was made of photographs, in whatever restoration, the newest first."""
    rows = Restorations(unit.session).versions(photograph, latest)
    owners = {restoration.id for restoration, _ in rows}
    return versions(rows, Results(unit.session).of_all(owners, photograph))
