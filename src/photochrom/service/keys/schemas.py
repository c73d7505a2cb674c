"""What is said of keys."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.access.credentials import KEY_PREFIX
from photochrom.service.identity.roles import Permission
from photochrom.service.identity.tables import Key

LONGEST = 3650


class KeyAsked(BaseModel):
    """A key that is wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Nightly import", "permissions": ["view"], "days": 90}]
        },
    )

    name: str = Field(min_length=1, max_length=200, description="What it is for.")
    permissions: list[Permission] = Field(
        min_length=1, max_length=len(Permission), description="Some of those that you have."
    )
    days: int | None = Field(
        365, ge=1, le=LONGEST, description="How long it is good; null for until it is revoked."
    )


class KeyShown(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    prefix: str = Field(description="How it begins.")
    permissions: list[Permission]
    user: str = Field(description="Who made it.")
    email: str = Field(description="Their address.")
    created: datetime
    until: datetime | None
    revoked: datetime | None
    last_used: datetime | None = Field(description="To the minute.")

    @classmethod
    def of(cls, key: Key) -> KeyShown:
        """A key as it is told."""
        return cls(
            id=key.id,
            name=key.name,
            prefix=f"{KEY_PREFIX}{key.prefix}",
            permissions=[Permission(one) for one in key.permissions],
            user=key.user_id,
            email=key.user.email,
            created=key.created,
            until=key.until,
            revoked=key.revoked,
            last_used=key.last_used,
        )


class KeyMade(KeyShown):
    """A new key."""

    key: str = Field(description="The key itself. It is told this once; keep it.")
