"""Your organization."""

from __future__ import annotations

from fastapi import APIRouter, Response

from photochrom.service.access.guards import Managing, Viewing
from photochrom.service.core.revisions import STALE, IfMatch, tagged
from photochrom.service.organizations import service
from photochrom.service.organizations.schemas import OrganizationAsked, OrganizationShown

router = APIRouter(prefix="/organization", tags=["organizations"])


@router.get("")
def read_organization(unit: Viewing, response: Response) -> OrganizationShown:
    """Your organization."""
    return tagged(response, service.shown(unit))


@router.patch("", responses=STALE)
def change_organization(
    asked: OrganizationAsked, unit: Managing, response: Response, if_match: IfMatch = None
) -> OrganizationShown:
    """Call your organization something else."""
    return tagged(response, service.rename(unit, asked.name, if_match))
