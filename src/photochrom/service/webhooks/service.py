"""What happens to webhooks."""

from __future__ import annotations

import re

import httpx

from photochrom.service.access.guards import Unit
from photochrom.service.core.clock import now
from photochrom.service.core.problems import ConflictError, InvalidError
from photochrom.service.core.revisions import check_seen, revise
from photochrom.service.outbox.noting import message
from photochrom.service.outbox.repository import Outbox
from photochrom.service.outbox.states import TEST, DeliveryState
from photochrom.service.outbox.tables import Delivery, Webhook
from photochrom.service.webhooks import outcomes, secrets
from photochrom.service.webhooks.addresses import is_public, parsed
from photochrom.service.webhooks.schemas import WebhookChanges, WebhookMade

MOST = 20
"""Webhooks of one organization."""

_NUMBERS = re.compile(r"[0-9a-fx.]*", re.IGNORECASE)
"""What systems read as an address of IPv4, in whatever way it is written: 127.1, 0x7f000001."""


def create(unit: Unit, asked: WebhookMade) -> Webhook:
    """A new webhook.

    Raises:
        InvalidError: Its address is none that can be called.
        ConflictError: There are as many as there may be.
    """
    outbox = Outbox(unit.session)
    if outbox.count() >= MOST:
        raise ConflictError(f"there are {MOST} webhooks already", fix="delete one")
    webhook = Webhook(
        organization_id=unit.access.organization,
        by=unit.access.by,
        url=checked(asked.url, private=unit.context.settings.webhook_private),
        kinds=list(dict.fromkeys(asked.kinds)),
        description=asked.description,
        secret=secrets.new_secret(),
    )
    outbox.add(webhook)
    return webhook


def change(unit: Unit, id: str, asked: WebhookChanges, seen: str | None) -> Webhook:
    """Changes a webhook.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
        InvalidError: Its address is none that can be called.
    """
    outbox = Outbox(unit.session)
    webhook = outbox.webhook(id, change=True)
    revise(webhook, seen)
    if asked.url is not None:
        webhook.url = checked(asked.url, private=unit.context.settings.webhook_private)
    if asked.kinds is not None:
        webhook.kinds = list(dict.fromkeys(asked.kinds))
    if asked.description is not None:
        webhook.description = asked.description
    if asked.enabled is False and webhook.disabled is None:
        outcomes.disable(outbox, webhook, "somebody has disabled it", now())
    if asked.enabled:
        outcomes.enable(webhook)
    unit.session.flush()
    return webhook


def delete(unit: Unit, id: str, seen: str | None) -> None:
    """Forgets a webhook, with all that was sent to it.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
    """
    outbox = Outbox(unit.session)
    webhook = outbox.webhook(id, change=True)
    check_seen(webhook, seen)
    outbox.remove(webhook)


def rotate(unit: Unit, id: str) -> Webhook:
    """Gives a webhook a new secret; messages are signed with the one of before as well for a day.

    Raises:
        NotFoundError: There is none.
    """
    webhook = Outbox(unit.session).webhook(id, change=True)
    secrets.rotate(webhook, now())
    unit.session.flush()
    return webhook


def test(unit: Unit, id: str) -> Delivery:
    """Sends a message to try a webhook out.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is disabled.
    """
    outbox = Outbox(unit.session)
    webhook = _enabled(outbox, id)
    delivery = message(webhook, TEST, webhook.id, {"webhook": webhook.id})
    outbox.add(delivery)
    return delivery


def redeliver(unit: Unit, id: str, delivery_id: str) -> Delivery:
    """Sends a message once more, and as often as a new one is tried; its id stays the same.

    Raises:
        NotFoundError: There is none.
        ConflictError: The webhook is disabled.
    """
    outbox = Outbox(unit.session)
    webhook = _enabled(outbox, id)
    delivery = outbox.delivery(webhook.id, delivery_id, change=True)
    delivery.state, delivery.due, delivery.attempts = DeliveryState.WAITING, now(), 0
    # Whoever is sending it just now does not say what becomes of this.
    delivery.claim += 1
    webhook.rests_until = None
    unit.session.flush()
    return delivery


def checked(text: str, *, private: bool) -> str:
    """An address that can be called. Where its name leads is asked again at each call.

    Args:
        text: The address.
        private: Whether those inside the network are good, and those without TLS.

    Raises:
        InvalidError: It is none.
    """
    try:
        url = httpx.URL(text)
        host, port = url.raw_host.decode("ascii"), url.port
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise InvalidError("is no address that can be called", where="body.url") from None
    schemes = ("https", "http") if private else ("https",)
    if url.scheme not in schemes or not host:
        raise InvalidError("begins with https://", where="body.url")
    if url.userinfo or url.fragment:
        fix = "take user, password and fragment out; messages are signed"
        raise InvalidError("has more than an address in it", where="body.url", fix=fix)
    if port is not None and not 0 < port < 65536:
        raise InvalidError("has a port that there is not", where="body.url")
    address = parsed(host)
    if address is None and not private and _is_inside(host):
        raise InvalidError("is inside of a network: it is not called", where="body.url")
    if address is not None and not private and not is_public(address):
        raise InvalidError("is inside of a network: it is not called", where="body.url")
    return str(url)


def _is_inside(host: str) -> bool:
    name = host.rstrip(".").lower()
    return "." not in name or _NUMBERS.fullmatch(name) is not None or name.endswith(".localhost")


def _enabled(outbox: Outbox, id: str) -> Webhook:
    webhook = outbox.webhook(id, change=True)
    if webhook.disabled is not None:
        raise ConflictError("the webhook is disabled", fix="enable it first")
    return webhook
