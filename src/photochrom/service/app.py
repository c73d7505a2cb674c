"""The service's application: its domains, and what holds for every request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from photochrom._version import __version__
from photochrom.service.accounts.routes import router as accounts
from photochrom.service.answers import answer_errors
from photochrom.service.audit.routes import router as audit
from photochrom.service.context import Context
from photochrom.service.core.problems import Problem
from photochrom.service.health.routes import router as health
from photochrom.service.keys.routes import router as keys
from photochrom.service.members.routes import router as members
from photochrom.service.oidc.routes import router as oidc
from photochrom.service.organizations.routes import router as organizations
from photochrom.service.requests import Requests

VERSION = "/v1"

DOMAINS: tuple[APIRouter, ...] = (accounts, oidc, organizations, members, keys, audit)
"""What lies under `/v1`."""

_ERRORS = {
    401: "Nobody has signed in.",
    403: "You may not do this.",
    404: "There is no such thing, or it is somebody else's.",
    422: "The request does not hold together.",
    429: "Too many requests.",
}


def create_app(context: Context) -> FastAPI:
    """The application.

    Args:
        context: What the service consists of; whoever has opened it closes it.
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(
        title="photochrom",
        version=__version__,
        summary="Restores and colors vintage photographs, and films their story.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=life,
        redoc_url=None,
        docs_url=None,
        openapi_url=f"{VERSION}/openapi.json",
    )
    app.state.context = context
    answer_errors(app)
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what} for status, what in _ERRORS.items()
    }
    for domain in DOMAINS:
        app.include_router(domain, prefix=VERSION, responses=problems)
    app.include_router(health)
    app.add_middleware(Requests, context=context)
    return app
