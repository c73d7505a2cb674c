"""What happens to uploads."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from photochrom.service.access.credentials import Access
from photochrom.service.collections import service as collections
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.ids import is_id
from photochrom.service.core.problems import (
    ConflictError,
    FullError,
    InvalidError,
    NotFoundError,
    TooLargeError,
)
from photochrom.service.photographs import names
from photochrom.service.quotas import repository as quotas
from photochrom.service.quotas.repository import Amount
from photochrom.service.uploads.protocol import Told
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.schemas import UploadShown
from photochrom.service.uploads.tables import Upload

ROOM = 256 << 20
"""Bytes that are left free on the disk, for the database and for results."""


def create(context: Context, access: Access, length: int, told: Told) -> Upload:
    """A new upload. Whatever speaks against it is said before a byte of it is taken.

    Args:
        context: The service.
        access: Who.
        length: Bytes of the file.
        told: What is said of it.

    Raises:
        TooLargeError: A photograph may not have so many.
        OverQuotaError: The organization may not.
        FullError: There is no room.
        InvalidError: The collection is none.
    """
    check_size(context, length, context.settings.upload_limit)
    row = Upload(
        organization_id=access.organization,
        user_id=access.person.user,
        by=access.by,
        length=length,
        metadata_=told.text,
        filename=names.shown(told.filename),
        sha256=told.sha256,
        collection_id=told.collection,
        keep_duplicate=told.keep_duplicate,
        until=now() + timedelta(hours=context.settings.upload_hours),
    )
    with context.database.writing(access.organization) as session:
        check_collection(session, told.collection)
        quotas.alone(session, access.organization)
        check_quota(context, session, length)
        Uploads(session).add(row)
    return row


def check_size(context: Context, length: int, limit: int) -> None:
    """Asks whether a photograph may have so many bytes, and whether there is room for them.

    Raises:
        TooLargeError: It may not.
        FullError: There is none.
    """
    if length > limit:
        raise TooLargeError(f"has {length} bytes, more than the {limit} that are taken")
    free = context.blobs.free()
    if free is not None and free < length + ROOM:
        raise FullError


def check_quota(context: Context, session: Session, length: int) -> None:
    """Asks whether an organization may have one more photograph.

    Raises:
        OverQuotaError: It may not.
    """
    quotas.check(context.settings, quotas.held(session) + Amount(1, length))


def check_collection(session: Session, id: str | None) -> None:
    """Asks whether there is a collection.

    Raises:
        InvalidError: There is none.
    """
    if id is None:
        return
    try:
        if not is_id("co", id):
            raise NotFoundError("there is no such collection")
        collections.row_of(session, id)
    except NotFoundError:
        raise InvalidError("there is no such collection", where="collection") from None


def upload(context: Context, access: Access, id: str) -> Upload:
    """One by its id, for whoever has begun it.

    Raises:
        NotFoundError: There is none, it is somebody else's, or it has run out.
    """
    with context.database.reading(access.organization) as session:
        found = Uploads(session).find(id, access.person.user)
    if found is None or found.until <= now():
        raise NotFoundError("there is no such upload, or not any more")
    return found


def check_offset(found: Upload, offset: int) -> None:
    """Asks whether bytes belong where an upload has come to.

    Raises:
        ConflictError: They do not.
    """
    if found.offset != offset:
        raise ConflictError(
            f"{found.offset} bytes are here, and not {offset}",
            where="Upload-Offset",
            fix="go on from there",
            headers={"Upload-Offset": str(found.offset)},
        )


def shown(row: Upload) -> UploadShown:
    """An upload as it is told."""
    return UploadShown(
        id=row.id,
        created=row.created,
        filename=row.filename,
        length=row.length,
        offset=row.offset,
        until=row.until,
        photograph=row.photograph_id,
        is_duplicate=row.duplicate,
    )
