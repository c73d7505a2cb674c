"""Signing in at somebody else's, with a browser: there, and back again.

Both answers are redirects, whatever happens: a person looks at them. What went wrong is told behind
the `#` of our page's address, in one of a few words.
"""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import RedirectResponse

from photochrom.service.access.cookies import cookie_name, give_cookie, take_cookie
from photochrom.service.access.guards import AT_THE_DOOR, AnyContext, FromWhere, anyone
from photochrom.service.core.problems import (
    NotAllowedError,
    NotFoundError,
    ServiceError,
    UnavailableError,
)
from photochrom.service.oidc import service

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/oidc", tags=["accounts"], dependencies=[Depends(anyone)])

COOKIE = "photochrom_oidc"

_Text = Annotated[str, Query(max_length=4096)]


@router.get("/start", status_code=status.HTTP_303_SEE_OTHER, response_class=RedirectResponse)
def start(context: AnyContext) -> RedirectResponse:
    """Leads to the OpenID Connect provider."""
    try:
        address, kept = service.start(context)
    except UnavailableError as error:
        log.warning("signing in elsewhere failed", error=str(error))
        return _to_page("unavailable")
    answer = RedirectResponse(address, status.HTTP_303_SEE_OTHER)
    give_cookie(answer, context.settings, kept, service.LASTS, COOKIE)
    return answer


@router.get(
    "/callback",
    dependencies=[AT_THE_DOOR],
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
)
def callback(
    request: Request,
    context: AnyContext,
    origin: FromWhere,
    state: _Text = "",
    code: _Text = "",
    iss: _Text | None = None,
) -> RedirectResponse:
    """Where people come back to; sets a cookie and leads to our page: `/#signed-in`, or
    `/#sign-in-failed=WORD` with `unavailable`, `not_allowed` or `conflict`."""
    cookie = request.cookies.get(cookie_name(context.settings, COOKIE), "")
    try:
        if not code:
            raise NotAllowedError("the issuer did not let them in")
        made = service.finish(context, cookie, state, code, iss, origin)
    except NotFoundError:
        raise
    except ServiceError as error:
        log.warning("signing in elsewhere failed", error=str(error))
        answer = _to_page(error.code)
    else:
        answer = RedirectResponse("/#signed-in", status.HTTP_303_SEE_OTHER)
        give_cookie(answer, context.settings, made.token, context.settings.session_lasts)
    take_cookie(answer, context.settings, COOKIE)
    return answer


def _to_page(word: str) -> RedirectResponse:
    return RedirectResponse(f"/#sign-in-failed={word}", status.HTTP_303_SEE_OTHER)
