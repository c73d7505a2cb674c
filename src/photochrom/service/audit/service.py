"""Noting what somebody does, in the transaction that does it: both are there, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from photochrom.service.access.credentials import Access
from photochrom.service.access.guards import Unit
from photochrom.service.access.origin import Origin
from photochrom.service.audit.repository import Entries
from photochrom.service.audit.tables import AuditEntry
from photochrom.service.identity.tables import Member

TERMINAL = "terminal"
"""Who it was, if it was done on the service's own machine."""


@dataclass(frozen=True)
class Doer:
    """Who does something whose end no single request sees: an upload, a file that streams.

    Attributes:
        organization: For whom.
        by: The person or the key.
        user: The person, or whoever made the key; None for the service's operator.
        address: On the network; None if it ends by itself.
    """

    organization: str
    by: str
    user: str | None
    address: str | None = None

    @classmethod
    def of(cls, access: Access, address: str | None) -> Doer:
        """Whoever asks."""
        return cls(access.organization, access.by, access.person.user, address)


def audit(
    unit: Unit, what: str, *, subject: str | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Notes what a request does.

    Args:
        unit: The request's work.
        what: The thing, and what is done to it: `key.created`.
        subject: The thing's id.
        details: What else there is to know; no secrets.
    """
    doer = Doer.of(unit.access, unit.address)
    audit_by(unit.session, doer, what, subject=subject, details=details)


def audit_by(
    session: Session,
    doer: Doer,
    what: str,
    *,
    subject: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Notes what somebody does, in a session that is not their request's.

    Args:
        session: The one in which it is done.
        doer: Who.
        what: The thing, and what is done to it: `upload.finished`.
        subject: The thing's id.
        details: What else there is to know; no secrets.
    """
    entry = AuditEntry(
        organization_id=doer.organization,
        what=what,
        by=doer.by,
        user_id=doer.user,
        subject=subject,
        address=doer.address,
        details=dict(details or {}),
    )
    Entries(session).add(entry)


def audit_member(
    session: Session,
    member: Member,
    what: str,
    *,
    origin: Origin,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Notes what somebody does before they are known: taking a place.

    Args:
        session: One that sees everyone.
        member: The place.
        what: What is done.
        origin: From where.
        details: What else there is to know; no secrets.
    """
    doer = Doer(member.organization_id, member.user_id, member.user_id, origin.address)
    audit_by(session, doer, what, subject=member.id, details=details)


def audit_person(
    session: Session, user: str, what: str, *, origin: Origin, by: str | None = None
) -> None:
    """Notes what concerns a person, in each organization that they belong to.

    Args:
        session: One that sees everyone.
        user: Whom.
        what: What is done.
        origin: From where.
        by: Who does it; the person, if None.
    """
    for organization in Entries(session).organizations_of(user):
        doer = Doer(organization, by or user, user if by is None else None, origin.address)
        audit_by(session, doer, what, subject=user)
