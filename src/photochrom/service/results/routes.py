"""Getting what has been made."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from photochrom.service.access.guards import AnyContext, Viewing, anyone
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import Id
from photochrom.service.core.problems import NotFoundError
from photochrom.service.core.ranges import Content, attachment, ranged
from photochrom.service.results.repository import Results
from photochrom.service.results.schemas import LinkOut, ResultOut
from photochrom.service.results.tables import Result

router = APIRouter(prefix="/results", tags=["results"])

_FOR_GOOD = "private, max-age=31536000, immutable"


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
    return _sent(request, unit.context, Results(unit.session).get(result_id), download)


@router.post("/{result_id}/link", operation_id="create_result_link")
def link(result_id: Id, unit: Viewing) -> LinkOut:
    """A link that opens it for whoever has it, for some time."""
    row = Results(unit.session).get(result_id)
    settings = unit.context.settings
    signature, until = unit.context.signer.link(row.id, timedelta(hours=settings.link_hours))
    url = f"{settings.url}/v1/results/{row.id}/signed?signature={signature}"
    return LinkOut(url=url, until=until)


@router.get("/{result_id}/signed", response_class=Response, dependencies=[Depends(anyone)])
def signed(
    result_id: Id,
    signature: Annotated[str, Query(max_length=200)],
    context: AnyContext,
    request: Request,
    download: Annotated[bool, Query(description="Whether browsers are to save it.")] = False,
) -> Response:
    """Its bytes, for whoever has the link."""
    if not context.signer.opens(result_id, signature):
        raise NotFoundError("the link does not open anything, or not any more")
    with context.database.reading(EVERYONE) as session:
        row = Results(session).get(result_id)
    return _sent(request, context, row, download)


def _sent(request: Request, context: Context, row: Result, download: bool) -> Response:
    headers = {"Cache-Control": _FOR_GOOD}
    if download:
        headers["Content-Disposition"] = attachment(row.name)
    found = Content(row.size, row.sha256, row.media_type, row.created, headers)
    return ranged(request, found, lambda start, end: context.blobs.read(row.blob, start, end))
