"""What is told of usage."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from photochrom.service.core.clock import now
from photochrom.service.core.problems import InvalidError
from photochrom.service.photographs.tables import Photograph
from photochrom.service.productions.tables import Asset
from photochrom.service.quotas.repository import kept
from photochrom.service.settings import Settings
from photochrom.service.usage.repository import Usage
from photochrom.service.usage.schemas import Period, Quotas, Stored, UsageAsked, UsageShown
from photochrom.service.usage.tables import Did

MOST = timedelta(days=366 * 3)
_USUAL = timedelta(days=30)


def shown(session: Session, settings: Settings, asked: UsageAsked) -> UsageShown:
    """Usage of the session's organization.

    Raises:
        InvalidError: The time ends before it begins, or is too long.
    """
    last = asked.last or now().date()
    first = asked.first or (last - _USUAL if last.year > 1 else last)
    if not timedelta(0) <= last - first <= MOST:
        raise InvalidError("is no time of three years at most", where="query.first")
    usage = Usage(session)
    photographs, sent = kept(session, Photograph), kept(session, Asset)
    files, size = usage.results()
    sums: dict[str, dict[Did, float]] = {}
    for name, kind, amount in usage.done(first, last, asked.by.letters):
        sums.setdefault(name, {})[kind] = amount
    return UsageShown(
        now=Stored(
            photographs=photographs.photographs,
            bytes=photographs.bytes,
            file_bytes=sent.bytes,
            results=files,
            result_bytes=size,
        ),
        quotas=Quotas(photographs=settings.quota_photographs, bytes=settings.quota_bytes),
        periods=[
            Period(
                period=name,
                photographs_restored=round(done.get(Did.RESTORED, 0)),
                film_seconds=round(done.get(Did.FILMED, 0.0), 3),
            )
            for name, done in sorted(sums.items())
        ],
    )
