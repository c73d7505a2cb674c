"""What happens to organizations."""

from __future__ import annotations

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.revisions import revise
from photochrom.service.organizations.repository import Organizations
from photochrom.service.organizations.schemas import OrganizationShown


def shown(unit: Unit) -> OrganizationShown:
    """The organization of whoever asks."""
    return OrganizationShown.of(Organizations(unit.session).one(unit.access.organization))


def rename(unit: Unit, name: str, seen: str | None) -> OrganizationShown:
    """Calls it something else.

    Raises:
        PreconditionError: It is not any more what was `seen`.
    """
    organization = Organizations(unit.session).one(unit.access.organization, change=True)
    revise(organization, seen)
    if organization.name != name:
        told = {"name": name, "was": organization.name}
        organization.name = name
        audit(unit, "organization.changed", subject=organization.id, details=told)
    return OrganizationShown.of(organization)
