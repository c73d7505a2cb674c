"""Whether the service lives, whether it can work, and how much of what it does."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from photochrom._version import __version__
from photochrom.errors import PhotochromError
from photochrom.service.access.guards import AnyContext, anyone
from photochrom.service.core.problems import (
    NotAllowedError,
    NotFoundError,
    Problem,
    UnavailableError,
)

_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
"""Headers by which proxies say that they ask for somebody else."""

router = APIRouter(tags=["health"], dependencies=[Depends(anyone)])


class Health(BaseModel):
    """How the service is."""

    status: Literal["ok"] = "ok"
    version: str = __version__


@router.get("/healthz")
def lives() -> Health:
    """Whether the process answers."""
    return Health()


@router.get("/readyz", responses={503: {"model": Problem}})
def ready(request: Request, context: AnyContext) -> Health:
    """Whether requests can be served: the database and the storage answer, and it is to go on."""
    if request.app.state.drains:
        raise UnavailableError("the service is about to stop")
    if not context.database.answers():
        raise UnavailableError("the database does not answer now")
    try:
        context.blobs.check()
    except PhotochromError as error:
        raise UnavailableError("the storage does not answer now") from error
    return Health()


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, context: AnyContext) -> Response:
    """Figures for Prometheus: for this machine, and for whoever has the setting's token."""
    settings = context.settings
    if not settings.metrics:
        raise NotFoundError("there are no metrics")
    token = settings.metrics_token
    given = request.headers.get("Authorization", "").partition(" ")
    right = token is not None and hmac.compare_digest(
        given[2].strip().encode(), token.get_secret_value().encode()
    )
    if not (right and given[0].lower() == "bearer") and not _is_near(request):
        raise NotAllowedError(
            "metrics are for this machine only", fix="set metrics_token, and send it as a bearer"
        )
    shown = generate_latest(request.app.state.metrics.registry)
    return Response(shown, media_type=CONTENT_TYPE_LATEST)


def _is_near(request: Request) -> bool:
    """Whether whoever asks is on this machine, and is no proxy that does not say for whom."""
    try:
        near = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return near and not any(name in request.headers for name in _PROXIES)
