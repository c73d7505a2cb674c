"""Webhooks, and what was sent to them. All of it is for owners."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from photochrom.service.access.guards import Managing
from photochrom.service.core.ids import id_type
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.core.revisions import STALE, IfMatch, tagged
from photochrom.service.outbox.repository import Outbox
from photochrom.service.outbox.states import DeliveryState
from photochrom.service.outbox.tables import Delivery, Webhook
from photochrom.service.webhooks import service
from photochrom.service.webhooks.schemas import (
    DeliveryRead,
    DeliveryShown,
    WebhookChanges,
    WebhookMade,
    WebhookSecret,
    WebhookShown,
)

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookId = Annotated[str, id_type("we")]
DeliveryId = Annotated[str, id_type("msg")]


@router.post("", status_code=status.HTTP_201_CREATED)
def create(asked: WebhookMade, unit: Managing, response: Response) -> WebhookSecret:
    """Have an address called when something happens. The secret is told this once."""
    return tagged(response, WebhookSecret.with_secret(service.create(unit, asked)))


@router.get("")
def listed(unit: Managing, asked: AskedPage) -> Page[WebhookShown]:
    """Webhooks, the newest first."""
    return page_of(unit.session, Outbox(unit.session).all(), Webhook.id, asked, WebhookShown.of)


@router.get("/{webhook_id}")
def read(webhook_id: WebhookId, unit: Managing, response: Response) -> WebhookShown:
    """A webhook."""
    return tagged(response, WebhookShown.of(Outbox(unit.session).webhook(webhook_id)))


@router.patch("/{webhook_id}", responses=STALE)
def change(
    webhook_id: WebhookId,
    asked: WebhookChanges,
    unit: Managing,
    response: Response,
    if_match: IfMatch = None,
) -> WebhookShown:
    """Change a webhook, disable it, or enable it again."""
    return tagged(response, WebhookShown.of(service.change(unit, webhook_id, asked, if_match)))


@router.delete("/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT, responses=STALE)
def delete(webhook_id: WebhookId, unit: Managing, if_match: IfMatch = None) -> None:
    """Delete a webhook, with all that was sent to it."""
    service.delete(unit, webhook_id, if_match)


@router.post("/{webhook_id}/secret", operation_id="rotate_webhook_secret")
def rotate(webhook_id: WebhookId, unit: Managing) -> WebhookSecret:
    """Give a webhook a new secret; for a day messages are signed with the old one as well."""
    return WebhookSecret.with_secret(service.rotate(unit, webhook_id))


@router.post("/{webhook_id}/test", status_code=status.HTTP_202_ACCEPTED)
def test(webhook_id: WebhookId, unit: Managing) -> DeliveryShown:
    """Send a message to try a webhook out. It is tried once."""
    return DeliveryShown.of(service.test(unit, webhook_id))


@router.get("/{webhook_id}/deliveries")
def deliveries(
    webhook_id: WebhookId,
    unit: Managing,
    asked: AskedPage,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> Page[DeliveryShown]:
    """What was sent to a webhook, or is going to be, the newest first."""
    outbox = Outbox(unit.session)
    query = outbox.deliveries(outbox.webhook(webhook_id).id, state)
    return page_of(unit.session, query, Delivery.id, asked, DeliveryShown.of)


@router.get("/{webhook_id}/deliveries/{delivery_id}")
def delivery(webhook_id: WebhookId, delivery_id: DeliveryId, unit: Managing) -> DeliveryRead:
    """A message, with what is in it."""
    return DeliveryRead.with_body(Outbox(unit.session).delivery(webhook_id, delivery_id))


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=status.HTTP_202_ACCEPTED
)
def redeliver(webhook_id: WebhookId, delivery_id: DeliveryId, unit: Managing) -> DeliveryShown:
    """Send a message once more; its id stays the same."""
    return DeliveryShown.of(service.redeliver(unit, webhook_id, delivery_id))
