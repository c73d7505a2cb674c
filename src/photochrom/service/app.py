"""The service's application: its domains, and what holds for every request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from photochrom._version import __version__
from photochrom.service.accounts.routes import router as accounts
from photochrom.service.answers import answer_errors
from photochrom.service.audit.routes import router as audit
from photochrom.service.collections.routes import router as collections
from photochrom.service.context import Context
from photochrom.service.core.problems import Problem
from photochrom.service.deleting.routes import router as deleting
from photochrom.service.events.routes import router as events
from photochrom.service.events.stream import Watch
from photochrom.service.films.routes import router as films
from photochrom.service.health.figures import Figures
from photochrom.service.health.routes import router as health
from photochrom.service.identity.uses import written_down
from photochrom.service.jobs.routes import router as jobs
from photochrom.service.keys.routes import router as keys
from photochrom.service.members.routes import router as members
from photochrom.service.oidc.routes import router as oidc
from photochrom.service.organizations.routes import router as organizations
from photochrom.service.photographs.routes import router as photographs
from photochrom.service.productions.routes import router as productions
from photochrom.service.queries import given_once
from photochrom.service.recipes.routes import router as recipes
from photochrom.service.reports.routes import router as reports
from photochrom.service.requests import Requests
from photochrom.service.restorations.routes import router as restorations
from photochrom.service.restorations.routes import versions_router as versions
from photochrom.service.results.routes import router as results
from photochrom.service.specification import describe
from photochrom.service.studio.pages import serve_studio
from photochrom.service.telemetry.metrics import Metrics
from photochrom.service.uploads.routes import router as uploads
from photochrom.service.uploads.routes import small_router as small_uploads
from photochrom.service.uploads.sweeping import swept_again_and_again
from photochrom.service.usage.routes import router as usage
from photochrom.service.webhooks.routes import router as webhooks

VERSION = "/v1"

DOMAINS: tuple[APIRouter, ...] = (
    accounts,
    oidc,
    organizations,
    members,
    keys,
    audit,
    uploads,
    small_uploads,
    photographs,
    deleting,
    collections,
    restorations,
    versions,
    productions,
    films,
    reports,
    results,
    jobs,
    events,
    webhooks,
    usage,
    recipes,
)
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
        app.state.watch = watch = Watch(context.database)
        looking = asyncio.create_task(watch.run())
        try:
            async with (
                swept_again_and_again(context),
                written_down(context.uses, context.database),
            ):
                yield
        finally:
            watch.stop()
            looking.cancel()

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
    app.state.drains = False
    app.state.metrics = metrics = Metrics()
    metrics.registry.register(Figures(context))
    answer_errors(app)
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what} for status, what in _ERRORS.items()
    }
    for domain in DOMAINS:
        app.include_router(
            domain, prefix=VERSION, responses=problems, dependencies=[Depends(given_once)]
        )
    app.include_router(health)
    serve_studio(app, api=VERSION)  # Last: all other addresses are its pages.
    app.add_middleware(Requests, context=context, metrics=metrics)
    describe(app, VERSION, {VERSION: DOMAINS, "": (health,)})
    return app
