"""Adding up what counts, and asking whether there is room for more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photochrom.service.core.problems import OverQuotaError
from photochrom.service.identity.tables import Organization
from photochrom.service.quotas.counted import Counted
from photochrom.service.settings import Settings


@dataclass(frozen=True)
class Amount:
    """Photographs, and bytes."""

    photographs: int = 0
    bytes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.photographs + other.photographs, self.bytes + other.bytes)


def alone(session: Session, organization: str) -> None:
    """Lets those who add to an organization come one after the other, until the session ends: two
    at once would each find room for one. SQLite has one writer anyway."""
    query = select(Organization.id).where(Organization.id == organization)
    session.execute(query.with_for_update())


def kept(session: Session, kind: type[Counted]) -> Amount:
    """What the session's organization has in one table, counted from its rows."""
    takes = kind.takes()
    size = func.coalesce(func.sum(takes.bytes), 0)
    query = select(func.count(), size).select_from(kind).where(takes.when)
    count, total = session.execute(query).one()
    return Amount(int(count) * takes.photographs, int(total))


def held(session: Session) -> Amount:
    """All that counts: photographs, uploads that are on their way, files of productions."""
    return sum((kept(session, kind) for kind in Counted.__subclasses__()), Amount())


def check(settings: Settings, amount: Amount) -> None:
    """Asks whether an organization may have so much.

    Raises:
        OverQuotaError: It may not.
    """
    most = settings.quota_photographs
    if most is not None and amount.photographs > most:
        raise OverQuotaError(
            f"your organization has its {most} photographs", fix="delete some, or ask for more"
        )
    if settings.quota_bytes is not None and amount.bytes > settings.quota_bytes:
        raise OverQuotaError(
            f"your organization would have {amount.bytes} bytes of {settings.quota_bytes}",
            fix="delete photographs or files of productions, or ask for more",
        )
