"""Usage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from photochrom.service.access.guards import Viewing
from photochrom.service.usage import service
from photochrom.service.usage.schemas import UsageAsked, UsageShown

router = APIRouter(prefix="/usage", tags=["usage"])


@router.get("")
def read(unit: Viewing, asked: Annotated[UsageAsked, Query()]) -> UsageShown:
    """What is stored now, what may be, and what was done by day or by month."""
    return service.shown(unit.session, unit.context.settings, asked)
