"""Whether the service lives, and whether it can work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from photochrom._version import __version__
from photochrom.service.access.guards import AnyContext, anyone
from photochrom.service.core.problems import Problem, UnavailableError

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
def ready(context: AnyContext) -> Health:
    """Whether requests can be served: the database answers."""
    if not context.database.answers():
        raise UnavailableError("the database does not answer now")
    return Health()
