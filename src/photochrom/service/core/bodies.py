"""How long the body of a request may be, whoever sends it: bodies that are no files are read into
memory, and before it is known who asks."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

MOST = 8 << 20
"""Bytes: the longest production file, as JSON writes it at its worst."""

_STREAMS = "streams"


def streamed(request: Request) -> None:
    """The body is taken as it comes, by who counts its bytes: it has no bound here."""
    setattr(request.state, _STREAMS, True)


def bounded(scope: Scope, receive: Receive) -> Receive:
    """What receives a body that is not longer than it may be, unless it is `streamed`.

    Raises:
        HTTPException: It is longer. (The framework makes other errors its own.)
    """
    came = 0

    async def some() -> Message:
        nonlocal came
        if scope["state"].get(_STREAMS):
            return await receive()
        if not came and _told(scope) > MOST:
            raise _too_large()
        message = await receive()
        came += len(message.get("body", b""))
        if came > MOST:
            raise _too_large()
        return message

    return some


def _told(scope: Scope) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() and len(told) < 20 else 0


def _too_large() -> HTTPException:
    said = f"the body of the request has more than {MOST} bytes"
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
