"""Uploads that can be resumed (tus 1.0), and photographs in one piece."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import AnyContext, access_to, anyone
from photochrom.service.access.origin import origin_of
from photochrom.service.context import Context
from photochrom.service.core.ids import id_type
from photochrom.service.core.problems import (
    NotFoundError,
    Problem,
    ServiceError,
    TooLargeError,
)
from photochrom.service.identity.roles import Permission
from photochrom.service.photographs.service import shown as photograph_shown
from photochrom.service.uploads import described, protocol, service, small
from photochrom.service.uploads.finishing import discard, finish, finish_if_whole
from photochrom.service.uploads.holding import held
from photochrom.service.uploads.protocol import RESUMABLE
from photochrom.service.uploads.receiving import receive
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.schemas import Taken, UploadShown
from photochrom.service.uploads.tables import Upload

Sending = Annotated[Access, Depends(access_to(Permission.EDIT))]
UploadId = Annotated[str, id_type("up")]


class TusRoute(APIRoute):
    """A route all of whose answers name the protocol, errors too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def named(request: Request) -> Response:
            try:
                answer = await handle(request)
            except ServiceError as error:
                error.headers = {**RESUMABLE, **error.headers}
                raise
            except ClientDisconnect:
                # Nobody hears it; what came is safe.
                return Response(status_code=499)
            answer.headers.update(RESUMABLE)
            return answer

        return named


router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=TusRoute)
small_router = APIRouter(prefix="/photographs", tags=["photographs"])


@router.options("/{upload_id}", dependencies=[Depends(anyone)], include_in_schema=False)
@router.options(
    "",
    dependencies=[Depends(anyone)],
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="get_upload_abilities",
)
def abilities(context: AnyContext) -> Response:
    """What of the protocol is spoken here."""
    headers = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Max-Size": str(context.settings.upload_limit),
        "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
    }
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=headers)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    responses=described.ERRORS | {201: {"description": "Begun.", "headers": described.HEADERS}},
    openapi_extra=described.CREATE,
)
async def create(request: Request, context: AnyContext, access: Sending) -> Response:
    """Begin an upload, with its first bytes if you like. `Upload-Metadata` may have `filename`,
    `sha256` of the whole file, `collection` and `keep_duplicate` (`true`)."""
    headers = request.headers
    protocol.check_version(headers)
    length, told = protocol.length_of(headers), protocol.told_in(headers)
    checksum = protocol.checksum_of(headers)
    begins = protocol.has_chunk(headers)
    if begins:
        _check_room(request, length)
    made = await run_sync(service.create, context, access, length, told, limiter=context.senders)
    location = {"Location": f"{request.url.path.rstrip('/')}/{made.id}"}
    if begins:
        try:
            await _go_on(context, made, request, checksum)
        except ServiceError as error:
            error.headers = {**location, **error.headers}  # It was begun all the same.
            raise
    answer = {**location, **_standing(made)}
    return Response(status_code=status.HTTP_201_CREATED, headers=answer)


@router.head(
    "/{upload_id}",
    operation_id="get_upload_offset",
    response_class=Response,
    responses=described.ERRORS
    | {200: {"description": "It is there.", "headers": described.HEADERS}},
    openapi_extra=described.NAMED,
)
async def offset(
    request: Request, context: AnyContext, access: Sending, upload_id: UploadId
) -> Response:
    """How far an upload has come."""
    protocol.check_version(request.headers)
    found = await run_sync(service.upload, context, access, upload_id)
    if await finish_if_whole(context, found):
        found = await run_sync(service.upload, context, access, upload_id)
    headers = {
        "Cache-Control": "no-store",
        "Upload-Length": str(found.length),
        **({"Upload-Metadata": found.metadata_} if found.metadata_ else {}),
        **_standing(found),
    }
    return Response(headers=headers)


@router.get("/{upload_id}")
def upload(context: AnyContext, access: Sending, upload_id: UploadId) -> UploadShown:
    """An upload, and what it has become."""
    return service.shown(service.upload(context, access, upload_id))


@router.patch(
    "/{upload_id}",
    operation_id="append_to_upload",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=described.ERRORS
    | {204: {"description": "They are safe.", "headers": described.HEADERS}},
    openapi_extra=described.GO_ON,
)
async def go_on(
    request: Request, context: AnyContext, access: Sending, upload_id: UploadId
) -> Response:
    """Send the bytes that follow."""
    return await _patch(request, context, access, upload_id)


@router.delete(
    "/{upload_id}", status_code=status.HTTP_204_NO_CONTENT, openapi_extra=described.NAMED
)
async def take_back(
    request: Request, context: AnyContext, access: Sending, upload_id: UploadId
) -> Response:
    """Take an upload back. The photograph that it may have become stays."""
    return await _delete(request, context, access, upload_id)


@router.post("/{upload_id}", include_in_schema=False)
async def overridden(
    request: Request, context: AnyContext, access: Sending, upload_id: UploadId
) -> Response:
    """The same for clients that can only POST."""
    method = request.headers.get("X-HTTP-Method-Override", "").upper()
    if method == "PATCH":
        return await _patch(request, context, access, upload_id)
    if method == "DELETE":
        return await _delete(request, context, access, upload_id)
    raise NotFoundError("there is nothing to POST here", where="X-HTTP-Method-Override")


@small_router.post(
    "",
    operation_id="send_photograph",
    status_code=status.HTTP_201_CREATED,
    responses={
        200: {"model": Taken, "description": "It was there before."},
        413: {"model": Problem, "description": "More bytes than are taken in one piece."},
        415: {"model": Problem, "description": "It is no form."},
        507: {"model": Problem, "description": "There is no room left."},
    },
    openapi_extra=described.FORM,
)
async def take(request: Request, context: AnyContext, access: Sending, response: Response) -> Taken:
    """Send a photograph in one piece. Large ones are better sent by `/v1/uploads`."""
    became = await small.take(context, access, request)
    if not became.is_new:
        response.status_code = status.HTTP_200_OK
    return Taken(photograph=photograph_shown(became.photograph), is_duplicate=not became.is_new)


async def _patch(request: Request, context: Context, access: Access, id: str) -> Response:
    headers = request.headers
    protocol.check_version(headers)
    protocol.check_chunk(headers)
    offset, checksum = protocol.offset_of(headers), protocol.checksum_of(headers)
    found = await run_sync(service.upload, context, access, id)
    service.check_offset(found, offset)
    _check_room(request, found.length - offset)
    if found.finished is None:
        await _go_on(context, found, request, checksum)
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=_standing(found))


async def _delete(request: Request, context: Context, access: Access, id: str) -> Response:
    protocol.check_version(request.headers)
    found = await run_sync(service.upload, context, access, id)
    await run_sync(discard, context, found, limiter=context.senders)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


async def _go_on(
    context: Context, found: Upload, request: Request, checksum: protocol.Checksum | None
) -> None:
    async with held(context, found) as token:
        # Whoever held it before may have gone on meanwhile.
        await run_sync(_check_again, context, found)
        await receive(context, found, token, request, checksum)
        if found.offset == found.length:
            address = origin_of(request).address
            became = await run_sync(finish, context, found, token, address, limiter=context.senders)
            found.photograph_id, found.duplicate = became.photograph.id, not became.is_new


def _check_again(context: Context, found: Upload) -> None:
    with context.database.reading(found.organization_id) as session:
        here = Uploads(session).find(found.id)
    if here is None:
        raise NotFoundError("there is no such upload, or not any more")
    service.check_offset(here, found.offset)


def _check_room(request: Request, left: int) -> None:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > left:
        raise TooLargeError("these are more bytes than Upload-Length said", where="Content-Length")


def _standing(upload: Upload) -> dict[str, str]:
    headers = {"Upload-Offset": str(upload.offset), **protocol.expires(upload.until)}
    if upload.photograph_id is not None:
        headers["Photochrom-Photograph"] = upload.photograph_id
        headers["Photochrom-Duplicate"] = "true" if upload.duplicate else "false"
    return headers
