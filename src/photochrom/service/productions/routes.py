"""Productions, and the files that they name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import AnyContext, Editing, FromWhere, Viewing, access_to
from photochrom.service.audit.service import Doer
from photochrom.service.core.bodies import streamed
from photochrom.service.core.ids import Id
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.core.revisions import STALE, IfMatch, tagged
from photochrom.service.identity.roles import Permission
from photochrom.service.productions import service
from photochrom.service.productions.repository import Productions
from photochrom.service.productions.schemas import (
    AssetOut,
    ProductionAsked,
    ProductionChanged,
    ProductionOut,
)
from photochrom.service.productions.tables import Production

router = APIRouter(prefix="/productions", tags=["productions"])

_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=status.HTTP_201_CREATED)
def create(asked: ProductionAsked, unit: Editing, response: Response) -> ProductionOut:
    """A production from a file, or from photographs: then its first film drafts the file."""
    return tagged(response, ProductionOut.of(service.create(unit, asked)))


@router.get("")
def listed(unit: Viewing, asked: AskedPage) -> Page[ProductionOut]:
    """Productions, the newest first."""
    productions = Productions(unit.session)
    return page_of(unit.session, productions.all(), Production.id, asked, ProductionOut.of)


@router.get("/{production_id}")
def read(production_id: Id, unit: Viewing, response: Response) -> ProductionOut:
    """A production."""
    return tagged(response, ProductionOut.of(Productions(unit.session).get(production_id)))


@router.patch("/{production_id}", responses=STALE)
def change(
    production_id: Id,
    asked: ProductionChanged,
    unit: Editing,
    response: Response,
    if_match: IfMatch = None,
) -> ProductionOut:
    """Change a production. Films that were made of it stay as they are."""
    return tagged(response, ProductionOut.of(service.change(unit, production_id, asked, if_match)))


@router.get("/{production_id}/files")
def files(production_id: Id, unit: Viewing) -> list[AssetOut]:
    """The files that it can name besides photographs."""
    productions = Productions(unit.session)
    return [AssetOut.of(row) for row in productions.assets(productions.get(production_id).id)]


@router.put(
    "/{production_id}/files/{name}", openapi_extra=_BYTES, operation_id="send_production_file"
)
async def send(
    production_id: Id,
    name: str,
    request: Request,
    context: AnyContext,
    access: Annotated[Access, Depends(access_to(Permission.EDIT))],
    origin: FromWhere,
) -> AssetOut:
    """Send in a file that it names: music, a recorded voice, a font. The body is the file."""
    streamed(request)
    doer = Doer.of(access, origin.address)
    told = request.headers.get("Content-Length", "")
    length = int(told) if told.isdecimal() and len(told) < 20 else 0
    row = await service.receive(context, doer, production_id, name, request.stream(), length)
    return AssetOut.of(row)


@router.delete("/{production_id}/files/{name}", status_code=status.HTTP_204_NO_CONTENT)
def forget(production_id: Id, name: str, unit: Editing) -> None:
    """Forget a file. Films that were made with it stay as they are."""
    service.forget_file(unit, production_id, name)


@router.delete("/{production_id}", status_code=status.HTTP_204_NO_CONTENT, responses=STALE)
def remove(production_id: Id, unit: Editing, if_match: IfMatch = None) -> None:
    """Forget a production, with its files. Its films have to be forgotten first."""
    service.forget(unit, production_id, if_match)
