"""Errors as answers: whatever is raised becomes a problem of RFC 9457, and nothing leaks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from photochrom.errors import PhotochromError, PlaceError
from photochrom.files import is_full
from photochrom.service.core.problems import (
    MEDIA_TYPE,
    FullError,
    ServiceError,
    TooLargeError,
    title_of,
)
from photochrom.service.core.texts import clean, unfit

log = structlog.get_logger(__name__)


def answer_errors(app: FastAPI) -> None:
    """Teaches an application to answer them."""
    app.add_exception_handler(ServiceError, _ours)
    app.add_exception_handler(PlaceError, _place)
    app.add_exception_handler(PhotochromError, _photochrom)
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnicodeEncodeError, _no_text)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> JSONResponse:
    """An error as an answer."""
    content = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "code": code,
        "detail": clean(detail),
        "request": getattr(request.state, "id", ""),
        "faults": [],
        **extra,
    }
    return JSONResponse(content, status, headers=headers, media_type=MEDIA_TYPE)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)
    return problem(request, error.status, error.code, str(error), error.headers, **error.extra)


async def _place(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlaceError)
    if error.kind == "full":
        return await _ours(request, FullError())
    # Where the service keeps things is nobody's business.
    log.error("storage failed", error=str(error))
    return problem(
        request, 503, "unavailable", "the storage does not answer now", {"Retry-After": "5"}
    )


async def _photochrom(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PhotochromError)
    if is_full(error):
        return await _ours(request, FullError())
    return problem(request, 422, "invalid", str(error))


async def _system(request: Request, error: Exception) -> JSONResponse:
    if not is_full(error):
        raise error  # Nobody foresaw it.
    return await _ours(request, FullError())


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"where": clean(".".join(str(part) for part in one["loc"])), "what": clean(one["msg"])}
        for one in error.errors()
    ]
    first = faults[0] if faults else {"where": "", "what": "does not hold together"}
    detail = f"{first['where']}: {first['what']}"
    return problem(request, 422, "invalid", detail, faults=faults)


async def _no_text(request: Request, error: Exception) -> JSONResponse:
    """JSON can name halves of characters (`\\ud800`), which nothing but JSON can."""
    assert isinstance(error, UnicodeEncodeError)
    if unfit(error.object[error.start : error.end]) is None:
        return await _unforeseen(request, error)
    return problem(request, 422, "invalid", "the request has a character in it that no text has")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).name.lower()
    if error.status_code == TooLargeError.status:
        code = TooLargeError.code  # Releases of Python do not agree on its name.
    headers = dict(error.headers or {})
    return problem(request, error.status_code, code, str(error.detail), headers)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("a request failed", exc_info=error)
    detail = "something went wrong here; it has been noted under the request's id"
    return problem(request, 500, "internal", detail)
