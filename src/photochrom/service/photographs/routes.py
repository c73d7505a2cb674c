"""Photographs, what is said of them, and their files."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import AnyContext, Editing, Viewing, access_to
from photochrom.service.core.paging import Page
from photochrom.service.core.problems import Problem
from photochrom.service.core.ranges import ranged
from photochrom.service.core.revisions import STALE, IfMatch, tagged
from photochrom.service.identity.roles import Permission
from photochrom.service.photographs import files, service
from photochrom.service.photographs.schemas import (
    PhotographChanges,
    PhotographId,
    PhotographsAsked,
    PhotographShown,
)

router = APIRouter(prefix="/photographs", tags=["photographs"])

Looking = Annotated[Access, Depends(access_to(Permission.VIEW))]
Key = Annotated[str | None, Query(max_length=64, description="As the links have it.")]

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "All of it.", "content": {"application/octet-stream": {}}},
    206: {"description": "The range that was asked for."},
    304: {"description": "You have it already."},
    412: {"model": Problem, "description": "It is not the one that you mean any more."},
    416: {"model": Problem, "description": "The range begins after the end."},
}


@router.get("")
def listed(unit: Viewing, asked: Annotated[PhotographsAsked, Query()]) -> Page[PhotographShown]:
    """Photographs, the newest first."""
    return service.listed(unit.session, asked)


@router.get("/{photograph_id}")
def photograph(unit: Viewing, photograph_id: PhotographId, response: Response) -> PhotographShown:
    """A photograph."""
    return tagged(response, service.shown(service.photograph(unit.session, photograph_id)))


@router.patch("/{photograph_id}", responses=STALE)
def change(
    unit: Editing,
    photograph_id: PhotographId,
    changes: PhotographChanges,
    response: Response,
    if_match: IfMatch = None,
) -> PhotographShown:
    """Say what is known of a photograph."""
    return tagged(response, service.change(unit, photograph_id, changes, if_match))


@router.get("/{photograph_id}/original", response_class=Response, responses=_FILE)
def original(
    request: Request, context: AnyContext, access: Looking, photograph_id: PhotographId
) -> Response:
    """The file as it was sent in; ranges can be asked for."""
    found = files.original(context, access.organization, photograph_id)
    return ranged(request, found.content, partial(context.blobs.read, found.name))


@router.head("/{photograph_id}/preview", include_in_schema=False)
@router.get("/{photograph_id}/preview", response_class=Response, responses=_FILE)
def preview(
    request: Request,
    context: AnyContext,
    access: Looking,
    photograph_id: PhotographId,
    key: Key = None,
) -> Response:
    """A JPEG of it, at most 2048 pixels long."""
    found = files.preview(context, access.organization, photograph_id, key)
    return ranged(request, found.content, partial(context.blobs.read, found.name))


@router.head("/{photograph_id}/thumbnail", include_in_schema=False)
@router.get("/{photograph_id}/thumbnail", response_class=Response, responses=_FILE)
def thumbnail(
    request: Request,
    context: AnyContext,
    access: Looking,
    photograph_id: PhotographId,
    key: Key = None,
) -> Response:
    """A WebP of it, at most 512 pixels long."""
    found = files.thumbnail(context, access.organization, photograph_id, key)
    return ranged(request, found.content, partial(context.blobs.read, found.name))
