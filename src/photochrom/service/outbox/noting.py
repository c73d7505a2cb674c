"""What has happened becomes messages, in the transaction in which it happens."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from photochrom.service.core.clock import now
from photochrom.service.outbox.repository import Outbox
from photochrom.service.outbox.states import Told
from photochrom.service.outbox.tables import Delivery, Webhook

_SAID_OTHERWISE = frozenset({"intake"})
"""Jobs whose success nobody is told: what they are about tells of itself."""


def note(
    session: Session,
    organization: str,
    kind: str,
    subject: str,
    data: dict[str, Any],
    job: str | None,
) -> None:
    """Writes a message for each webhook that wants to be told of an event; of most, none does.

    Args:
        session: In which it happens.
        organization: Whose it is.
        kind: What it is about: "job", "photograph".
        subject: Which one.
        data: How that is now; `state` says what has become of it.
        job: The job that did it.
    """
    told = told_of(kind, data)
    if told is None:
        return
    outbox = Outbox(session)
    for webhook in outbox.wanting(organization, told):
        said = {"subject": subject, "job": job, **data}
        outbox.add(message(webhook, told, subject, said))


def told_of(kind: str, data: dict[str, Any]) -> Told | None:
    """What an event is for webhooks; None if it is nothing that they are called for."""
    try:
        told = Told(f"{kind}.{data.get('state')}")
    except ValueError:
        return None
    if told is Told.JOB_SUCCEEDED and data.get("kind") in _SAID_OTHERWISE:
        return None
    return told


def message(webhook: Webhook, kind: str, subject: str, data: dict[str, Any]) -> Delivery:
    """A message for a webhook, in the form that Standard Webhooks recommends."""
    said = {"type": kind, "timestamp": now().isoformat().replace("+00:00", "Z"), "data": data}
    return Delivery(
        organization_id=webhook.organization_id,
        webhook_id=webhook.id,
        kind=kind,
        subject=subject,
        body=json.dumps(said, separators=(",", ":")),
    )
