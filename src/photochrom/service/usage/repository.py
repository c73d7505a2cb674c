"""Rows of what was done, and what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photochrom.service.core.clock import now
from photochrom.service.results.tables import Result
from photochrom.service.usage.tables import Did, Used


class Usage:
    """Usage in a session."""

    def __init__(self, session: Session):
        self._session = session

    def count(
        self, organization: str, kind: Did, owner: str, subject: str = "", amount: float = 1
    ) -> None:
        """Counts something in the transaction that does it; what was counted before is not again.

        Whoever does it holds the job, so that nobody counts the same meanwhile.

        Args:
            organization: For whom.
            kind: What.
            owner: The restoration or the film.
            subject: The photograph.
            amount: How much.
        """
        query = select(Used.id).where(
            Used.kind == kind, Used.owner == owner, Used.subject == subject
        )
        if self._session.scalar(query) is not None:
            return
        self._session.add(
            Used(
                organization_id=organization,
                kind=kind,
                owner=owner,
                subject=subject,
                day=now().date().isoformat(),
                amount=amount,
            )
        )
        self._session.flush()

    def done(self, first: date, last: date, letters: int) -> Sequence[tuple[str, Did, float]]:
        """What was done in a time, summed up.

        Args:
            first: The first day.
            last: The last one.
            letters: How much of a day's name makes a period: 10 for days, 7 for months.
        """
        # The day itself is what is grouped, where nothing has to be cut off.
        period = Used.day if letters == 10 else func.substr(Used.day, 1, letters)
        query = (
            select(period, Used.kind, func.sum(Used.amount))
            .where(Used.day >= first.isoformat(), Used.day <= last.isoformat())
            .group_by(period, Used.kind)
            .order_by(period)
        )
        return [(name, kind, float(amount)) for name, kind, amount in self._session.execute(query)]

    def results(self) -> tuple[int, int]:
        """How many files of results there are, and their bytes."""
        query = select(func.count(Result.id), func.coalesce(func.sum(Result.size), 0))
        count, size = self._session.execute(query).one()
        return int(count), int(size)
