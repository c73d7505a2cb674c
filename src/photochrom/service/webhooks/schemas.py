"""What is said of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from photochrom.service.core.texts import PLAIN
from photochrom.service.outbox.states import DeliveryState, Told
from photochrom.service.outbox.tables import Delivery, Webhook

_EXAMPLE: dict[str, Any] = {
    "url": "https://archive.example/hooks/photochrom",
    "kinds": ["job.succeeded", "job.failed"],
    "description": "Tells the catalog that pictures are done.",
}

Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), PLAIN]
Kinds = Annotated[list[Told], Field(min_length=1, max_length=len(Told))]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), PLAIN]


class WebhookMade(BaseModel):
    """A new webhook."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    url: Url = Field(description="`https://...`, reachable for everybody.")
    kinds: Kinds = Field(default=list(Told), description="What it is called for.")
    description: Description = ""


class WebhookChanges(BaseModel):
    """What is changed of a webhook; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enabled": True}]})

    url: Url | None = None
    kinds: Kinds | None = None
    description: Description | None = None
    enabled: bool | None = Field(None, description="Whether it is called.")


class WebhookShown(BaseModel):
    """A webhook."""

    id: str
    created: datetime
    revision: int = Field(description="How often people have changed it; its `ETag`.")
    by: str = Field(description="The person or key who made it.")
    url: str
    kinds: list[Told]
    description: str
    enabled: bool
    reason: str = Field(description="Why it is disabled.")
    failures: int = Field(description="Calls in a row that have failed.")
    failing_since: datetime | None

    @classmethod
    def of(cls, row: Webhook) -> WebhookShown:
        """A row as it is told."""
        return cls.model_validate(_told(row))


class WebhookSecret(WebhookShown):
    """A webhook, and its secret, which is told this once."""

    secret: str = Field(description="`whsec_...`: checks the signatures of its messages.")

    @classmethod
    def with_secret(cls, row: Webhook) -> WebhookSecret:
        """A row as it is told when its secret is new."""
        return cls.model_validate({**_told(row), "secret": row.secret})


class DeliveryShown(BaseModel):
    """A message for a webhook, and what has become of it."""

    id: str = Field(description="Its `webhook-id`, the same however often it is sent.")
    created: datetime
    kind: str
    about: str = Field(description="The id of what it tells of.")
    state: DeliveryState
    attempts: int = Field(description="How often it was sent since somebody asked for it.")
    due: datetime | None = Field(description="When it is sent next.")
    tried: datetime | None = Field(description="When it was sent last.")
    status: int | None = Field(description="What was answered then; null if nothing was.")
    seconds: float | None = Field(description="How long that took.")
    error: str = Field(description="What was wrong then.")

    @classmethod
    def of(cls, row: Delivery) -> DeliveryShown:
        """A row as it is told."""
        waits = row.state is DeliveryState.WAITING
        return cls(
            id=row.id,
            created=row.created,
            kind=row.kind,
            about=row.subject,
            state=row.state,
            attempts=row.attempts,
            due=row.due if waits else None,
            tried=row.tried,
            status=row.status,
            seconds=row.seconds,
            error=row.error,
        )


class DeliveryRead(DeliveryShown):
    """A message with what is in it."""

    body: str = Field(description="The very text that is sent and signed.")

    @classmethod
    def with_body(cls, row: Delivery) -> DeliveryRead:
        """A row as it is told alone."""
        return cls(**DeliveryShown.of(row).model_dump(), body=row.body)


def _told(row: Webhook) -> dict[str, object]:
    return {
        "id": row.id,
        "created": row.created,
        "revision": row.revision,
        "by": row.by,
        "url": row.url,
        "kinds": row.kinds,
        "description": row.description,
        "enabled": row.disabled is None,
        "reason": row.reason,
        "failures": row.failures,
        "failing_since": row.failing_since,
    }
