"""Deleting photographs."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, status

from photochrom.service.access.guards import Editing
from photochrom.service.core.revisions import STALE, IfMatch
from photochrom.service.deleting import service
from photochrom.service.photographs.schemas import PhotographId
from photochrom.service.photographs.service import remove_doomed

router = APIRouter(prefix="/photographs", tags=["photographs"])


@router.delete("/{photograph_id}", status_code=status.HTTP_204_NO_CONTENT, responses=STALE)
def delete(
    unit: Editing, photograph_id: PhotographId, after: BackgroundTasks, if_match: IfMatch = None
) -> None:
    """Delete a photograph, with its original and what restorations made of it. Films of it stay."""
    service.delete(unit, photograph_id, if_match)
    after.add_task(remove_doomed, unit.context)
