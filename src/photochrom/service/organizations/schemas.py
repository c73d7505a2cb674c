"""What is said of organizations."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.core.texts import NAME
from photochrom.service.identity.tables import Organization


class OrganizationShown(BaseModel):
    """Whoever owns photographs."""

    id: str
    name: str
    created: datetime
    revision: int = Field(description="How often it was changed; its `ETag`.")

    @classmethod
    def of(cls, organization: Organization) -> OrganizationShown:
        """An organization as it is told."""
        return cls(
            id=organization.id,
            name=organization.name,
            created=organization.created,
            revision=organization.revision,
        )


class OrganizationAsked(BaseModel):
    """What an organization is called."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "City archive"}]}
    )

    name: str = Field(min_length=1, max_length=200, pattern=NAME)
