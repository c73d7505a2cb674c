"""What holds for every request: an id, a line in the log, headers that keep browsers careful, and a
bound for its body."""

from __future__ import annotations

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from photochrom.service.context import Context
from photochrom.service.core.bodies import bounded
from photochrom.service.core.ids import new_id
from photochrom.service.telemetry.metrics import NO_ROUTE, Metrics
from photochrom.service.telemetry.spans import span

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

    def __init__(self, app: ASGIApp, context: Context, metrics: Metrics):
        self._app = app
        self._metrics = metrics
        headers = {**_HEADERS, **(_SECURE if context.settings.is_secure else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = new_id("rq")
        scope.setdefault("state", {})["id"] = id
        started, status, streams = time.monotonic(), 500, False

        async def answer(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                if _is_stream(message) and not streams:
                    streams = True
                    self._metrics.stream(1)
                there = {name.lower() for name, _ in message["headers"]}
                own = scope["state"].get("headers", {}).items()
                more = [(name, value) for name, value in self._headers if name not in there]
                more += [(name.lower().encode(), value.encode()) for name, value in own]
                message["headers"] = [*message["headers"], *more, (b"x-request-id", id.encode())]
            await send(message)

        method, headers = scope["method"], _texts(scope)
        with (
            structlog.contextvars.bound_contextvars(request=id),
            self._metrics.in_hand(),
            span(method, headers, http__request__method=method, photochrom__request=id) as seen,
        ):
            try:
                await self._app(scope, bounded(scope, receive), answer)
            finally:
                seconds, route = time.monotonic() - started, _route(scope)
                if streams:
                    self._metrics.stream(-1)
                self._metrics.answered(method, route, status, None if streams else seconds)
                seen.name(f"{method} {route}")
                seen.note(http__route=route, http__response__status_code=status)
                log.info(
                    "request",
                    method=method,
                    path=scope["path"],  # Never the query: it may hold a signature.
                    status=status,
                    seconds=round(seconds, 3),
                )


def _is_stream(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message["headers"]
    )


def _route(scope: Scope) -> str:
    """The route's template: there are as many as routes, however many paths are asked for."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template is None:
        return NO_ROUTE
    # A route knows its path within its router only; what routers stand under has no parameters.
    asked, own = scope["path"].split("/")[1:], template.split("/")[1:]
    above = [] if ":path}" in template else asked[: len(asked) - len(own)]
    return "/".join(("", *above, *own))


def _texts(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
