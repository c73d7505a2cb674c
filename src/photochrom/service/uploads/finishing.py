"""An upload whose bytes are all here ends: it becomes a photograph."""

from __future__ import annotations

from contextlib import suppress

import structlog
from anyio.to_thread import run_sync
from sqlalchemy.orm import Session

from photochrom.errors import PhotochromError
from photochrom.service.audit.service import Doer
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.problems import GoneError
from photochrom.service.photographs import names
from photochrom.service.uploads.becoming import Became, Incoming, OtherBytesError, become
from photochrom.service.uploads.holding import BusyError, held
from photochrom.service.uploads.parts import parts_of, prefix_of
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.tables import Upload

log = structlog.get_logger(__name__)


def finish(context: Context, upload: Upload, token: str, address: str | None = None) -> Became:
    """Ends an upload that the writer `token` holds.

    Args:
        context: The service.
        upload: Which.
        token: Who writes.
        address: Of whoever sent the last bytes, on the network; None if nobody just did.

    Raises:
        OtherBytesError: The bytes are not those whose SHA-256 was told; then the upload is gone.
        GoneError: It was taken back meanwhile, or is another writer's.
    """
    organization = upload.organization_id
    incoming = Incoming(
        doer=Doer(organization, upload.by, upload.user_id, address),
        filename=upload.filename,
        sha256=upload.sha256,
        collection=upload.collection_id,
        keep_duplicate=upload.keep_duplicate,
        id=upload.becomes,
    )

    def ends(session: Session, became: Became) -> None:
        duplicate = not became.is_new
        uploads = Uploads(session)
        if not uploads.finish(upload.id, token, became.photograph.id, duplicate, now()):
            raise GoneError("the upload was taken back meanwhile")

    parts = parts_of(context)
    with context.database.reading(organization) as session:
        lie = Uploads(session).parts(upload.id)
    try:
        with parts.joined(upload, lie) as file:
            became = become(context, incoming, file, ends)
    except OtherBytesError:
        discard(context, upload)
        raise
    except GoneError:
        _forget_original(context, upload)
        raise
    # It is ended, whatever comes now; what cannot be removed goes with the next sweep.
    with suppress(PhotochromError, OSError):
        parts.remove(upload)
    return became


async def finish_if_whole(context: Context, upload: Upload) -> bool:
    """Ends an upload whose bytes were all here when its last request broke off; False if it is not
    so, or somebody else ends it.

    Raises:
        PhotochromError: As `finish`.
    """
    if upload.finished is not None or upload.offset != upload.length:
        return False
    try:
        async with held(context, upload) as token:
            await run_sync(finish, context, upload, token, limiter=context.senders)
    except BusyError:
        return False
    return True


def discard(context: Context, upload: Upload) -> None:
    """Forgets an upload and its bytes; whoever still writes to it cannot any more. The photograph
    that it has become stays."""
    with context.database.writing(upload.organization_id) as session:
        uploads = Uploads(session)
        row = uploads.find(upload.id)
        unfinished = row is not None and row.finished is None
        uploads.remove(upload.id)
    if unfinished:
        forget_bytes(context, upload)


def forget_bytes(context: Context, upload: Upload) -> None:
    """Removes all that lies of an upload that has become nothing, and whose row is gone."""
    try:
        parts_of(context).remove(upload)
        _forget_original(context, upload)
    except (PhotochromError, OSError) as error:
        log.warning("parts remain", prefix=prefix_of(upload), error=str(error))


def _forget_original(context: Context, upload: Upload) -> None:
    with context.database.reading(upload.organization_id) as session:
        if Uploads(session).find(upload.id) is not None:
            return  # Another writer ends it: the original is theirs as well.
    name = names.safe(upload.filename)
    context.blobs.remove(names.original(upload.organization_id, upload.becomes, name))
