"""Your organization."""

from __future__ import annotations

from fastapi import APIRouter

from photochrom.service.access.guards import Managing, Viewing
from photochrom.service.organizations import service
from photochrom.service.organizations.schemas import OrganizationAsked, OrganizationShown

router = APIRouter(prefix="/organization", tags=["organizations"])


@router.get("")
def read_organization(unit: Viewing) -> OrganizationShown:
    """Your organization."""
    return service.shown(unit)


@router.patch("")
def change_organization(asked: OrganizationAsked, unit: Managing) -> OrganizationShown:
    """Call your organization something else."""
    return service.rename(unit, asked.name)
