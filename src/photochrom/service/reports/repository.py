"""Rows of reports."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from photochrom.service.core.problems import NotFoundError
from photochrom.service.reports.tables import Report


class Reports:
    """Reports in a session."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, report: Report) -> None:
        """A new one."""
        self._session.add(report)
        self._session.flush()

    def get(self, id: str) -> Report:
        """A report.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.scalars(self.all().where(Report.id == id)).one_or_none()
        if found is None:
            raise NotFoundError("there is no such report")
        return found

    def all(self) -> Select[Report]:
        """The query for all."""
        return select(Report).options(joinedload(Report.job))
