"""What becomes of a message, and of a webhook, after a call."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from photochrom.service.outbox.repository import FARTHEST, Outbox
from photochrom.service.outbox.states import TEST, DeliveryState
from photochrom.service.outbox.tables import Delivery, Webhook
from photochrom.service.settings import Settings
from photochrom.service.webhooks.calling import Called

_FIRST = timedelta(seconds=10)
_TIMES = 4
_LONGEST = timedelta(hours=12)
_RESTS_AFTER = 3
"""Calls that fail in a row until everything waits that is for a webhook."""

_DISABLED_AFTER = 5
"""Calls that have failed in a row, at least, before a webhook is disabled for them."""

_GONE = 410


def put_off(attempts: int) -> timedelta:
    """How long a message waits after so many attempts: longer and longer, and never the same for
    all that failed together."""
    wait = min(_LONGEST, _FIRST * float(_TIMES ** min(attempts - 1, 12)))
    return wait * random.uniform(0.75, 1.25)


def conclude(
    outbox: Outbox, settings: Settings, delivery: Delivery, called: Called, time: datetime
) -> None:
    """Notes what has come of a call.

    Args:
        outbox: Where.
        settings: How often a message is tried, and how long a webhook may fail.
        delivery: What was sent, with its webhook; nobody else changes them meanwhile.
        called: What came of it.
        time: Now.
    """
    webhook = delivery.webhook
    delivery.attempts += 1
    delivery.tried, delivery.status = time, called.status
    delivery.seconds, delivery.error = called.seconds, called.error
    if called.is_taken:
        delivery.state, delivery.delivered = DeliveryState.DELIVERED, time
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or time
    asked = min(timedelta(seconds=called.retry_after), timedelta(hours=1))
    if webhook.failures >= _RESTS_AFTER or asked:
        # It costs one call a while, however many messages wait.
        rest = put_off(min(webhook.failures - _RESTS_AFTER + 1, 4))
        webhook.rests_until = time + max(asked, rest)
    if delivery.attempts >= settings.webhook_attempts or delivery.kind == TEST:
        delivery.state = DeliveryState.FAILED
    else:
        delivery.due = time + min(FARTHEST, max(asked, put_off(delivery.attempts)))
    reason = _too_long(webhook, settings, called, time)
    if reason:
        disable(outbox, webhook, reason, time)


def disable(outbox: Outbox, webhook: Webhook, reason: str, time: datetime) -> None:
    """Calls a webhook no more, and gives up what waits for it."""
    webhook.disabled, webhook.reason = time, reason
    outbox.give_up(webhook.id, f"the webhook is disabled: {reason}")


def enable(webhook: Webhook) -> None:
    """Calls a webhook again."""
    webhook.disabled, webhook.reason = None, ""
    webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None


def _too_long(webhook: Webhook, settings: Settings, called: Called, time: datetime) -> str:
    if called.status == _GONE:
        return "it answered 410: it is gone for good"
    assert webhook.failing_since is not None
    days = settings.webhook_failing_days
    fails = webhook.failures >= _DISABLED_AFTER
    if fails and time - webhook.failing_since >= timedelta(days=days):
        return f"no call has gone well for {days:g} days; the last one: {called.error}"
    return ""
