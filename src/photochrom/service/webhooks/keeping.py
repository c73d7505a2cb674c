"""What was sent is forgotten after a while."""

from __future__ import annotations

from datetime import timedelta

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.outbox.repository import Outbox


def forget_deliveries(context: Context) -> int:
    """Removes deliveries that are over and that nobody will ask for any more; returns how many."""
    before = now() - timedelta(days=context.settings.keep_events_days)
    with context.database.writing(EVERYONE) as session:
        return Outbox(session).forget(before)
