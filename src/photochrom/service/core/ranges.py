"""Files as answers: whole or a range of them, and not at all to whoever has them already.

RFC 9110, sections 13 and 14. Of several ranges at once none is sent, but the whole, as the RFC
allows: players and viewers ask for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import chain
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from photochrom.service.core.problems import PreconditionError, ServiceError

Read = Callable[[int, int], Iterator[bytes]]
"""Gives the bytes from a place to before another, in pieces."""

_ONE = re.compile(r"(\d*)-(\d*)", re.ASCII)
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_LONGEST = 19
"""Digits of a number; longer ones are nobody's file."""


class RangeError(ServiceError):
    """A range that begins after the end."""

    status = 416
    code = "range_not_satisfiable"


@dataclass(frozen=True)
class Content:
    """A file that can be asked for.

    Attributes:
        size: In bytes.
        etag: Without quotes; changes whenever the bytes do.
        media_type: Of the bytes.
        modified: When they came; None if nobody says.
        headers: More of them, for the answer.
    """

    size: int
    etag: str
    media_type: str
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def ranged(request: Request, content: Content, read: Read) -> Response:
    """The answer to GET or HEAD of a file.

    Its first bytes are read before it begins, so that a file that is not there is told as such.

    Args:
        request: What is asked.
        content: What it is.
        read: Gives its bytes.

    Raises:
        PreconditionError: `If-Match` or `If-Unmodified-Since` does not hold.
        RangeError: The range lies behind the end.
        NotFoundError: As `read` does.
    """
    headers = {
        "ETag": f'"{content.etag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        **content.headers,
    }
    if content.modified is not None:
        whole_second = content.modified.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(whole_second, usegmt=True)
    _check(request, content)
    if _is_known(request, content):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, content.size, 200
    if _range_counts(request, content):
        found = range_in(request.headers.get("Range"), content.size)
        if found is not None:
            (start, end), status = found, 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD" or start == end:
        return Response(status_code=status, headers=headers, media_type=content.media_type)
    pieces = read(start, end)
    begun = chain([next(pieces)], pieces)
    return StreamingResponse(begun, status, headers=headers, media_type=content.media_type)


def range_in(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes that a `Range` header asks for: the first, and the one after the last.

    Args:
        header: "bytes=0-499", "bytes=500-", "bytes=-500".
        size: Of the whole.

    Returns:
        None for the whole: no header, another unit, no range, or several of them.

    Raises:
        RangeError: It begins after the end.
    """
    unit, equals, said = (header or "").partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None
    found = _ONE.fullmatch(said.strip())
    if found is None or not (found[1] or found[2]) or max(map(len, found.groups())) > _LONGEST:
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start = int(found[1])
        end = min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= size:
        raise RangeError(
            f"it has {size} bytes", where="Range", headers={"Content-Range": f"bytes */{size}"}
        )
    return start, end


def attachment(filename: str) -> str:
    """A `Content-Disposition` by which browsers save a file under its own name (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _check(request: Request, content: Content) -> None:
    match = request.headers.get("If-Match")
    since = _date(request.headers.get("If-Unmodified-Since"))
    if match is not None:
        holds = match.strip() == "*" or f'"{content.etag}"' in _TAG.findall(match)
    else:
        holds = since is None or content.modified is None or _seconds(content.modified) <= since
    if not holds:
        raise PreconditionError("it is not the one that you mean any more")


def _is_known(request: Request, content: Content) -> bool:
    none = request.headers.get("If-None-Match")
    if none is not None:
        tags = [tag.removeprefix("W/") for tag in _TAG.findall(none)]
        return none.strip() == "*" or f'"{content.etag}"' in tags
    since = _date(request.headers.get("If-Modified-Since"))
    return (
        since is not None and content.modified is not None and _seconds(content.modified) <= since
    )


def _range_counts(request: Request, content: Content) -> bool:
    """Whether what somebody has a part of is still this one."""
    said = request.headers.get("If-Range")
    if said is None:
        return True
    if '"' in said:
        return said.strip() == f'"{content.etag}"'  # A weak tag does not do.
    date = _date(said)
    return date is not None and content.modified is not None and _seconds(content.modified) == date


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
