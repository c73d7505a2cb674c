"""Rows of events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from photochrom.service.core.database import changed, in_order
from photochrom.service.events.tables import Event
from photochrom.service.outbox.noting import note


def announce(
    session: Session,
    organization: str,
    kind: str,
    subject: str,
    data: dict[str, Any],
    job: str | None = None,
) -> None:
    """Notes that something has happened; who watches sees it once the session is committed, and
    webhooks that want to know are called.

    Args:
        session: In which it happens.
        organization: Whose it is.
        kind: What it is about.
        subject: Which one.
        data: How that is now.
        job: The job that did it.
    """
    in_order(session)
    session.add(
        Event(organization_id=organization, kind=kind, subject=subject, data=data, job_id=job)
    )
    session.flush()
    note(session, organization, kind, subject, data, job)


class Events:
    """Events in a session."""

    def __init__(self, session: Session):
        self._session = session

    def last(self) -> int:
        """The number of the last one, 0 if there is none."""
        return self._session.scalar(select(func.max(Event.number))) or 0

    def after(self, number: int, limit: int, job: str | None = None) -> Sequence[Event]:
        """Those that came after a number, in their order."""
        query = select(Event).where(Event.number > number)
        if job is not None:
            query = query.where(Event.job_id == job)
        return self._session.scalars(query.order_by(Event.number).limit(limit)).all()

    def forget(self, before: datetime) -> int:
        """Removes those from before a time; returns how many."""
        # The last one stays, so that numbers go on from it.
        query = delete(Event).where(Event.created < before, Event.number < self.last())
        return changed(self._session, query)
