"""Secrets of webhooks, and what is signed with them."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final

from standardwebhooks import Webhook as Signer

from photochrom.service.outbox.tables import Delivery, Webhook

BOTH_FOR: Final = timedelta(days=1)
"""How long messages are signed with the secret of before as well."""

_BYTES = 32


def new_secret() -> str:
    """A secret ("whsec_...")."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def rotate(webhook: Webhook, time: datetime) -> None:
    """Gives a webhook a new secret; the one of before goes on for a while."""
    webhook.old_secret, webhook.old_until = webhook.secret, time + BOTH_FOR
    webhook.secret = new_secret()


def signed(webhook: Webhook, delivery: Delivery, time: datetime) -> dict[str, str]:
    """The headers by which a receiver knows that a message is from here, and when it was sent."""
    known = [webhook.secret]
    if webhook.old_secret and webhook.old_until is not None and time < webhook.old_until:
        known.append(webhook.old_secret)
    signatures = [Signer(one).sign(delivery.id, time, delivery.body) for one in known]
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
