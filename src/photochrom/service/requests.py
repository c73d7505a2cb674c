"""What holds for every request: an id, a line in the log, headers that keep browsers careful."""

from __future__ import annotations

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from photochrom.service.context import Context
from photochrom.service.core.ids import new_id

log = structlog.get_logger(__name__)

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}


class Requests:
    """Middleware around the whole application; plain ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp, context: Context):
        self._app = app
        headers = {**_HEADERS, **(_SECURE if context.settings.is_secure else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = new_id("rq")
        scope.setdefault("state", {})["id"] = id
        started, status = time.monotonic(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                there = {name.lower() for name, _ in message["headers"]}
                own = scope["state"].get("headers", {}).items()
                more = [(name, value) for name, value in self._headers if name not in there]
                more += [(name.lower().encode(), value.encode()) for name, value in own]
                message["headers"] = [*message["headers"], *more, (b"x-request-id", id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request=id):
            try:
                await self._app(scope, receive, answer)
            finally:
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],  # Never the query: it may hold a signature.
                    status=status,
                    seconds=round(time.monotonic() - started, 3),
                )
