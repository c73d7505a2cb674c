"""Getting what has been made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from photochrom.service.access.guards import AnyContext, Viewing, anyone
from photochrom.service.core.ids import Id
from photochrom.service.results import links
from photochrom.service.results.repository import Results
from photochrom.service.results.schemas import LinkOut, ResultOut
from photochrom.service.results.sending import sent

router = APIRouter(prefix="/results", tags=["results"])


@router.get("/{result_id}")
def read(result_id: Id, unit: Viewing) -> ResultOut:
    """What a file is."""
    return ResultOut.of_row(Results(unit.session).get(result_id))


@router.get("/{result_id}/content", response_class=Response)
def content(
    result_id: Id,
    unit: Viewing,
    request: Request,
    download: Annotated[bool, Query(description="Whether browsers are to save it.")] = False,
) -> Response:
    """Its bytes, or a range of them."""
    return sent(request, unit.context, Results(unit.session).get(result_id), download)


@router.post("/{result_id}/link", operation_id="create_result_link")
def link(result_id: Id, unit: Viewing) -> LinkOut:
    """A link that opens it for whoever has it, for some time."""
    return links.made(unit, result_id)


@router.get("/{result_id}/signed", response_class=Response, dependencies=[Depends(anyone)])
def signed(
    result_id: Id,
    signature: Annotated[str, Query(max_length=200)],
    context: AnyContext,
    request: Request,
    download: Annotated[bool, Query(description="Whether browsers are to save it.")] = False,
) -> Response:
    """Its bytes, for whoever has the link."""
    return sent(request, context, links.opened(context, result_id, signature), download)
