"""Tables of webhooks, and of what is sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.clock import now
from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Revised, Table, word
from photochrom.service.outbox.states import DeliveryState


class Webhook(Created, Revised, Owned, Table):
    """An address that is called when something happens."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("we"))
    by: Mapped[str] = mapped_column(ID)
    """Who made it."""
    url: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[Any]]
    """What it is called for."""
    description: Mapped[str] = mapped_column(Text, default="")
    secret: Mapped[str] = mapped_column(String(80))
    """Not a digest: whoever signs has to know it."""
    old_secret: Mapped[str | None] = mapped_column(String(80))
    """The one before; signed with as well, until receivers have had time to take the new one."""
    old_until: Mapped[datetime | None]

    failures: Mapped[int] = mapped_column(default=0)
    """Calls in a row that have failed."""
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    """It is not called before that, whatever waits."""
    disabled: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is disabled, for people."""


class Delivery(Created, Owned, Table):
    """A message for a webhook, and what has become of it. The table is the queue of messages."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_state_due", "state", "due"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("msg"))
    """What receivers know it by: the same however often it is sent."""
    webhook_id: Mapped[str] = mapped_column(
        ID, ForeignKey("webhooks.id", ondelete="CASCADE"), index=True
    )
    webhook: Mapped[Webhook] = relationship()
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(ID)
    body: Mapped[str] = mapped_column(Text)
    """The very text that is sent and signed."""
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState), default=DeliveryState.WAITING)
    due: Mapped[datetime] = mapped_column(default=now)
    """When it is sent. Whoever sends it puts this off first, so that nobody else does meanwhile,
    and somebody will if the sender dies over it."""
    claim: Mapped[int] = mapped_column(default=0)
    """How often it was taken to be sent; who took it before says nothing about it any more."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was sent since somebody asked for it."""
    tried: Mapped[datetime | None]
    """When it was sent last."""
    status: Mapped[int | None]
    """The status that was answered; None if nothing was."""
    seconds: Mapped[float | None]
    error: Mapped[str] = mapped_column(Text, default="")
    """What was wrong with the last attempt."""
    delivered: Mapped[datetime | None]
