"""Files of a photograph, as they are handed out."""

from __future__ import annotations

from dataclasses import dataclass

from photochrom.service.context import Context
from photochrom.service.core.problems import NotFoundError
from photochrom.service.core.ranges import Content, attachment
from photochrom.service.photographs import names, service
from photochrom.service.photographs.tables import Photograph

_FOR_GOOD = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"


@dataclass(frozen=True)
class HandedOut:
    """A file, and what is said of it."""

    name: str
    content: Content


def original(context: Context, organization: str, id: str) -> HandedOut:
    """The file that was sent in. Nobody's browser shows it: it is only saved.

    Raises:
        NotFoundError: There is no such photograph.
    """
    row = _row(context, organization, id)
    headers = {
        "Content-Disposition": attachment(row.filename),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    content = Content(row.bytes, row.sha256, "application/octet-stream", row.created, headers)
    return HandedOut(names.original(organization, id, row.name), content)


def preview(context: Context, organization: str, id: str, key: str | None) -> HandedOut:
    """The preview.

    Raises:
        NotFoundError: There is no such photograph, or no preview yet.
    """
    row = _row(context, organization, id)
    return _made(context, row, names.preview(organization, id, _intake(row)), "image/jpeg", key)


def thumbnail(context: Context, organization: str, id: str, key: str | None) -> HandedOut:
    """The thumbnail.

    Raises:
        NotFoundError: There is no such photograph, or no thumbnail yet.
    """
    row = _row(context, organization, id)
    return _made(context, row, names.thumbnail(organization, id, _intake(row)), "image/webp", key)


def _row(context: Context, organization: str, id: str) -> Photograph:
    with context.database.reading(organization) as session:
        return service.photograph(session, id)


def _intake(row: Photograph) -> str:
    if row.intake is None:
        raise NotFoundError(
            "there is no picture of it yet", fix="ask again when its state is `ready`"
        )
    return row.intake


def _made(context: Context, row: Photograph, name: str, kind: str, key: str | None) -> HandedOut:
    size = context.blobs.size(name)
    if size is None:
        raise NotFoundError("its file is not there any more")
    caching = _FOR_GOOD if key is not None and key == row.intake else _ASK_AGAIN
    headers = {"Cache-Control": caching}
    return HandedOut(name, Content(size, f"{row.intake}", kind, row.taken_in, headers))
