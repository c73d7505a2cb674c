"""Sending the bytes of what has been made, in a way that harms nobody who looks at them."""

from __future__ import annotations

from fastapi import Request, Response

from photochrom.service.context import Context
from photochrom.service.core.ranges import Content, attachment, ranged
from photochrom.service.results.tables import Result, ResultKind

_FOR_GOOD = "private, max-age=31536000, immutable"

_SHOWN = ("image/", "video/", "audio/")
_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page that was made, like a cue sheet, is none of ours: it has no origin, and runs nothing."""


def sent(request: Request, context: Context, row: Result, download: bool = False) -> Response:
    """The bytes of a result, or the range of them that was asked for.

    Args:
        request: What was asked.
        context: The service.
        row: The result.
        download: Whether browsers are to save it.
    """
    headers = {"Cache-Control": _FOR_GOOD}
    if not row.media_type.startswith(_SHOWN) or "svg" in row.media_type:
        # The script of a report moves its dividers; it has no origin either, and nobody to talk to.
        moves = row.kind is ResultKind.REPORT
        sandbox = "sandbox allow-scripts; script-src 'unsafe-inline'" if moves else "sandbox"
        headers["Content-Security-Policy"] = f"{sandbox}; {_ALONE}"
    if download:
        headers["Content-Disposition"] = attachment(row.name)
    found = Content(row.size, row.sha256, row.media_type, row.created, headers)
    return ranged(request, found, lambda start, end: context.blobs.read(row.blob, start, end))
