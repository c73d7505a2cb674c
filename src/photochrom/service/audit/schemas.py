"""What is said of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.audit.tables import AuditEntry
from photochrom.service.core.paging import Asked


class AuditAsked(Asked):
    """Which part of the log is wanted."""

    what: str | None = Field(
        None, max_length=60, description="What was done, or how it begins: `key.`, `key.created`."
    )
    by: str | None = Field(None, max_length=40, description="Id of a person or a key.")
    subject: str | None = Field(None, max_length=200, description="Id of what it was done to.")


AskedAudit = Annotated[AuditAsked, Query()]


class AuditShown(BaseModel):
    """Something that somebody did."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "au_01jxamplexamplexamplexampl",
                    "when": "2026-05-04T09:30:00Z",
                    "what": "member.changed",
                    "by": "us_01jxamplexamplexamplexampl",
                    "user": "us_01jxamplexamplexamplexampl",
                    "subject": "me_01jxamplexamplexamplexampl",
                    "address": "192.0.2.7",
                    "details": {"role": "viewer", "was": "editor"},
                }
            ]
        }
    )

    id: str
    when: datetime
    what: str = Field(description="The thing, and what was done to it.")
    by: str = Field(description="A key, a person, or `terminal` for the service's operator.")
    user: str | None = Field(description="The person, or whoever made the key.")
    subject: str | None = Field(description="Id of the thing.")
    address: str | None = Field(description="The network address that it was asked from.")
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> AuditShown:
        """An entry as it is told."""
        return cls(
            id=entry.id,
            when=entry.created,
            what=entry.what,
            by=entry.by,
            user=entry.user_id,
            subject=entry.subject,
            address=entry.address,
            details=entry.details,
        )
