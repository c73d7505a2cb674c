"""What an organization has, and whether there is room for more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from photochrom.service.core.problems import OverQuotaError
from photochrom.service.photographs.repository import Photographs
from photochrom.service.settings import Settings


@dataclass(frozen=True)
class Amount:
    """Photographs, and the bytes of their originals."""

    photographs: int = 0
    bytes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.photographs + other.photographs, self.bytes + other.bytes)


def alone(session: Session, organization: str) -> None:
    """Lets those who add to an organization come one after the other, until the session ends: two
    at once would each find room for one. SQLite has one writer anyway."""
    Photographs(session).lock(organization)


def kept(session: Session) -> Amount:
    """What the session's organization has, counted from its rows."""
    return Amount(*Photographs(session).amount())


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
            fix="delete photographs, or ask for more",
        )
