"""A photograph sent in one piece: a form, read to the disk while it comes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from photochrom.files import part_of
from photochrom.service.access.credentials import Access
from photochrom.service.access.origin import origin_of
from photochrom.service.audit.service import Doer
from photochrom.service.context import Context
from photochrom.service.core.problems import InvalidError, MediaTypeError, TooLargeError
from photochrom.service.photographs import names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.quotas.repository import Amount
from photochrom.service.uploads import service
from photochrom.service.uploads.becoming import Became, Incoming, become
from photochrom.service.uploads.parts import on_disk
from photochrom.service.uploads.receiving import pieces_of

FOLDER = "small"

_FIELDS = 4
_FORM = 64 << 10
"""Bytes that a form may have besides its file."""


@dataclass(frozen=True)
class _Form:
    file: UploadFile
    collection: str | None
    keep_duplicate: bool


async def take(context: Context, access: Access, request: Request) -> Became:
    """Makes the file of a form a photograph.

    Args:
        context: The service.
        access: Who sends it.
        request: Nothing of its body has been read yet.

    Raises:
        TooLargeError: It has too many bytes.
        OverQuotaError: The organization has too many.
        InvalidError: It is no such form.
        TooSlowError: Nothing came for a long time.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise MediaTypeError("send multipart/form-data", where="Content-Type")
    most = context.settings.small_upload_limit
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > most + _FORM:
        raise _too_large(most)
    await run_sync(_check_before, context, access, int(length) if length.isdecimal() else 0)
    parser = MultiPartParser(
        request.headers,
        _bounded(request, most + _FORM, most),
        max_files=1,
        max_fields=_FIELDS,
        max_part_size=_FORM,
    )
    try:
        with on_disk():
            form = await parser.parse()
    except ClientDisconnect:
        raise InvalidError("broke off", where="body") from None
    except (MultiPartException, KeyError) as error:
        said = getattr(error, "message", "") or "it has no boundary"
        raise InvalidError(f"is no form that can be read ({said})", where="body") from None
    try:
        asked = _read(form)
        doer = Doer.of(access, origin_of(request).address)
        return await run_sync(_become, context, doer, asked, limiter=context.senders)
    finally:
        await form.close()


async def _bounded(request: Request, limit: int, most: int) -> AsyncGenerator[bytes, None]:
    came = 0
    async for piece in pieces_of(request):
        came += len(piece)
        if came > limit:
            raise _too_large(most)
        yield piece


def _check_before(context: Context, access: Access, length: int) -> None:
    service.check_size(context, length, context.settings.small_upload_limit + _FORM)
    with context.database.reading(access.organization) as session:
        service.check_quota(context, session, 0)


def _read(form: FormData) -> _Form:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidError("the form has no file", where="body.file", fix="send it as `file`")
    others = set(form) - {"file", "collection", "keep_duplicate"}
    if others:
        raise InvalidError("is not known", where=f"body.{min(others)}")
    collection, keep = form.get("collection"), form.get("keep_duplicate", "false")
    if keep not in ("true", "false") or isinstance(collection, UploadFile):
        raise InvalidError("is `true` or `false`", where="body.keep_duplicate")
    return _Form(file, collection or None, keep == "true")


def _become(context: Context, doer: Doer, asked: _Form) -> Became:
    size = asked.file.size or 0
    if size == 0:
        raise InvalidError("the file is empty", where="body.file", fix="choose another")
    if size > context.settings.small_upload_limit:
        raise _too_large(context.settings.small_upload_limit)
    with context.database.reading(doer.organization) as session:
        service.check_collection(session, asked.collection)
    incoming = Incoming(
        doer=doer,
        filename=asked.file.filename or "",
        collection=asked.collection,
        keep_duplicate=asked.keep_duplicate,
    )

    # What a crash leaves is swept, because its name says who wrote it.
    with part_of(context.settings.data / FOLDER / incoming.id, flush=False) as part:
        _copy(asked.file.file, part)
        try:
            return become(context, incoming, part, lambda *_: None, Amount(1, size))
        except Exception:
            _forget(context, incoming)
            raise
        finally:
            part.unlink(missing_ok=True)


def _forget(context: Context, incoming: Incoming) -> None:
    with context.database.reading(incoming.organization) as session:
        # A transaction whose end was not heard may have ended well.
        if Photographs(session).find(incoming.id) is not None:
            return
    context.blobs.remove_all(names.of_photograph(incoming.organization, incoming.id))


def _copy(file: BinaryIO, path: Path) -> None:
    file.seek(0)
    with on_disk(), path.open("xb") as copy:
        shutil.copyfileobj(file, copy)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        f"has more than the {most} bytes that are taken in one piece",
        fix="send it in pieces: /v1/uploads",
    )
