"""Rows of the audit log: added and read, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from photochrom.service.audit.schemas import AuditAsked, AuditShown
from photochrom.service.audit.tables import AuditEntry
from photochrom.service.core.paging import Page, page_of
from photochrom.service.identity.tables import Member


class Entries:
    """The log, in a session."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, entry: AuditEntry) -> None:
        """One more."""
        self._session.add(entry)

    def page(self, asked: AuditAsked) -> Page[AuditShown]:
        """A part of what was asked for."""
        query = select(AuditEntry)
        if asked.what is not None:
            query = query.where(AuditEntry.what.startswith(asked.what, autoescape=True))
        if asked.by is not None:
            query = query.where(or_(AuditEntry.by == asked.by, AuditEntry.user_id == asked.by))
        if asked.subject is not None:
            query = query.where(AuditEntry.subject == asked.subject)
        return page_of(self._session, query, AuditEntry.id, asked, AuditShown.of)

    def organizations_of(self, user: str) -> Sequence[str]:
        """Where somebody belongs."""
        query = select(Member.organization_id).where(Member.user_id == user)
        return self._session.scalars(query).all()
